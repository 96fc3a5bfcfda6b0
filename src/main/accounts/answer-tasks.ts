import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Task, TasksView } from '../../shared/contract/tasks.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import { listModes } from '../system/mode-store.ts';
import { readStoredError } from '../system/tasks/task-error.ts';
import type { TaskQueue } from '../system/tasks/task-queue.ts';
import type { StoredTask, TaskCounts } from '../system/tasks/tasks-store.ts';
import { countFinishedLately, emailsOfKeys } from './accounts-store.ts';

/** The pace of the backlog is measured over so long, in ms. */
const paceMs = 300_000;

export interface TaskParts {
  database: Database;
  queue: TaskQueue;
  clock: Clock;
}

/** The queue as it is: what waits, what failed and why, and when it will be done. */
export async function list({ database, queue, clock }: TaskParts, limit: number): Promise<TasksView> {
  const doneLately = await countFinishedLately(database, paceMs);
  const runners = (await listModes(database)).filter(({ alive, runsTasks }) => alive && runsTasks).length;
  const about = { label: queue.label, separate: queue.separate };
  try {
    const [counts, stored, causes] = [await queue.counts(), await queue.list(limit), await queue.causes()];
    const emails = await emailsOfKeys(
      database,
      stored.flatMap(({ key }) => key ?? []),
    );
    return {
      counts,
      tasks: stored.map((task) => taskView(task, emails)),
      causes: causes.map(({ lastError, failed, parked, latestAt }) => {
        const { code, message } = readStoredError(lastError);
        return { cause: code, message, failed, parked, latest_at: latestAt.toISOString() };
      }),
      done_lately: doneLately,
      done_at: doneAt(counts, doneLately, clock.wall())?.toISOString() ?? null,
      runners,
      queue: { ...about, message: null },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothing, done_lately: doneLately, runners, queue: { ...about, message } };
  }
}

/** When what is not parked is done at the pace of late; null: nothing waits, or nobody knows. */
export function doneAt(counts: TaskCounts, doneLately: number, wallMs: number): Date | null {
  const left = counts.waiting + counts.running + counts.failed;
  if (left === 0 || doneLately === 0) return null;
  return new Date(wallMs + (left / doneLately) * paceMs);
}

/** Gives tasks all their tries again; answers how many. */
export async function retry(
  { queue }: Pick<TaskParts, 'queue'>,
  which: { id: string } | { cause: ErrorCode } | { all: true },
): Promise<{ retried: number }> {
  return { retried: await queue.retry(which) };
}

function taskView(task: StoredTask, emails: ReadonlyMap<string, string>): Task {
  const failure = task.lastError === null ? null : readStoredError(task.lastError);
  return {
    id: task.id,
    state: stateOf(task),
    key: task.key ?? '',
    email: emails.get(task.key ?? '') ?? null,
    tries: task.attempts,
    most_tries: task.maxAttempts,
    run_at: task.runAt.toISOString(),
    created_at: task.createdAt.toISOString(),
    cause: failure?.code ?? null,
    message: failure?.message ?? null,
  };
}

function stateOf(task: StoredTask): Task['state'] {
  if (task.lockedAt !== null) return 'running';
  if (task.attempts >= task.maxAttempts) return 'parked';
  return task.lastError === null ? 'waiting' : 'failed';
}

const nothing = {
  counts: { waiting: 0, running: 0, failed: 0, parked: 0 },
  tasks: [],
  causes: [],
  done_at: null,
};
