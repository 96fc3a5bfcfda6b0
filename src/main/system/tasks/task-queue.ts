import type { WorkerUtils } from 'graphile-worker';
import type { ErrorCode } from '../../../shared/contract/errors.ts';
import { OpsdeckError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { openQueuePool, type QueuePool } from '../../storage/queue-pool.ts';
import { loggerFor } from './library-log.ts';
import * as store from './tasks-store.ts';

/** A task is tried so often, then parked. */
export const mostTries = 3;
/** A queue that failed is not asked again for so long, in ms: who waits for it waits 5 s. */
export const restMs = 10_000;

/** The queue of tasks of one kind, on our database or another. Each rejects within 5 s where it does not answer. */
export interface TaskQueue {
  /** What the queue's database calls our tasks: two offices may share it. */
  readonly kind: string;
  readonly url: string;
  /** Host and database, without user and password. */
  readonly label: string;
  readonly separate: boolean;
  /** Adds a task once for each key: one that is there, or runs just now, stays as it is; a parked one begins anew. */
  add(key: string, payload: unknown): Promise<void>;
  list(limit: number): Promise<store.StoredTask[]>;
  counts(): Promise<store.TaskCounts>;
  causes(): Promise<store.StoredCause[]>;
  retry(which: { id: string } | { cause: ErrorCode } | { all: true }): Promise<number>;
  /** Which of these keys have a task. */
  has(keys: readonly string[]): Promise<Set<string>>;
  lockingPools(): Promise<{ poolId: string; lockedMs: number }[]>;
  unlock(poolIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface TaskQueueOptions {
  url: string;
  label: string;
  separate: boolean;
  applicationName: string;
  kind: string;
  log: Log;
}

/** Builds the queue; nothing is connected until it is used. The library's schema is made or brought up to date then. */
export function createTaskQueue(options: TaskQueueOptions): TaskQueue {
  const { url, label, separate, kind } = options;
  let pool: QueuePool | null = null;
  let opening: Promise<WorkerUtils> | null = null;

  async function open(): Promise<WorkerUtils> {
    pool ??= openQueuePool({ url, applicationName: options.applicationName, max: 3, asking: true });
    const { makeWorkerUtils } = await import('graphile-worker');
    return makeWorkerUtils({ pgPool: pool, logger: await loggerFor(options.log) });
  }

  async function ask<T>(work: (utils: WorkerUtils, on: QueuePool) => Promise<T>): Promise<T> {
    opening ??= open();
    const mine = opening;
    try {
      const utils = await mine;
      return await work(utils, pool!);
    } catch (error) {
      if (opening === mine && !(await isOpen(mine))) opening = null;
      throw away(error);
    }
  }

  return {
    kind,
    url,
    label,
    separate,
    add: (key, payload) =>
      ask(async (utils, on) => {
        const job = await utils.addJob(kind, payload, {
          jobKey: key,
          jobKeyMode: 'unsafe_dedupe',
          maxAttempts: mostTries,
        });
        if (job.attempts >= job.max_attempts && job.locked_at === null)
          await store.retryStored(on, kind, { key });
      }),
    list: (limit) => ask((_utils, on) => store.listStoredTasks(on, kind, limit)),
    counts: () => ask((_utils, on) => store.countTasks(on, kind)),
    causes: () => ask((_utils, on) => store.listCauses(on, kind)),
    retry: (which) => ask((_utils, on) => store.retryStored(on, kind, which)),
    has: (keys) => ask((_utils, on) => store.keysWithTask(on, keys)),
    lockingPools: () => ask((_utils, on) => store.lockingPools(on, kind)),
    unlock: (poolIds) => ask((_utils, on) => store.unlockPools(on, poolIds)),
    async close() {
      await opening?.then(
        (utils) => utils.release(),
        () => {},
      );
      opening = null;
      const last = pool;
      pool = null;
      await last?.end().catch(() => {});
    },
  };
}

async function isOpen(opening: Promise<unknown>): Promise<boolean> {
  return opening.then(
    () => true,
    () => false,
  );
}

function away(error: unknown): OpsdeckError {
  if (error instanceof OpsdeckError) return error;
  const why = error instanceof Error ? error.message || error.name : String(error);
  return new OpsdeckError(
    'DATABASE_AWAY',
    `The task queue does not answer (${why}). Check the database of OPSDECK_QUEUE_URL, or the office’s own where that is not set.`,
    { cause: error },
  );
}
