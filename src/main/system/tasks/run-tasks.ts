import { EventEmitter } from 'node:events';
import type { Runner, WorkerEvents } from 'graphile-worker';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Database } from '../../storage/postgres.ts';
import { openQueuePool, type QueuePool } from '../../storage/queue-pool.ts';
import { noteRunsTasks } from '../mode-store.ts';
import { loggerFor } from './library-log.ts';
import { livingPools, notePool, notePoolEnded, prunePools } from './pools-store.ts';
import { storedError } from './task-error.ts';
import type { TaskQueue } from './task-queue.ts';
import { addJitter, lockedBy, unlockTasks } from './tasks-store.ts';

/** Tasks carried out at a time by one process: they wait for the directory more than they compute. */
export const tasksAtATime = 3;
/** Between two looks for tasks of killed processes, in ms. */
const freeEveryMs = 5_000;
/** A pool that nobody knows is not taken for dead before its tasks were held so long, in ms: it may just be noted. */
const unknownPoolMs = 30_000;
/** Between two looks for requests that fell between two stools, in ms. */
const sweepEveryMs = 60_000;
/** So long for what is under way to end, in ms; what was left is freed as a killed process's tasks are. */
const longestEndMs = 8_000;
/** So long for the workers to start, in ms. */
const longestStartMs = 30_000;
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

export interface TaskRunnerParts {
  queue: TaskQueue;
  /** The office's own database. */
  database: Database;
  processId: string;
  applicationName: string;
  clock: Clock;
  log: Log;
  /** Between 0 and 1. */
  random(): number;
  /** Carries a task out; a rejection is a failed try. */
  work(payload: unknown, signal: AbortSignal): Promise<void>;
  /** A task is out of tries. */
  onParked(key: string, error: unknown): Promise<void>;
  /** Between two looks for tasks of our own that nobody works on, in ms; 5 000 outside tests. */
  forgottenMs?: number;
  /** Looks for work that has no task. */
  sweep?(): Promise<void>;
}

export interface TaskRunner {
  /** Resolves when what runs has ended, or was told to. */
  close(): Promise<void>;
}

/** Carries out queued tasks until closed; a queue that goes away is waited for. */
export function startTaskRunner(parts: TaskRunnerParts): TaskRunner {
  const { clock, log, database, queue } = parts;
  const closing = new AbortController();
  const { signal } = closing;

  async function keepRunning(): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await runPool(parts, signal, () => (pauseMs = firstPauseMs));
      } catch (error) {
        if (!signal.aborted) log.warn('Tasks cannot be carried out just now', { error: String(error) });
      }
      await clock.sleep(pauseMs * (1 - parts.random() / 2), signal).catch(() => {});
    }
  }

  async function every(ms: number, what: string, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(ms, signal).catch(() => {});
      if (signal.aborted) return;
      await work().catch((error: unknown) => log.debug(`${what} was put off`, { error: String(error) }));
    }
  }
  const running = [
    keepRunning(),
    every(freeEveryMs, 'Freeing tasks', async () => void (await freeTasks(queue, database, log))),
    every(sweepEveryMs, 'Looking for left requests', async () => {
      await parts.sweep?.();
      await prunePools(database);
    }),
    noteRunsTasks(database, parts.processId, true).catch(() => {}),
  ];
  return {
    async close() {
      closing.abort();
      await Promise.all(running);
      await noteRunsTasks(database, parts.processId, false).catch(() => {});
    },
  };
}

