import { dayOf, startOfDay } from '../../shared/business-day.ts';
import type { Queryable } from '../storage/postgres.ts';
import { addDays, type Days } from './board-period.ts';
import { knownFrom, type KnownStretch } from './known-days.ts';

/**
 * The first day from which on everything up to the end of `days` was read of the vendor, or came from the old server;
 * null where that is all of them. From the first whole window on passes leave no gap: each goes on where the last ended.
 */
export async function readKnownFrom(db: Queryable, days: Days, zone: string): Promise<string | null> {
  const found = await db.query<{ start: Date }>(
    `select range_start as start from sync_runs
      where source = 'deals' and state = 'complete' and kind in ('window', 'rolling') and range_start is not null
      order by started_at limit 1`,
  );
  const start = found.rows[0]?.start ?? null;
  const since: KnownStretch[] = start === null ? [] : [{ from: firstWhole(start, zone), to: null }];
  const first = knownFrom(days, since);
  // Seldom asked, and then of every pass there ever was.
  return first === null && since.length > 0
    ? null
    : knownFrom(days, [...since, ...(await readEarlier(db, zone))]);
}

/** What was read of longer ago than the first window: on a person's request, or from the old server's files. */
async function readEarlier(db: Queryable, zone: string): Promise<KnownStretch[]> {
  const ranges = await db.query<{ start: Date; end: Date }>(
    `select distinct range_start as start, least(range_end, started_at) as end from sync_runs
      where source = 'deals' and state = 'complete' and kind = 'full' and range_start < least(range_end, started_at)`,
  );
  const imported = await db.query<KnownStretch>(
    `select after -> 'days' ->> 'from' as "from", after -> 'days' ->> 'to' as "to" from audit_log
      where action = 'legacy.import' and after -> 'days' ->> 'from' is not null`,
  );
  return [
    ...ranges.rows.map(({ start, end }) => ({ from: firstWhole(start, zone), to: lastBegun(end, zone) })),
    ...imported.rows,
  ];
}

function firstWhole(start: Date, zone: string): string {
  const day = dayOf(start, zone);
  return startOfDay(day, zone) < start ? addDays(day, 1) : day;
}

function lastBegun(end: Date, zone: string): string {
  return dayOf(new Date(end.getTime() - 1), zone);
}
