import { wasKilled } from '../storage/killed-processes.ts';
import type { Database, Queryable } from '../storage/postgres.ts';

/** What a caller asks for; all spans in ms, margins included. */
export interface PlaceRequest {
  account: string;
  purpose: string;
  processId: string | null;
  hourSpanMs: number;
  minuteSpanMs: number;
  slotSpanMs: number;
  hourCap: number;
  minuteCap: number;
  atOnce: number;
  /** How long the place is kept if its holder never reports back. */
  lifetimeMs: number;
}

/** How long each limit makes us wait, in ms (0: free): never longer than it truly takes, so ask again then. */
export type PlaceWaits = Record<'hour' | 'minute' | 'slot' | 'block', number>;

export type PlaceAnswer =
  { kind: 'taken'; id: number } | { kind: 'wait'; waits: PlaceWaits; blockedReason: string | null };

/** Counts of one account as the vendor may see them at most. */
export interface CallUse {
  usedHour: number;
  usedMinute: number;
  inFlight: number;
  blockedUntil: Date | null;
  blockedReason: string | null;
  /** Calls started within `paceMs` before now. */
  startedLately: number;
  /** Age of the oldest call that still counts in the hour, in ms; 0 without calls. */
  oldestAgeMs: number;
}

// The vendor counts a call when it arrives there, which is some time between our start and our finish. So a call
// counts from its start until a whole window after its finish: then no window of the vendor's can hold more calls
// than ours does, however slow the network was. A call in flight "ended" now at the earliest; one whose process
// died ended when its place expired. The bound on started_at is only there for the index.
const recentCalls = `
  moment as materialized (select clock_timestamp() as at),
  recent as materialized (
    select case when c.finished_at is null then least(c.expires_at, m.at) else c.finished_at end as ended,
           c.finished_at is null and c.expires_at > m.at as in_flight,
           c.started_at
      from upstream_calls c cross join moment m
     where c.account = $1
       and c.started_at > m.at - ($2::float8 + 7200000) * interval '1 millisecond'
       and coalesce(c.finished_at, c.expires_at) > m.at - $2::float8 * interval '1 millisecond'
  )`;

// When a limit of n is used up by m calls, the (m - n + 1)th oldest has to leave its window first.
const takeStatement = `
  with ${recentCalls},
  free_at as (
    select m.at,
           (array_agg(r.ended order by r.ended))[(count(*) - $5::int + 1)::int]
             + $2::float8 * interval '1 millisecond' as hour,
           (array_agg(r.ended order by r.ended) filter (where r.ended > m.at - $3::float8 * interval '1 millisecond'))
             [(count(*) filter (where r.ended > m.at - $3::float8 * interval '1 millisecond') - $6::int + 1)::int]
             + $3::float8 * interval '1 millisecond' as minute,
           (array_agg(r.ended order by r.ended) filter (where r.ended > m.at - $4::float8 * interval '1 millisecond'))
             [(count(*) filter (where r.ended > m.at - $4::float8 * interval '1 millisecond') - $7::int + 1)::int]
             + $4::float8 * interval '1 millisecond' as slot,
           (select nullif(greatest(a.blocked_until, m.at), m.at) from upstream_accounts a where a.account = $1) as block
      from moment m left join recent r on true
     group by m.at
  ),
  place as (
    insert into upstream_calls (account, purpose, process_id, started_at, expires_at)
    select $1, $8, $9::uuid, f.at, f.at + $10::float8 * interval '1 millisecond'
      from free_at f
     where f.hour is null and f.minute is null and f.slot is null and f.block is null
    returning id
  )
  select (select id from place) as id,
         coalesce(extract(epoch from f.hour - f.at) * 1000, 0)::float8 as hour,
         coalesce(extract(epoch from f.minute - f.at) * 1000, 0)::float8 as minute,
         coalesce(extract(epoch from f.slot - f.at) * 1000, 0)::float8 as slot,
         coalesce(extract(epoch from f.block - f.at) * 1000, 0)::float8 as block,
         (select blocked_reason from upstream_accounts where account = $1) as blocked_reason
    from free_at f`;

/** Takes a place for one call if every limit has one, in one short transaction; else says what to wait for. */
export async function takePlace(database: Database, request: PlaceRequest): Promise<PlaceAnswer> {
  return database.transaction(async (tx) => {
    // The lock comes in a statement of its own: a statement sees only what was committed when it began.
    await lockAccount(tx, request.account);
    const values = [
      request.account,
      request.hourSpanMs,
      request.minuteSpanMs,
      request.slotSpanMs,
      request.hourCap,
      request.minuteCap,
      request.atOnce,
      request.purpose,
      request.processId,
      request.lifetimeMs,
    ];
    const take = () =>
      tx.query<PlaceWaits & { id: number | null; blocked_reason: string | null }>(takeStatement, values);
    let result = await take();
    if ((result.rows[0]?.slot ?? 0) > 0 && (await endCallsOfKilled(tx, request.account)) > 0)
      result = await take();
    const row = result.rows[0];
    if (!row) throw new Error('the call budget gave no answer');
    if (row.id !== null) return { kind: 'taken', id: row.id };
    const { hour, minute, slot, block } = row;
    return { kind: 'wait', waits: { hour, minute, slot, block }, blockedReason: row.blocked_reason };
  });
}

