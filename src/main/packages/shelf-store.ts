import type { Transaction } from '../storage/postgres.ts';
import type { RejectedPackage } from './package-fact.ts';

/**
 * Shelves the records of a pass that could not be mapped and takes off what is readable now or listed no more; answers
 * whether anything came or went. A shelf that stands as it was is not written.
 */
export async function shelvePackages(
  tx: Transaction,
  rejected: readonly RejectedPackage[],
  now: Date,
): Promise<{ moved: boolean; open: number }> {
  const gone = await tx.query(
    `delete from rejected_records where source = 'packages' and key <> all ($1::text[])`,
    [rejected.map((one) => one.key)],
  );
  const written = await tx.query(
    `insert into rejected_records as r (source, key, reason, detail, payload, first_seen, last_seen)
     select 'packages', v.key, v.reason, v.detail, v.payload, $2, $2
       from jsonb_to_recordset($1::jsonb) as v (key text, reason text, detail text, payload jsonb)
     on conflict (source, key) do update
        set reason = excluded.reason, detail = excluded.detail, payload = excluded.payload,
            last_seen = excluded.last_seen, times = r.times + 1
      where (r.reason, r.detail, r.payload) is distinct from (excluded.reason, excluded.detail, excluded.payload)`,
    [JSON.stringify(rejected), now],
  );
  const moved = (gone.rowCount ?? 0) + (written.rowCount ?? 0) > 0;
  const open = await tx.query<{ count: number }>('select count(*)::int as count from rejected_records');
  return { moved, open: open.rows[0]!.count };
}
