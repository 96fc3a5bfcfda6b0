import type { Transaction } from '../storage/postgres.ts';
import { bringBackMissing } from './archive-store.ts';
import type { FactSource } from './deals-store.ts';

/** A deal that a complete pass no longer found, as it was when the pass looked. */
export interface Missing {
  dealId: number;
  leadId: string;
  stamp: Date;
}

/**
 * Following rows whose stored stamp lies in the range read and whose lead was not seen. `seenToo` are leads
 * seen but not among the facts (records that could not be mapped). Answers also how many rows the range has. Archived
 * ones that were not seen are moved back first.
 */
export async function findMissing(
  tx: Transaction,
  source: FactSource,
  seenToo: readonly string[],
  range: { start: Date; end: Date },
): Promise<{ ofDeals: number; missing: Missing[] }> {
  const archived = await bringBackMissing(tx, source, seenToo, range);
  const first = source.values.length;
  const rows = await tx.query<{ id: number; lead_id: string; upstream_updated_at: Date; of_deals: number }>(
    `select m.id, m.lead_id, m.upstream_updated_at, t.of_deals
       from (select count(*)::int as of_deals from deals
              where follows and upstream_updated_at >= $${first + 1} and upstream_updated_at < $${first + 2}) t
       left join (
         select d.id, d.lead_id, d.upstream_updated_at from deals d
          where d.follows and d.upstream_updated_at >= $${first + 1} and d.upstream_updated_at < $${first + 2}
            and d.removal_refused_at is null and d.lead_id <> all ($${first + 3}::text[])
            and not exists (select from ${source.sql} s where s.lead_id = d.lead_id)
       ) m on true`,
    [...source.values, range.start, range.end, [...seenToo]],
  );
  return {
    ofDeals: (rows.rows[0]?.of_deals ?? 0) + archived,
    missing: rows.rows
      .filter((row) => row.id !== null)
      .map((row) => ({ dealId: row.id, leadId: row.lead_id, stamp: row.upstream_updated_at })),
  };
}

/** Forgets that leads were missed once which are seen again: only two complete passes in a row say anything. */
export async function forgetSeen(
  tx: Transaction,
  source: FactSource,
  seenToo: readonly string[],
): Promise<void> {
  await tx.query(
    `delete from missing_leads m
      where m.lead_id = any ($${source.values.length + 1}::text[])
         or exists (select from ${source.sql} s where s.lead_id = m.lead_id)`,
    [...source.values, [...seenToo]],
    source.few ? 'forget-seen-few' : undefined,
  );
}

/** Rows removed, their leads, pending duplicates closed with them, and leads of which a kept row remains. */
export interface Removed {
  removedIds: number[];
  removedLeads: string[];
  withdrawn: number;
  leadsWithKeptRows: string[];
}

/**
 * Removes the following rows of leads that are confirmed gone, before-image kept, and closes what waited for
 * them. A row that moved since the pass looked stays. Answers the ids removed, and the leads of which a row
 * that a person kept remains.
 */
export async function removeGone(
  tx: Transaction,
  gone: readonly Missing[],
  options: { runId: number | null; now: Date },
): Promise<Removed> {
  const rows = await tx.query<{
    removed: { id: number; lead_id: string }[] | null;
    withdrawn: number;
    kept: string[] | null;
  }>(
    `with gone as (
       select * from unnest($1::bigint[], $2::timestamptz[]) as g (id, stamp)
     ), removed as (
       -- The conditions are asked again after a wait for a row's lock: one that a decision froze meanwhile stays.
       delete from deals d using gone g
        where d.id = g.id and d.upstream_updated_at = g.stamp and d.follows
       returning d.id, d.lead_id, to_jsonb(d) as before
     ), kept_before as (
       insert into deal_history (deal_id, lead_id, change, before, run_id, changed_at)
       select id, lead_id, 'removed', before, $3, $4 from removed
     ), withdrawn as (
       update pending_duplicates p
          set status = 'withdrawn', resolved_at = $4, version = p.version + 1, updated_at = $4,
              existing_data = case when p.existing_deal_id = r.id then r.before
                                   else (select to_jsonb(d) from deals d where d.id = p.existing_deal_id) end
         from removed r where p.lead_id = r.lead_id and p.status = 'pending'
       returning p.id
     )
     select (select jsonb_agg(jsonb_build_object('id', id, 'lead_id', lead_id)) from removed) as removed,
            (select count(*)::int from withdrawn) as withdrawn,
            (select array_agg(distinct k.lead_id) from deals k join removed r on r.lead_id = k.lead_id
              where k.id <> r.id) as kept`,
    [gone.map((deal) => deal.dealId), gone.map((deal) => deal.stamp), options.runId, options.now],
  );
  const row = rows.rows[0]!;
  return {
    removedIds: (row.removed ?? []).map((deal) => deal.id),
    removedLeads: (row.removed ?? []).map((deal) => deal.lead_id),
    withdrawn: row.withdrawn,
    leadsWithKeptRows: row.kept ?? [],
  };
}
