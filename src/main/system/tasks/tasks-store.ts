import type { QueuePool } from '../../storage/queue-pool.ts';

/** A task as the queue keeps it. */
export interface StoredTask {
  id: string;
  key: string | null;
  attempts: number;
  maxAttempts: number;
  runAt: Date;
  createdAt: Date;
  lastError: string | null;
  lockedAt: Date | null;
}

export interface TaskCounts {
  waiting: number;
  running: number;
  failed: number;
  parked: number;
}

export interface StoredCause {
  /** What stands before the sentence; null: a failure without a code. */
  code: string | null;
  lastError: string;
  failed: number;
  parked: number;
  latestAt: Date;
}

/** States of a task, in SQL. Parked ones keep their row until a person retries them. */
const isRunning = 'locked_at is not null';
const isParked = `(locked_at is null and attempts >= max_attempts)`;
const isFailed = `(locked_at is null and attempts < max_attempts and last_error is not null)`;
const isWaiting = `(locked_at is null and attempts < max_attempts and last_error is null)`;
const causeOf = `substring(last_error from '^\\[([A-Z_]+)\\]')`;

export async function listStoredTasks(pool: QueuePool, kind: string, limit: number): Promise<StoredTask[]> {
  const found = await pool.query<StoredTask>(
    `select id::text as id, key, attempts::int as attempts, max_attempts::int as "maxAttempts", run_at as "runAt",
            created_at as "createdAt", last_error as "lastError", locked_at as "lockedAt"
       from graphile_worker.jobs where task_identifier = $1
      order by case when ${isRunning} then 0 when ${isParked} then 1 when ${isFailed} then 2 else 3 end, run_at, id
      limit $2`,
    [kind, limit],
  );
  return found.rows;
}

export async function countTasks(pool: QueuePool, kind: string): Promise<TaskCounts> {
  const found = await pool.query<TaskCounts>(
    `select count(*) filter (where ${isWaiting})::int as waiting, count(*) filter (where ${isRunning})::int as running,
            count(*) filter (where ${isFailed})::int as failed, count(*) filter (where ${isParked})::int as parked
       from graphile_worker.jobs where task_identifier = $1`,
    [kind],
  );
  return found.rows[0]!;
}

/** Failed and parked ones by cause, the most first. */
export async function listCauses(pool: QueuePool, kind: string): Promise<StoredCause[]> {
  const found = await pool.query<StoredCause>(
    `select ${causeOf} as code, (array_agg(last_error order by updated_at desc))[1] as "lastError",
            count(*) filter (where ${isFailed})::int as failed, count(*) filter (where ${isParked})::int as parked,
            max(updated_at) as "latestAt"
       from graphile_worker.jobs
      where task_identifier = $1 and last_error is not null and locked_at is null
      group by 1 order by count(*) desc, 1`,
    [kind],
  );
  return found.rows;
}

/** Gives tasks all their tries again, from now; answers how many. Running ones are left alone. */
export async function retryStored(
  pool: QueuePool,
  kind: string,
  which: { id: string } | { cause: string } | { key: string } | { all: true },
): Promise<number> {
  const [condition, values] =
    'id' in which
      ? ['id = $2::bigint', [which.id]]
      : 'key' in which
        ? ['key = $2', [which.key]]
        : 'cause' in which
          ? [`coalesce(${causeOf}, 'INTERNAL') = $2`, [which.cause]]
          : ['last_error is not null', []];
  const retried = await pool.query(
    `with chosen as (
       select array_agg(id) as ids from graphile_worker.jobs
        where task_identifier = $1 and locked_at is null and (last_error is not null or attempts >= max_attempts)
          and ${condition}),
     done as (
       select count(*)::int as count
         from chosen, lateral graphile_worker.reschedule_jobs(chosen.ids, run_at := now(), attempts := 0)),
     told as (select pg_notify('jobs:insert', json_build_object('r', random()::text, 'count', 1)::text))
     select done.count from done, told`,
    [kind, ...values],
  );
  return (retried.rows[0] as { count: number } | undefined)?.count ?? 0;
}

/** Which of these keys have a task. */
export async function keysWithTask(pool: QueuePool, keys: readonly string[]): Promise<Set<string>> {
  const found = await pool.query<{ key: string }>(
    'select key from graphile_worker.jobs where key = any ($1::text[])',
    [[...keys]],
  );
  return new Set(found.rows.map((row) => row.key));
}

/** Pools that hold tasks, and since when at the latest. */
export async function lockingPools(
  pool: QueuePool,
  kind: string,
): Promise<{ poolId: string; lockedMs: number }[]> {
  const found = await pool.query<{ poolId: string; lockedMs: number }>(
    `select locked_by as "poolId",
            (extract(epoch from clock_timestamp() - max(locked_at)) * 1000)::float8 as "lockedMs"
       from graphile_worker.jobs where task_identifier = $1 and locked_by is not null group by 1`,
    [kind],
  );
  return found.rows;
}

/** Frees the tasks of pools whose process is gone. */
export async function unlockPools(pool: QueuePool, poolIds: readonly string[]): Promise<void> {
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [[...poolIds]]);
}

/** Ids of the tasks that a pool of workers holds. */
export async function lockedBy(pool: QueuePool, poolId: string): Promise<string[]> {
  const found = await pool.query<{ id: string }>(
    'select id::text as id from graphile_worker._private_jobs where locked_by = $1',
    [poolId],
  );
  return found.rows.map(({ id }) => id);
}

/** Frees some of the tasks that a living pool holds; the library frees whole pools only. */
export async function unlockTasks(pool: QueuePool, poolId: string, ids: readonly string[]): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = null, locked_at = null
      where locked_by = $1 and id = any ($2::bigint[])`,
    [poolId, [...ids]],
  );
}

/**
 * Puts a running task's next start later by chance. The library adds its own pause of e^tries seconds to what stands
 * there, without chance: tasks that failed together would come back together.
 */
export async function addJitter(pool: QueuePool, id: string, ms: number): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set run_at = now() + $2 * interval '1 millisecond' where id = $1::bigint`,
    [id, ms],
  );
}
