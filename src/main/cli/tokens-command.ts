import { Option, type Command } from 'commander';
import { tokenName } from '../../shared/contract/http-api.ts';
import type { TokenScope } from '../../shared/contract/http/route.ts';
import { OpsdeckError } from '../errors.ts';
import { createToken, revokeToken, tokens } from '../http-answers.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `tokens add|list|revoke`: who may call the HTTP API. */
export function addTokensCommands(program: Command, output: Output): void {
  const command = program.command('tokens').description('tokens with which scripts call the HTTP API');
  addAdd(command, output);
  addList(command, output);
  addRevoke(command, output);
}

const scopesOf: Record<'read' | 'decide', TokenScope[]> = { read: ['read'], decide: ['read', 'decide'] };

function addAdd(tokensCommand: Command, output: Output): void {
  const add = tokensCommand
    .command('add')
    .description('make a token; it is shown once')
    .argument('<name>', 'its owner: the name under which it decides')
    .addOption(
      new Option('--scope <what>', 'read: look only; decide: also change')
        .choices(Object.keys(scopesOf))
        .default('read'),
    )
    .action(async (name: string, options: { scope: keyof typeof scopesOf }) => {
      const read = tokenName.safeParse(name);
      if (!read.success) throw new OpsdeckError('BAD_REQUEST', 'The name has to have 1 to 100 characters.');
      const { token, about } = await withWorkspace(add, {}, ({ workspace, actor }) =>
        createToken({ workspace }, actor, { name: read.data, scopes: scopesOf[options.scope] }),
      );
      output.answer(
        { success: true, token, ...about },
        `Token ${about.id} for ${about.name} (${about.scopes.join(', ')}), shown this once:\n${token}`,
      );
    });
}

function addList(tokensCommand: Command, output: Output): void {
  const list = tokensCommand
    .command('list')
    .description('tokens that are good')
    .action(async () => {
      const found = await withWorkspace(list, {}, ({ workspace }) => tokens({ workspace }));
      const words = found.map(
        ({ id, name, scopes, created_at: made, last_used_at: used }) =>
          `${id}  ${name} (${scopes.join(', ')}), made ${made}, ${used === null ? 'never used' : `last used ${used}`}`,
      );
      output.answer(
        { success: true, tokens: found, count: found.length },
        words.length > 0 ? words.join('\n') : 'There are no tokens.',
      );
    });
}

function addRevoke(tokensCommand: Command, output: Output): void {
  const revoke = tokensCommand
    .command('revoke')
    .description('end a token everywhere')
    .argument('<id>', 'its number, as `tokens list` shows it')
    .action(async (id: string) => {
      if (!/^[1-9]\d{0,14}$/.test(id))
        throw new OpsdeckError('BAD_REQUEST', 'Name the token by its number, as `tokens list` shows it.');
      const { name } = await withWorkspace(revoke, {}, ({ workspace, actor }) =>
        revokeToken({ workspace }, actor, Number(id)),
      );
      output.answer({ success: true, id: Number(id), name }, `The token of ${name} is revoked.`);
    });
}
