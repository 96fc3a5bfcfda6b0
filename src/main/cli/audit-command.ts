import type { Command } from 'commander';
import { verifyAudit } from '../system/audit.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `audit verify`: whether the log of who did what is whole; exit code 1 when it is not. */
export function addAuditCommand(program: Command, output: Output): void {
  const audit = program.command('audit').description('the log of what people decided');
  const verify = audit
    .command('verify')
    .description('read the whole log and say whether an entry was changed, removed, added or moved')
    .action(async () => {
      const verdict = await withWorkspace(verify, {}, ({ workspace }) => verifyAudit(workspace.database));
      const words = verdict.ok
        ? `The audit log is whole: ${verdict.rows} entries.`
        : `The audit log is broken at entry ${verdict.firstBad} of ${verdict.rows}: ${verdict.why}`;
      output.answer({ success: verdict.ok, ...verdict }, words);
      if (!verdict.ok) output.setExitCode(1);
    });
}