/** Ends the calls in flight of killed processes, which would hold their slots for minutes. Answers how many. */
async function endCallsOfKilled(tx: Queryable, account: string): Promise<number> {
  const ended = await tx.query(
    `update upstream_calls c set finished_at = clock_timestamp()
      where c.account = $1 and c.finished_at is null and c.expires_at > clock_timestamp()
        and ${wasKilled('c.process_id')}`,
    [account],
  );
  return ended.rowCount ?? 0;
}

async function lockAccount(tx: Queryable, account: string): Promise<void> {
  const lock = 'select 1 from upstream_accounts where account = $1 for update';
  if ((await tx.query(lock, [account])).rowCount) return;
  await tx.query('insert into upstream_accounts (account) values ($1) on conflict do nothing', [account]);
  await tx.query(lock, [account]);
}

/** Records that the vendor is done with a call, surely so `graceMs` from now. */
export async function finishPlace(
  db: Queryable,
  id: number,
  status: number | null,
  graceMs: number,
): Promise<void> {
  await db.query(
    `update upstream_calls
        set finished_at = clock_timestamp() + $3::float8 * interval '1 millisecond', status = $2 where id = $1`,
    [id, status, graceMs],
  );
}

/** Gives back a place whose call was never sent. */
export async function returnPlace(db: Queryable, id: number): Promise<void> {
  await db.query('delete from upstream_calls where id = $1', [id]);
}

/** Stops all calls of the account for `forMs` from now on the database's clock; never shortens a block. */
export async function blockAccount(
  db: Queryable,
  account: string,
  forMs: number,
  reason: string,
): Promise<void> {
  await db.query(
    `insert into upstream_accounts (account, blocked_until, blocked_reason)
     values ($1, clock_timestamp() + $2::float8 * interval '1 millisecond', $3)
     on conflict (account) do update
       set blocked_until = excluded.blocked_until, blocked_reason = excluded.blocked_reason
     where upstream_accounts.blocked_until is null or upstream_accounts.blocked_until < excluded.blocked_until`,
    [account, forMs, reason],
  );
}

/** What is used of the account's limits now. Spans in ms, margins included. */
export async function readUse(
  db: Queryable,
  account: string,
  spans: { hourSpanMs: number; minuteSpanMs: number; paceMs: number },
): Promise<CallUse> {
  const result = await db.query<CallUse>(
    `with ${recentCalls}
     select count(r.ended)::int as "usedHour",
            count(r.ended) filter (where r.ended > m.at - $3::float8 * interval '1 millisecond')::int as "usedMinute",
            count(r.ended) filter (where r.in_flight)::int as "inFlight",
            count(r.ended) filter (where r.started_at > m.at - $4::float8 * interval '1 millisecond')::int as "startedLately",
            coalesce(extract(epoch from m.at - min(r.started_at)) * 1000, 0)::float8 as "oldestAgeMs",
            (select nullif(greatest(a.blocked_until, m.at), m.at) from upstream_accounts a where a.account = $1) as "blockedUntil",
            (select a.blocked_reason from upstream_accounts a where a.account = $1 and a.blocked_until > m.at) as "blockedReason"
       from moment m left join recent r on true
      group by m.at`,
    [account, spans.hourSpanMs, spans.minuteSpanMs, spans.paceMs],
  );
  const row = result.rows[0];
  if (!row) throw new Error('the call budget gave no answer');
  return row;
}

/** Forgets calls older than `olderThanMs`; answers how many. */
export async function pruneCalls(db: Queryable, account: string, olderThanMs: number): Promise<number> {
  const result = await db.query(
    `delete from upstream_calls
      where account = $1 and started_at < clock_timestamp() - $2::float8 * interval '1 millisecond'`,
    [account, olderThanMs],
  );
  return result.rowCount ?? 0;
}

/** Counts calls that were made while nobody could be asked; each by how long ago it ended, in ms. */
export async function noteCalls(
  db: Queryable,
  calls: { account: string; purpose: string; processId: string; agesMs: readonly number[] },
): Promise<void> {
  await db.query(
    `insert into upstream_calls (account, purpose, process_id, started_at, expires_at, finished_at)
     select $1, $2, $3::uuid, e.at, e.at, e.at
       from (select clock_timestamp() - age * interval '1 millisecond' as at from unnest($4::float8[]) as age) e`,
    [calls.account, calls.purpose, calls.processId, [...calls.agesMs]],
  );
}
