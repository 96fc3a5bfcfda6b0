import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { Missing } from './gone-store.ts';

export type HoldReason = 'empty' | 'share' | 'half';
export type HoldState = 'held' | 'accepted' | 'discarded' | 'withdrawn' | 'done';

/** Removals that a window pass held back. `accepted` ones still wait for their look-ups. */
export interface Hold {
  id: number;
  state: HoldState;
  reason: HoldReason;
  rangeStart: Date;
  rangeEnd: Date;
  ofDeals: number;
  leadIds: string[];
  removed: number;
  heldAt: Date;
  updatedAt: Date;
}

const holdColumns = `id, state, reason, range_start as "rangeStart", range_end as "rangeEnd", of_deals as "ofDeals",
  lead_ids as "leadIds", removed, held_at as "heldAt", updated_at as "updatedAt"`;

/** The one open hold, if any, locked for the transaction it is read in. */
export async function openHold(tx: Transaction): Promise<Hold | null> {
  const rows = await tx.query<Hold>(
    `select ${holdColumns} from held_removals where source = 'deals' and state in ('held', 'accepted') for update`,
  );
  return rows.rows[0] ?? null;
}

/** One hold, whatever its state; locked when read in a transaction. */
export async function holdById(tx: Transaction, id: number): Promise<Hold | null> {
  const rows = await tx.query<Hold>(`select ${holdColumns} from held_removals where id = $1 for update`, [
    id,
  ]);
  return rows.rows[0] ?? null;
}

/** Holds that wait for a person or for their look-ups, newest first. */
export async function listOpenHolds(db: Queryable): Promise<Hold[]> {
  const rows = await db.query<Hold>(
    `select ${holdColumns} from held_removals where source = 'deals' and state in ('held', 'accepted') order by held_at desc`,
  );
  return rows.rows;
}

export interface HoldFacts {
  reason: HoldReason;
  range: { start: Date; end: Date };
  ofDeals: number;
  leadIds: string[];
  runId: number;
  now: Date;
}

/** Opens a hold; answers its id. */
export async function insertHold(tx: Transaction, hold: HoldFacts): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `insert into held_removals (source, reason, range_start, range_end, of_deals, lead_ids, run_id, held_at, updated_at)
     values ('deals', $1, $2, $3, $4, $5, $6, $7, $7) returning id`,
    [hold.reason, hold.range.start, hold.range.end, hold.ofDeals, hold.leadIds, hold.runId, hold.now],
  );
  return rows.rows[0]!.id;
}

/** Brings an open hold up to what the latest pass found. Writes nothing when it found the same. */
export async function refreshHold(tx: Transaction, id: number, hold: HoldFacts): Promise<boolean> {
  const rows = await tx.query(
    `update held_removals
        set reason = $2, range_start = $3, range_end = $4, of_deals = $5, lead_ids = $6, run_id = $7, updated_at = $8
      where id = $1 and (lead_ids <> $6::text[] or of_deals <> $5 or reason <> $2)`,
    [id, hold.reason, hold.range.start, hold.range.end, hold.ofDeals, hold.leadIds, hold.runId, hold.now],
  );
  return (rows.rowCount ?? 0) > 0;
}

/** Moves a hold on. `leadIds` are those that still wait. */
export async function moveHold(
  tx: Transaction,
  id: number,
  to: {
    state: HoldState;
    leadIds?: string[];
    removedMore?: number;
    decidedBy?: string;
    note?: string | null;
    now: Date;
  },
): Promise<void> {
  await tx.query(
    `update held_removals
        set state = $2, lead_ids = coalesce($3, lead_ids), removed = removed + $4, updated_at = $5,
            decided_by = coalesce($6, decided_by), note = coalesce($7, note),
            decided_at = case when $6::text is null then decided_at else $5 end
      where id = $1`,
    [id, to.state, to.leadIds ?? null, to.removedMore ?? 0, to.now, to.decidedBy ?? null, to.note ?? null],
  );
}

/** The following deals of these leads, for look-ups and for the screen. */
export async function followingDeals(
  db: Queryable,
  leadIds: readonly string[],
  limit = 100_000,
): Promise<
  (Missing & { agent: string | null; userId: number; commission: string | null; orderDate: Date })[]