/** Runs one pool of workers until it ends or is told to. */
async function runPool(parts: TaskRunnerParts, signal: AbortSignal, onStarted: () => void): Promise<void> {
  const { queue, database, processId, log, random } = parts;
  const { run } = await import('graphile-worker');
  // One more listens, one renews, and each task may put its next start later.
  const pool = openQueuePool({
    url: queue.url,
    applicationName: parts.applicationName,
    max: tasksAtATime * 2 + 2,
    asking: false,
  });
  const events: WorkerEvents = new EventEmitter();
  let noted: Promise<void> = Promise.resolve();
  let poolId: string | null = null;
  const atWork = new Set<string>();
  const ending = new AbortController();
  const givenUp = new Promise<void>((resolve) => events.once('pool:gracefulShutdown', () => resolve()));
  events.on('pool:create', ({ workerPool }) => {
    // A task waits for it: were the process killed before, nobody would know whose the task is.
    poolId = workerPool.id;
    noted = notePool(database, workerPool.id, processId);
    noted.catch(() => {});
  });
  try {
    const starting = run({
      pgPool: pool,
      events,
      logger: await loggerFor(log),
      concurrency: tasksAtATime,
      noHandleSignals: true,
      pollInterval: 2_000,
      // Without a batch the library lets nobody hear that a task's end could not be stored: the process would end of it.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      parsedCronItems: [],
      taskList: {
        [queue.kind]: async (payload, { job, abortSignal }) => {
          atWork.add(job.id);
          try {
            await noted;
            await parts.work(payload, abortSignal ? AbortSignal.any([abortSignal, signal]) : signal);
          } catch (error) {
            if (job.attempts >= job.max_attempts) await parts.onParked(job.key ?? '', error).catch(() => {});
            else await addJitter(pool, job.id, random() * Math.exp(job.attempts) * 1_000).catch(() => {});
            throw new Error(storedError(error));
          } finally {
            atWork.delete(job.id);
          }
        },
      },
    });
    const { promise, stop } = await startedIn(parts.clock, longestStartMs, starting, signal);
    onStarted();
    const over = AbortSignal.any([signal, ending.signal]);
    void freeForgotten(
      { pool, atWork, poolId: () => poolId, everyMs: parts.forgottenMs ?? freeEveryMs },
      parts,
      over,
    );
    const aborted = new Promise<void>((resolve) => onAbort(signal, resolve));
    await Promise.race([promise, aborted, givenUp]);
    // A pool whose worker was lost ends by itself, but may try for minutes to store what another has done: that is
    // not waited for, only what is under way.
    while (!signal.aborted && atWork.size > 0) await parts.clock.sleep(100, signal).catch(() => {});
    if (signal.aborted) await atMost(parts.clock, longestEndMs, stop());
    await atMost(parts.clock, longestEndMs, promise);
  } finally {
    ending.abort();
    // A connection that was cut while the library held it is never given back: its pool would be waited for in vain.
    await atMost(parts.clock, longestEndMs, pool.end());
    // What it still holds, because an end could not be stored, is free for the next.
    if (poolId !== null) await notePoolEnded(database, poolId).catch(() => {});
  }
}

/**
 * Frees tasks that a living pool holds and nobody works on: the connection was cut after a task was taken and before its
 * taker heard of it. Only what two looks in a row find so; a task whose end is just being stored is left alone.
 */
async function freeForgotten(
  own: { pool: QueuePool; atWork: ReadonlySet<string>; poolId(): string | null; everyMs: number },
  { clock, log }: Pick<TaskRunnerParts, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let before = new Set<string>();
  while (!signal.aborted) {
    await clock.sleep(own.everyMs, signal).catch(() => {});
    const poolId = own.poolId();
    if (signal.aborted || poolId === null) continue;
    const held = await lockedBy(own.pool, poolId).catch(() => []);
    const idle = held.filter((id) => !own.atWork.has(id));
    const forgotten = idle.filter((id) => before.has(id));
    before = new Set(idle);
    if (forgotten.length === 0) continue;
    await unlockTasks(own.pool, poolId, forgotten).catch(() => {});
    log.warn('Tasks that nobody worked on were freed', { tasks: forgotten.length });
  }
}

/** A start that is given up is ended when it comes after all. */
async function startedIn(
  clock: Clock,
  ms: number,
  starting: Promise<Runner>,
  signal: AbortSignal,
): Promise<Runner> {
  const over = new AbortController();
  const tooLate = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(
    () => null,
    () => null,
  );
  const started = await Promise.race([starting, tooLate]);
  over.abort();
  if (started) return started;
  starting.then((late) => late.stop()).catch(() => {});
  throw new Error('the workers of the queue did not start in time');
}

async function atMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => {}), clock.sleep(ms, over.signal).catch(() => {})]);
  over.abort();
}

function onAbort(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) return then();
  signal.addEventListener('abort', () => then(), { once: true });
}

/** Frees tasks whose process was killed or left: by itself the library would hold them for four hours. */
export async function freeTasks(queue: TaskQueue, database: Database, log: Log): Promise<string[]> {
  const locking = await queue.lockingPools();
  if (locking.length === 0) return [];
  const known = new Map(
    (
      await livingPools(
        database,
        locking.map(({ poolId }) => poolId),
      )
    ).map(({ poolId, lives }) => [poolId, lives]),
  );
  const dead = locking
    .filter(
      ({ poolId, lockedMs }) =>
        known.get(poolId) === false || (!known.has(poolId) && lockedMs > unknownPoolMs),
    )
    .map(({ poolId }) => poolId);
  if (dead.length === 0) return [];
  await queue.unlock(dead);
  log.info(`Tasks of ${dead.length} ended processes were freed`);
  return dead;
}
