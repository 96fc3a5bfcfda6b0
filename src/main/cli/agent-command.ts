import type { Command } from 'commander';
import { startOperations } from '../operations.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `agent`: the scheduler without windows, until Ctrl-C. */
export function addAgentCommand(program: Command, output: Output): void {
  const command = program
    .command('agent')
    .description('run the schedule without windows, until Ctrl-C')
    .action(async () => {
      // Its log is its output; with --json it stays in the file, and stdout has the one document at the end.
      const print = output.json ? {} : { print: (line: string) => process.stdout.write(`${line}\n`) };
      await withWorkspace(
        command,
        { kind: 'agent', ...print },
        async ({ config, workspace, log, signal }) => {
          const { backupFolder } = config;
          const operations = await startOperations({ workspace, log, backupFolder });
          log.info(`Agent host started on ${workspace.databaseLabel}; Ctrl-C stops it`);
          await new Promise<void>((resolve) =>
            signal.addEventListener('abort', () => resolve(), { once: true }),
          );
          await operations.close();
        },
      );
      output.answer({ success: true, state: 'stopped' }, 'Agent host stopped.');
    });
}
