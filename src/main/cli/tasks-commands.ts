import type { Command } from 'commander';
import { errorCodes } from '../../shared/contract/errors.ts';
import { list, retry } from '../accounts/answer-tasks.ts';
import { OpsdeckError } from '../errors.ts';
import type { Output } from './output.ts';
import { withTasks } from './with-tasks.ts';
import { withWorkspace } from './with-workspace.ts';

/** `tasks [list|retry]`. */
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
