import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import {
  accountRequest,
  maxListText,
  type AccountAnswer,
  type AccountRequest,
  type ListPreview,
  type RowResult,
} from '../../shared/contract/accounts.ts';
import { accountView, previewList } from '../accounts/answer-accounts.ts';
import { listAccounts } from '../accounts/accounts-store.ts';
import { withKey } from '../accounts/request-key.ts';
import { requestByKey } from '../accounts/requests-store.ts';
import { progressOf, runList } from '../accounts/run-list.ts';
import { submitAccount } from '../accounts/submit-account.ts';
import { OpsdeckError } from '../errors.ts';
import type { Output } from './output.ts';
import { withTasks } from './with-tasks.ts';
import { withWorkspace, type CommandParts } from './with-workspace.ts';

/** Accounts that are listed at most. */
const mostListed = 100_000;

/** `accounts add|list`. */
export function addAccountsCommands(program: Command, output: Output): void {
  const accounts = program
    .command('accounts')
    .description('accounts that this office makes in its directory');
  addAdd(accounts, output);
  addList(accounts, output);
}

interface AddOptions {
  name?: string;
  plan?: string;
  key?: string;
  file?: string;
  dryRun?: boolean;
}

function addAdd(accounts: Command, output: Output): void {
  const command = accounts
    .command('add')
    .description('make one account, or those of a CSV file; the same request never makes a second one')
    .argument('[email]', 'email of the account')
    .option('--name <text>', 'name of its owner')
    .option('--plan <text>', 'its plan')
    .option('--key <text>', 'name of this request (default: one for each email)')
    .option('--file <csv>', 'a file of lines: email, name, plan')
    .option('--dry-run', 'with --file: only show what would happen')
    .action(async (email: string | undefined, options: AddOptions) => {
      if (options.file !== undefined) return addFile(command, output, email, options);
      if (options.dryRun) throw usage('--dry-run goes with --file.');
      const request = readRequest(email, options);
      const answer = await withWorkspace(command, {}, async (parts) => {
        const taken = await withTasks(parts, output, () => submit(parts, request));
        return taken.result === 'queued' ? whatBecame(parts, taken) : taken;
      });
      output.answer(answer, answerWords(answer));
    });
}

async function submit({ workspace, actor }: CommandParts, request: AccountRequest): Promise<AccountAnswer> {
  return submitAccount(workspace.accounts, withKey(request, { actor, console: workspace.holder }));
}

/** A queued request as it is after the wait: done already, refused, or still queued. */
async function whatBecame({ workspace }: CommandParts, answer: AccountAnswer): Promise<AccountAnswer> {
  const row = await requestByKey(workspace.database, answer.key);
  if (row?.state === 'refused') throw new OpsdeckError('CONFLICT', row.message ?? 'The request was refused.');
  if (row?.state === 'finished' && row.outcome) return { ...answer, result: row.outcome, reason: null };
  return { ...answer, reason: row?.message ?? answer.reason };
}

function readRequest(email: string | undefined, { name, plan, key }: AddOptions): AccountRequest {
  const read = accountRequest.safeParse({ email, name, plan, ...(key === undefined ? {} : { key }) });
  if (read.success) return read.data;
  const wrong = read.error.issues[0]?.path[0];
  throw usage(
    wrong === 'email'
      ? 'Name one valid email: accounts add anna@example.com --name "Anna Berg" --plan basic'
      : wrong === 'key'
        ? '--key may hold letters, digits and . _ : @ + - only, at most 200.'
        : `--${String(wrong)} is missing or not a line of text: accounts add anna@example.com --name "Anna Berg" --plan basic`,
  );
}

function answerWords({ result, email, reason }: AccountAnswer): string {
  const words = {
    created: `The account for ${email} was made.`,
    completed: `The account for ${email} was there already.`,
    skipped: `The account for ${email} was there already.`,
    queued: `The account for ${email} is queued.`,
    kept: `The request for ${email} is kept.`,
  };
  return reason === null ? words[result] : `${words[result]} ${reason}`;
}

async function addFile(command: Command, output: Output, email: string | undefined, options: AddOptions) {
  if (
    email !== undefined ||
    options.name !== undefined ||
    options.plan !== undefined ||
    options.key !== undefined
  )
    throw usage('Give either one account or --file, not both.');
  const text = readText(options.file!);
  const done = await withWorkspace(command, {}, async (parts) => {
    const preview = await previewList(parts.workspace.database, text);
    if (preview.unreadable) throw usage(unreadableWords(preview.unreadable));
    if (options.dryRun) return { preview, results: null };
    parts.workspace.accounts.directory();
    const results = await withTasks(parts, output, () =>
      runList(preview.rows, {
        submit: (request) => submit(parts, request),
        signal: parts.signal,
        onProgress: ({ done: count, total }) => {
          if (count > 0 && count % 100 === 0) output.note(`${count} of ${total}`);
        },
      }),
    );
    return { preview, results };
  });
  if (done.results === null) return tellPreview(output, done.preview);
  tellResults(output, done.preview, done.results);
}

function readText(path: string): string {
  try {
    if (statSync(path).size > maxListText) throw usage('The file is larger than 2 MB. Split it.');
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof OpsdeckError) throw error;
    throw usage(`The file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

function tellPreview(output: Output, { rows, ready, problems }: ListPreview): void {
  const words = rows.map(({ line, email, problem }) => `${line}  ${email}: ${problem ?? 'would be made'}`);
  output.answer(
    { success: true, dry_run: true, ready, problems, rows },
    [...words, `${ready} would be made, ${problems} left out. Nothing was done.`].join('\n'),
  );
}

function tellResults(output: Output, preview: ListPreview, results: readonly RowResult[]): void {
  const { rows: _rows, stage: _stage, ...counts } = progressOf('ended', preview.ready, results, [], false);
  const ordered = [...results].sort((a, b) => a.line - b.line);
  const left = preview.rows.filter(({ problem }) => problem !== null);
  const words = [
    ...ordered.map(
      ({ line, email, result, message }) => `${line}  ${email}: ${result}${message ? ` – ${message}` : ''}`,
    ),
    ...left.map(({ line, email, problem }) => `${line}  ${email}: left out (${problem})`),
    `${counts.created} made, ${counts.queued} queued, ${counts.skipped} there already, ${counts.failed} failed, ${left.length} left out.`,
  ];
  const isWell = counts.failed === 0 && !results.some(({ result }) => result === 'cancelled');
  output.answer({ success: isWell, ...counts, results: ordered, left_out: left }, words.join('\n'));
  if (!isWell) output.setExitCode(1);
}

function unreadableWords({ line, message }: { line: number | null; message: string }): string {
  return line === null ? message : `Line ${line}: ${message}`;
}

function addList(accounts: Command, output: Output): void {
  const command = accounts
    .command('list')
    .description('accounts that were made, newest first')
    .option('--search <text>', 'part of an email, a name or a plan')
    .action(async ({ search }: { search?: string }) => {
      const { rows, count } = await withWorkspace(command, {}, ({ workspace }) =>
        listAccounts(workspace.database, { search, limit: mostListed, offset: 0 }),
      );
      const words = rows.map(({ email, name, plan }) => `${email}  ${name}, ${plan}`);
      output.answer(
        { success: true, accounts: rows.map(accountView), count },
        words.length > 0 ? words.join('\n') : 'No account was made yet.',
      );
    });
}

function usage(message: string): OpsdeckError {
  return new OpsdeckError('BAD_REQUEST', message);
}
