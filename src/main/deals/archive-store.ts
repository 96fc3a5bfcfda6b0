import { z } from 'zod';
import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { FactSource } from './deals-store.ts';

/*
 * A lead is archived whole: all of its deals are in `deals`, or all are in `deals_archive`. So whoever finds none in
 * `deals` asks here, and whoever writes one has the others beside it.
 */

const columns = `id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes,
  follows, is_duplicate, replaced_by, upstream_updated_at, removal_refused_at, version, synced_at, created_at`;

/** Leads brought back at most because a range read anew lacks them; the next reading brings more. */
const mostMissing = 5_000;

/** Nothing can touch this lead any more: all of it is older than `$1`, and nothing about it waits. */
const settled = (lead: string) => `
  not exists (select from deals n where n.lead_id = ${lead} and (n.order_date >= $1 or n.upstream_updated_at >= $1))
  and not exists (select from pending_duplicates p where p.lead_id = ${lead} and p.status = 'pending')
  and not exists (select from missing_leads m where m.lead_id = ${lead})
  and not exists (select from held_removals h where h.source = 'deals' and h.state in ('held', 'accepted') and ${lead} = any (h.lead_ids))`;

/**
 * Moves up to `leads` settled leads to the archive, oldest first; answers how many deals that were. Leads on which
 * somebody decides at this moment are left for another time.
 */
export async function archiveBatch(
  tx: Transaction,
  asked: { before: Date; leads: number; now: Date },
): Promise<number> {
  const locked = await tx.query<{ id: number; lead_id: string }>(
    `select id, lead_id from deals
      where lead_id in (
        select d.lead_id from deals d
         where d.order_date < $1 and d.upstream_updated_at < $1 and ${settled('d.lead_id')}
         order by d.order_date limit $2)
      order by id for update skip locked`,
    [asked.before, asked.leads],
  );
  if (locked.rows.length === 0) return 0;
  // Asked again now that they are locked: a case may have been opened again between the look and the lock.
  const moved = await tx.query(
    `with free as (
       select l.id from unnest($2::bigint[], $3::text[]) as l (id, lead_id)
        where ${settled('l.lead_id')}
          and not exists (select from deals o where o.lead_id = l.lead_id and o.id <> all ($2::bigint[]))
     ), went as (
       delete from deals d using free f where d.id = f.id returning d.*
     )
     insert into deals_archive (${columns}, archived_at) select ${columns}, $4 from went`,
    [asked.before, locked.rows.map((row) => row.id), locked.rows.map((row) => row.lead_id), asked.now],
  );
  return moved.rowCount ?? 0;
}

/** Moves these leads' deals back as they were; answers how many deals came. Closed cases name them again. */
export async function bringBack(tx: Transaction, leadIds: readonly string[]): Promise<number> {
  const back = await tx.query<{ count: number }>(
    `with went as (
       delete from deals_archive where lead_id = any ($1::text[]) returning ${columns}
     ), came as (
       insert into deals (${columns}) overriding system value select ${columns} from went order by id
       returning id, lead_id
     ), named as (
       update pending_duplicates p set existing_deal_id = c.id
         from came c
        where p.lead_id = c.lead_id and p.existing_deal_id is null and (p.existing_data->>'id')::bigint = c.id
     )
     select count(*)::int as count from came`,
    [[...leadIds]],
  );
  return back.rows[0]!.count;
}

/** Moves the lead of a case back where it is archived; false where it is not. */
export async function bringBackCase(tx: Transaction, caseId: number): Promise<boolean> {
  const found = await tx.query<{ lead_id: string }>(
    `select p.lead_id from pending_duplicates p
      where p.id = $1 and exists (select from deals_archive a where a.lead_id = p.lead_id)`,
    [caseId],
  );
  const lead = found.rows[0]?.lead_id;
  return lead !== undefined && (await bringBack(tx, [lead])) > 0;
}

/**
 * Moves archived leads back that a range read anew lacks, so that they are looked up, held or removed like any other;
 * answers how many archived ones of the range remain.
 */
export async function bringBackMissing(
  tx: Transaction,
  source: FactSource,
  seenToo: readonly string[],
  range: { start: Date; end: Date },
): Promise<number> {
  const first = source.values.length;
  const inRange = `a.follows and a.upstream_updated_at >= $${first + 1} and a.upstream_updated_at < $${first + 2}`;
  const found = await tx.query<{ of_deals: number; leads: string[] }>(
    `select (select count(*)::int from deals_archive a where ${inRange}) as of_deals,
            array(select a.lead_id from deals_archive a
                   where ${inRange} and a.removal_refused_at is null and a.lead_id <> all ($${first + 3}::text[])
                     and not exists (select from ${source.sql} s where s.lead_id = a.lead_id)
                   order by a.upstream_updated_at limit ${mostMissing}) as leads`,
    [...source.values, range.start, range.end, [...seenToo]],
  );
  const { of_deals, leads } = found.rows[0]!;
  if (leads.length > 0) await bringBack(tx, leads);
  return of_deals - leads.length;
}

/** The next leads of the archive with a deal ordered in the range, newest first. */
export async function archivedLeads(
  db: Queryable,
  range: { start: Date; end: Date } | null,
  limit: number,
): Promise<string[]> {
  const found = await db.query<{ lead_id: string }>(
    `select lead_id from deals_archive
      where ($1::timestamptz is null or order_date >= $1) and ($2::timestamptz is null or order_date < $2)
      order by order_date desc limit $3`,
    [range?.start ?? null, range?.end ?? null, limit],
  );
  return [...new Set(found.rows.map((row) => row.lead_id))];
}

/** What the archive holds. */
export async function readArchive(
  db: Queryable,
): Promise<{ deals: number; oldest: Date | null; newest: Date | null; lastMoved: Date | null }> {
  const found = await db.query<{
    deals: number;
    oldest: Date | null;
    newest: Date | null;
    lastMoved: Date | null;
  }>(
    `select count(*)::int as deals, min(order_date) as oldest, max(order_date) as newest,
            max(archived_at) as "lastMoved"
       from deals_archive`,
  );
  return found.rows[0]!;
}

/** How many deals are older than that; some of them may not be settled. */
export async function countOlder(db: Queryable, before: Date): Promise<number> {
  const found = await db.query<{ count: number }>(
    'select count(*)::int as count from deals where order_date < $1 and upstream_updated_at < $1',
    [before],
  );
  return found.rows[0]!.count;
}

const archiveRun = z.object({
  at: z.iso.datetime(),
  state: z.enum(['complete', 'failed', 'cancelled']),
  message: z.string().nullable(),
});
/** How the latest archiving went, also one that found nothing old enough. */
export type ArchiveRun = z.infer<typeof archiveRun>;

/** The latest archiving in whatever process; null: none yet. */
export async function readArchiveRun(db: Queryable): Promise<ArchiveRun | null> {
  const found = await db.query<{ value: unknown }>(
    `select value from system_config where key = 'archive_run'`,
  );
  const read = archiveRun.safeParse(found.rows[0]?.value);
  return read.success ? read.data : null;
}

/** Notes how one went. */
export async function noteArchiveRun(db: Queryable, run: ArchiveRun): Promise<void> {
  await db.query(
    `insert into system_config as c (key, value, updated_by) values ('archive_run', $1, 'opsdeck')
     on conflict (key) do update set value = excluded.value, version = c.version + 1, updated_at = now()`,
    [JSON.stringify(run)],
  );
}
