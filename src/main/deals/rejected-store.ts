import type { Queryable, Transaction } from '../storage/postgres.ts';

/** A record that could not be mapped, without personal text. */
export interface RejectedFact {
  key: string;
  reason: string;
  detail: string | null;
  payload: Record<string, unknown>;
  /** The record's last-updated stamp, where readable. */
  upstreamAt: Date | null;
}

/**
 * Shelves the records of one pass that could not be mapped, and takes off the shelf those that now can, or that
 * a complete read of their range no longer lists. Answers whether anything came or went.
 */
export async function shelveRejected(
  tx: Transaction,
  source: string,
  pass: {
    rejected: readonly RejectedFact[];
    mappedKeys: readonly string[];
    completeRange: { start: Date; end: Date } | null;
    now: Date;
  },
): Promise<boolean> {
  const { rejected, now } = pass;
  const known = await tx.query<{ key: string; upstream_at: Date | null }>(
    'select key, upstream_at from rejected_records where source = $1',
    [source],
    'shelved-keys',
  );
  const keys = new Set(rejected.map((record) => record.key));
  const gone = await endedKeys(known.rows, keys, pass);
  if (gone.length > 0) {
    await tx.query('delete from rejected_records where source = $1 and key = any ($2::text[])', [
      source,
      gone,
    ]);
  }
  if (rejected.length === 0) return gone.length > 0;
  const written = await tx.query<{ times: number }>(
    `insert into rejected_records as r (source, key, reason, detail, payload, upstream_at, first_seen, last_seen)
     select $1, v.key, v.reason, v.detail, v.payload, v."upstreamAt", $3, $3
       from jsonb_to_recordset($2::jsonb) as v (key text, reason text, detail text, payload jsonb, "upstreamAt" timestamptz)
     on conflict (source, key) do update
        set reason = excluded.reason, detail = excluded.detail, payload = excluded.payload,
            upstream_at = excluded.upstream_at, last_seen = excluded.last_seen, times = r.times + 1
     returning times`,
    [source, JSON.stringify([...new Map(rejected.map((record) => [record.key, record])).values()]), now],
  );
  return gone.length > 0 || written.rows.some((row) => row.times === 1);
}

async function endedKeys(
  known: { key: string; upstream_at: Date | null }[],
  seen: Set<string>,
  pass: { mappedKeys: readonly string[]; completeRange: { start: Date; end: Date } | null },
): Promise<string[]> {
  if (known.length === 0) return [];
  const mapped = new Set(pass.mappedKeys);
  const range = pass.completeRange;
  return known
    .filter(({ key, upstream_at: at }) => {
      if (seen.has(key)) return false;
      return mapped.has(key) || (range !== null && at !== null && at >= range.start && at < range.end);
    })
    .map((record) => record.key);
}

/** Which of the shelf is asked for: part of a key or of the value, one reason. */
export interface RejectedFilter {
  search?: string | undefined;
  reason?: string | undefined;
}

const asked = `($1 = '' or position(lower($1) in lower(key || ' ' || coalesce(detail, ''))) > 0)
           and ($2::text is null or reason = $2)`;
const askedValues = (filter: RejectedFilter) => [filter.search ?? '', filter.reason ?? null];

/** A page of the shelf, newest first. */
export async function listRejected(db: Queryable, page: RejectedFilter & { limit: number; offset: number }) {
  const rows = await db.query<{
    source: string;
    key: string;
    reason: string;
    detail: string | null;
    first_seen: Date;
    last_seen: Date;
    times: number;
  }>(
    `select source, key, reason, detail, first_seen, last_seen, times from rejected_records
      where ${asked}
      order by first_seen desc, source, key limit $3 offset $4`,
    [...askedValues(page), page.limit, page.offset],
  );
  return rows.rows;
}

/** How many records are on the shelf. */
export async function countRejected(db: Queryable, filter: RejectedFilter = {}): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from rejected_records where ${asked}`,
    askedValues(filter),
  );
  return rows.rows[0]?.count ?? 0;
}

/** How many records each reason has on the shelf, most first. */
export async function countRejectedReasons(db: Queryable): Promise<{ reason: string; count: number }[]> {
  const rows = await db.query<{ reason: string; count: number }>(
    'select reason, count(*)::int as count from rejected_records group by reason order by count(*) desc, reason',
  );
  return rows.rows;
}
