import type { Database } from '../storage/postgres.ts';

/** Told at every change of leadership, so that a resigned one is followed at once. */
export const leaseChannel = 'opsdeck_leader';

export interface LeaderInfo {
  processId: string;
  host: string;
  kind: string;
}

/** The answer to an election: won with a new, higher term, or who leads and for how many ms at most. */
export type LeaseAnswer =
  { kind: 'won'; term: number } | { kind: 'lost'; leader: LeaderInfo | null; leftMs: number };

/**
 * Takes a lease that is free, run out, or an earlier one of this process. The database's clock alone decides
 * when a lease ends.
 */
export async function askForLease(
  database: Database,
  by: { processId: string; ttlMs: number },
): Promise<LeaseAnswer> {
  const won = await database.query<{ term: number }>(
    `with won as (
       update leader_lease
          set term = term + 1, process_id = $1, renewed_at = clock_timestamp(),
              expires_at = clock_timestamp() + $2 * interval '1 millisecond'
        where id = 1 and (process_id is null or process_id = $1 or expires_at <= clock_timestamp())
        returning term)
     select term, pg_notify('${leaseChannel}', term::text) from won`,
    [by.processId, by.ttlMs],
  );
  if (won.rows[0]) return { kind: 'won', term: won.rows[0].term };
  return { kind: 'lost', ...(await readLease(database)) };
}

/** Who holds the lease, and for how many ms at most. */
export async function readLease(database: Database): Promise<{ leader: LeaderInfo | null; leftMs: number }> {
  const found = await database.query<{ processId: string; host: string; kind: string; leftMs: number }>(
    `select l.process_id as "processId", coalesce(p.host, '') as host, coalesce(p.kind, '') as kind,
            extract(epoch from l.expires_at - clock_timestamp())::float8 * 1000 as "leftMs"
       from leader_lease l left join processes p on p.id = l.process_id
      where l.id = 1 and l.process_id is not null and l.expires_at > clock_timestamp()`,
  );
  const row = found.rows[0];
  if (!row) return { leader: null, leftMs: 0 };
  const { leftMs, ...leader } = row;
  return { leader, leftMs };
}

/** Lengthens the lease; false when the term is over. */
export async function renewLease(
  database: Database,
  held: { processId: string; term: number; ttlMs: number },
): Promise<boolean> {
  const renewed = await database.query(
    `update leader_lease set renewed_at = clock_timestamp(),
            expires_at = clock_timestamp() + $3 * interval '1 millisecond'
      where id = 1 and process_id = $1 and term = $2`,
    [held.processId, held.term, held.ttlMs],
  );
  return renewed.rowCount === 1;
}

/** Gives the lease back; nothing happens when the term is over. */
export async function resignLease(
  database: Database,
  held: { processId: string; term: number },
): Promise<void> {
  await database.query(
    `with resigned as (
       update leader_lease set process_id = null, expires_at = null
        where id = 1 and process_id = $1 and term = $2 returning term)
     select pg_notify('${leaseChannel}', term::text) from resigned`,
    [held.processId, held.term],
  );
}