> {
  const rows = await db.query<{
    dealId: number;
    leadId: string;
    stamp: Date;
    agent: string | null;
    userId: number;
    commission: string | null;
    orderDate: Date;
  }>(
    `select d.id as "dealId", d.lead_id as "leadId", d.upstream_updated_at as stamp, a.name as agent,
            d.user_id as "userId", d.commission, d.order_date as "orderDate"
       from deals d left join agents a on a.user_id = d.user_id
      where d.follows and d.lead_id = any ($1::text[])
      order by d.order_date desc, d.id limit $2`,
    [[...leadIds], limit],
  );
  return rows.rows;
}

export interface HeldDealRow {
  leadId: string;
  userId: number;
  agent: string | null;
  group: string | null;
  campaign: string | null;
  commission: string | null;
  multiDeals: number;
  orderDate: Date;
}

const dealsOfHold = `from held_removals h join deals d on d.follows and d.lead_id = any (h.lead_ids)`;

/** A page of the deals that a hold would remove, latest order first. */
export async function listHeldDeals(
  db: Queryable,
  id: number,
  page: { limit: number; offset: number },
): Promise<HeldDealRow[]> {
  const rows = await db.query<HeldDealRow>(
    `select d.lead_id as "leadId", d.user_id as "userId", a.name as agent, a.group_name as "group",
            coalesce(c.name, d.campaign_id) as campaign, d.commission, d.multi_deals as "multiDeals",
            d.order_date as "orderDate"
       ${dealsOfHold}
       left join agents a on a.user_id = d.user_id
       left join campaigns c on c.id = d.campaign_id
      where h.id = $1
      order by d.order_date desc, d.id limit $2 offset $3`,
    [id, page.limit, page.offset],
  );
  return rows.rows;
}

/** How many deals a hold would remove and what they are worth; null without such a hold. */
export async function sumHeldDeals(
  db: Queryable,
  id: number,
): Promise<{ count: number; commission: string } | null> {
  const rows = await db.query<{ count: number; commission: string }>(
    `select (select count(*)::int ${dealsOfHold} where h.id = $1) as count,
            (select coalesce(sum(d.commission), 0) ${dealsOfHold} where h.id = $1) as commission
       from held_removals where id = $1`,
    [id],
  );
  return rows.rows[0] ?? null;
}

/** A person said these deals stay: they are not proposed for removal until seen upstream again. */
export async function refuseRemoval(tx: Transaction, leadIds: readonly string[], now: Date): Promise<number> {
  const rows = await tx.query(
    'update deals set removal_refused_at = $2 where follows and lead_id = any ($1::text[])',
    [[...leadIds], now],
  );
  return rows.rowCount ?? 0;
}

/**
 * Where the vendor refuses look-ups, a second complete pass stands in: answers the leads that an earlier pass
 * (not `runId`) missed too, and remembers the others. Leads missed before but seen again are forgotten.
 */
export async function missedTwice(
  tx: Transaction,
  leadIds: readonly string[],
  runId: number,
): Promise<Set<string>> {
  const before = await tx.query<{ lead_id: string }>(
    'select lead_id from missing_leads where lead_id = any ($1::text[]) and first_run_id <> $2',
    [[...leadIds], runId],
  );
  await tx.query(
    `insert into missing_leads (lead_id, first_run_id) select unnest($1::text[]), $2 on conflict (lead_id) do nothing`,
    [[...leadIds], runId],
  );
  return new Set(before.rows.map((row) => row.lead_id));
}

/** Forgets leads that a complete read of this range did not miss. Writes nothing when there are none. */
export async function forgetMissed(
  tx: Transaction,
  stillMissing: readonly string[],
  range: { start: Date; end: Date },
): Promise<void> {
  await tx.query(
    `delete from missing_leads m
      where m.lead_id <> all ($1::text[])
        and not exists (select from deals d where d.lead_id = m.lead_id and d.follows
                           and (d.upstream_updated_at < $2 or d.upstream_updated_at >= $3))`,
    [[...stillMissing], range.start, range.end],
  );
}

/** Of these leads, those about which a read of this range says nothing: their deals lie outside it. */
export async function leadsOutside(
  tx: Transaction,
  leadIds: readonly string[],
  range: { start: Date; end: Date },
): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const rows = await tx.query<{ lead_id: string }>(
    `select lead_id from deals
      where follows and lead_id = any ($1::text[]) and (upstream_updated_at < $2 or upstream_updated_at >= $3)`,
    [[...leadIds], range.start, range.end],
  );
  return rows.rows.map((row) => row.lead_id);
}
