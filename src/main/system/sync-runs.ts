import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Database, Queryable, SqlValue, Transaction } from '../storage/postgres.ts';
import { appendChange } from './change-log.ts';
import { permitLost } from './permit-transaction.ts';
import { deadAfter } from './processes.ts';

/** `rolling` and `full`: a range read anew and swapped in whole. */
export type RunKind = 'delta' | 'window' | 'names' | 'held' | 'rolling' | 'full';
export type RunTrigger = 'schedule' | 'person' | 'cli';
/** `incomplete`: read, but not all of it or not unmoved, so nothing was removed. */
export type RunEnd = 'complete' | 'incomplete' | 'failed' | 'cancelled';

export interface RunStart {
  source: string;
  kind: RunKind;
  trigger: RunTrigger;
  processId: string;
  /** The leader's term of a pass by schedule; refused when a later one has begun. */
  term?: number | null;
  rangeStart?: Date;
  rangeEnd?: Date;
}

/** Rows by what happened to them, and what it took. `waiting`: removals not yet confirmed. */
export interface RunCounts {
  pages: number;
  calls: number;
  inserted: number;
  updated: number;
  removed: number;
  unchanged: number;
  held: number;
  rejected: number;
  waiting: number;
  ignoredFields: number;
}

export interface RunResult extends Partial<RunCounts> {
  state: RunEnd;
  /** Upstream changed while it was read. */
  shifted?: boolean;
  note?: string;
  error?: { code: ErrorCode; message: string };
}

export interface SyncRun extends RunCounts {
  id: number;
  source: string;
  kind: RunKind;
  trigger: RunTrigger;
  processId: string | null;
  startedAt: Date;
  endedAt: Date | null;
  state: RunEnd | 'running';
  rangeStart: Date | null;
  rangeEnd: Date | null;
  shifted: boolean;
  note: string | null;
  errorCode: string | null;
  error: string | null;
}

const countColumns: Record<keyof RunCounts, string> = {
  pages: 'pages',
  calls: 'calls',
  inserted: 'inserted',
  updated: 'updated',
  removed: 'removed',
  unchanged: 'unchanged',
  held: 'held',
  rejected: 'rejected',
  waiting: 'waiting',
  ignoredFields: 'ignored_fields',
};

/** Note of a run that was closed for its process; the process may still correct it when it was only frozen. */
const abandonedNote = 'abandoned';

function inTransaction<T>(where: Transaction | Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return 'transaction' in where ? where.transaction(work) : work(where);
}

/** Opens a pass's row and answers its id. PERMIT_LOST when the term it belongs to is over. */
export function startRun(where: Transaction | Database, run: RunStart): Promise<number> {
  return inTransaction(where, async (tx) => {
    const started = await tx.query<{ id: number }>(
      `insert into sync_runs (source, kind, trigger, process_id, started_at, range_start, range_end, term)
       select $1, $2, $3, $4, clock_timestamp(), $5, $6, $7
        where $7::bigint is null or exists (select from leader_lease where id = 1 and term = $7 for key share)
       returning id`,
      [
        ...[run.source, run.kind, run.trigger, run.processId],
        ...[run.rangeStart ?? null, run.rangeEnd ?? null, run.term ?? null],
      ],
    );
    const id = started.rows[0]?.id;
    if (id === undefined) throw permitLost(run.source);
    await appendChange(tx, 'run', { id, source: run.source, state: 'running' });
    return id;
  });
}

/**
 * Closes a pass's row; counts not given stay as they are. Inside the apply transaction it commits with the rows it
 * counts, and belongs to its last writes. False when the run is closed already.
 */
export function finishRun(where: Transaction | Database, id: number, result: RunResult): Promise<boolean> {
  return inTransaction(where, async (tx) => {
    const values: SqlValue[] = [id, result.state, result.shifted ?? null, result.note ?? null];
    values.push(result.error?.code ?? null, result.error?.message ?? null, abandonedNote);
    const sets = Object.entries(countColumns).flatMap(([name, column]) => {
      const count = result[name as keyof RunCounts];
      return count === undefined ? [] : [`${column} = $${values.push(count)}`];
    });
    const closed = await tx.query<{ source: string }>(
      `update sync_runs
          set state = $2, ended_at = clock_timestamp(), shifted = coalesce($3, shifted), note = $4,
              error_code = $5, error = $6 ${sets.map((set) => `, ${set}`).join('')}
        where id = $1 and (state = 'running' or note = $7)
        returning source`,
      values,
    );
    const row = closed.rows[0];
    if (row) await appendChange(tx, 'run', { id, source: row.source, state: result.state });
    return row !== undefined;
  });
}

const columns = `id, source, kind, trigger, process_id as "processId", started_at as "startedAt",
  ended_at as "endedAt", state, range_start as "rangeStart", range_end as "rangeEnd", shifted, note,
  error_code as "errorCode", error,
  ${Object.entries(countColumns)
    .map(([name, column]) => `${column} as "${name}"`)
    .join(', ')}`;

/** The newest passes, of one source or of all. */
export async function recentRuns(
  db: Queryable,
  source: string | undefined,
  limit: number,
): Promise<SyncRun[]> {
  const found = await db.query<SyncRun>(
    `select ${columns} from sync_runs where $1::text is null or source = $1 order by id desc limit $2`,
    [source ?? null, limit],
  );
  return found.rows;
}

/** The newest ended pass of a source, of these kinds and ends only (all when not given); null when there is none. */
export async function lastRun(
  db: Queryable,
  source: string,
  kinds?: readonly RunKind[],
  states: readonly RunEnd[] = ['complete', 'incomplete', 'failed', 'cancelled'],
): Promise<SyncRun | null> {
  const found = await db.query<SyncRun>(
    `select ${columns} from sync_runs
      where source = $1 and state = any ($2) and ($3::text[] is null or kind = any ($3))
      order by started_at desc, id desc limit 1`,
    [source, [...states], kinds ? [...kinds] : null],
  );
  return found.rows[0] ?? null;
}

/**
 * Closes as failed what runs of processes unheard of for 60 s left open; answers their ids. Nothing of them was
 * half applied: a pass applies in one transaction.
 */
export function closeAbandonedRuns(database: Database): Promise<number[]> {
  return closeRuns(
    database,
    `started_at < clock_timestamp() - ${deadAfter}
       and not exists (select 1 from processes p
                        where p.id = r.process_id and p.seen_at > clock_timestamp() - ${deadAfter})`,
  );
}

/**
 * Closes as failed what runs of this source were left open. To be called by the holder of the source's permit: nobody
 * else writes it, so whoever wrote it before is gone.
 */
export function closeRunsBefore(database: Database, source: string): Promise<number[]> {
  return closeRuns(database, 'r.source = $2', [source]);
}

function closeRuns(database: Database, which: string, values: SqlValue[] = []): Promise<number[]> {
  return database.transaction(async (tx) => {
    const closed = await tx.query<{ id: number; source: string }>(
      `update sync_runs r
          set state = 'failed', ended_at = clock_timestamp(), note = $1, error_code = 'INTERNAL',
              error = 'The program that ran this pass ended before the pass did. The next pass makes up for it.'
        where state = 'running' and ${which}
        returning id, source`,
      [abandonedNote, ...values],
    );
    for (const { id, source } of closed.rows) await appendChange(tx, 'run', { id, source, state: 'failed' });
    return closed.rows.map((row) => row.id);
  });
}
