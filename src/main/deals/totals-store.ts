import type { Queryable } from '../storage/postgres.ts';

/** How much there is, how fresh it is, and what waits. */
export interface Totals {
  deals: number;
  dealsToday: number;
  sms: number;
  smsToday: number;
  lastDealsSync: Date | null;
  lastSmsSync: Date | null;
  pending: number;
  held: number;
  rejected: number;
  /** The process that runs the schedule, in words; null when nobody does. */
  leader: string | null;
}

/** Reads all totals in one snapshot. Replaced deals do not count. */
export async function readTotals(db: Queryable, today: { start: Date; end: Date }): Promise<Totals> {
  const rows = await db.query<Totals & { pending: number }>(
    `select (select count(*)::int from deals_all where not is_duplicate) as deals,
            (select count(*)::int from deals where not is_duplicate and order_date >= $1 and order_date < $2) as "dealsToday",
            (select count(*)::int from sms_messages) as sms,
            (select count(*)::int from sms_messages where "timestamp" >= $1 and "timestamp" < $2) as "smsToday",
            (select max(ended_at) from sync_runs where source = 'deals' and state = 'complete' and kind not in ('held', 'full')) as "lastDealsSync",
            (select max(ended_at) from sync_runs where source = 'sms' and state = 'complete' and kind <> 'full') as "lastSmsSync",
            (select count(*)::int from pending_duplicates where status = 'pending') as pending,
            (select count(*)::int from held_removals where state = 'held') as held,
            (select count(*)::int from rejected_records) as rejected,
            (select p.kind || ' ' || p.pid || '@' || p.host
               from leader_lease l join processes p on p.id = l.process_id
              where l.expires_at > clock_timestamp()) as leader`,
    [today.start, today.end],
  );
  return rows.rows[0]!;
}

/** How many things wait for a person: pending duplicates, held removals, rejected records. */
export async function countWaiting(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select (select count(*) from pending_duplicates where status = 'pending')
          + (select count(*) from held_removals where state = 'held')
          + (select count(*) from rejected_records) as count`,
  );
  return Number(rows.rows[0]?.count ?? 0);
}

/** How many possible duplicates wait for a person. */
export async function countPendingDuplicates(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from pending_duplicates where status = 'pending'`,
  );
  return rows.rows[0]?.count ?? 0;
}
