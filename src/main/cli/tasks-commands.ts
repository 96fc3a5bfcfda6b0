import type { Command } from 'commander';
import { errorCodes } from '../../shared/contract/errors.ts';
import { list, retry } from '../accounts/answer-tasks.ts';
import type { Rehearsal } from '../../shared/contract/tasks.ts';
import { OpsdeckError } from '../errors.ts';
import { rehearseTasks } from '../rehearse-tasks.ts';
import type { Output } from './output.ts';
import { withRunner, withTasks } from './with-tasks.ts';
import { withWorkspace } from './with-workspace.ts';

/** Made-up requests at a time, at most. */
const mostRehearsed = 200;

/** `tasks [list|retry|rehearse]`. */
export function addTasksCommands(program: Command, output: Output): void {
  const tasks = program.command('tasks').description('queued requests: what waits, what failed and why');
  const listing = tasks
    .command('list', { isDefault: true })
    .description('counts, causes and tasks')
    .action(async () => {
      const view = await withWorkspace(listing, {}, ({ workspace }) => list(workspace.accounts, 500));
      const { waiting, running, failed, parked } = view.counts;
      const words = [
        `${waiting} waiting, ${running} running, ${failed} failed, ${parked} parked; ${view.runners} processes carry tasks out.`,
        ...(view.queue.message === null ? [] : [view.queue.message]),
        ...(view.done_at === null ? [] : [`At the pace of the last minutes all is done by ${view.done_at}.`]),
        ...view.causes.map(
          (cause) => `${cause.cause}: ${cause.failed} failed, ${cause.parked} parked – ${cause.message}`,
        ),
      ];
      output.answer({ success: true, ...view }, words.join('\n'));
    });
  const retrying = tasks
    .command('retry')
    .description('try failed and parked tasks again: one by its number, those of a cause, or all')
    .argument('<which>', 'a number, a cause as `tasks list` names it, or all')
    .action(async (which: string) => {
      const chosen = choose(which);
      const { retried } = await withWorkspace(retrying, {}, (parts) =>
        withTasks(parts, output, () => retry(parts.workspace.accounts, chosen)),
      );
      output.answer({ success: true, retried }, `${retried} tasks are tried again.`);
    });
  addRehearsal(tasks, output);
}

/** `tasks rehearse`: exit 1 where the paths differ. */
function addRehearsal(tasks: Command, output: Output): void {
  const rehearsing = tasks
    .command('rehearse')
    .description(
      'send made-up requests through the queue and directly, in the sandbox, and compare what came of them',
    )
    .option('--requests <n>', `how many on each path, 1 to ${mostRehearsed}`, '20')
    .action(async ({ requests }: { requests: string }) => {
      const count = /^\d{1,3}$/.test(requests) ? Number(requests) : 0;
      if (count < 1 || count > mostRehearsed)
        throw new OpsdeckError('BAD_REQUEST', `--requests is a whole number from 1 to ${mostRehearsed}.`);
      const found = await withWorkspace(rehearsing, {}, (parts) =>
        withRunner(parts, output, () => rehearseTasks(parts.workspace, count, parts.actor, parts.signal)),
      );
      if (!found.equal) output.setExitCode(1);
      output.answer(
        { success: found.equal, ...found },
        [
          pathInWords('queue', found.queue),
          pathInWords('direct', found.direct),
          found.equal ? 'Both paths came to the same.' : 'The paths differ.',
        ].join('\n'),
      );
    });
}

function pathInWords(name: string, path: Rehearsal['queue']): string {
  const { asked, created, skipped, refused, failed, in_directory: inDirectory, took_ms: took } = path;
  return `${name}: ${asked} asked twice; ${created} created, ${skipped} skipped the second time, ${refused} refused, ${failed} failed; ${inDirectory} in the directory; ${took} ms`;
}

function choose(which: string): Parameters<typeof retry>[1] {
  if (which === 'all') return { all: true };
  if (/^\d{1,19}$/.test(which)) return { id: which };
  const cause = errorCodes.find((code) => code === which);
  if (cause) return { cause };
  throw new OpsdeckError(
    'BAD_REQUEST',
    'Name a task by its number, a cause as `tasks list` names it, or all.',
  );
}
