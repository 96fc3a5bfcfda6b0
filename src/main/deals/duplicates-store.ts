import type { Queryable, Transaction } from '../storage/postgres.ts';
import { decideSuspect, type Suspect } from './find-duplicates.ts';

/** What the suspects of a pass became. */
export interface DuplicatesFound {
  openedIds: number[];
  revised: number;
  withdrawn: number;
  /** Suspects that a person has spoken about, or that differ in nothing. */
  settled: number;
}

/** Decides each suspect and writes the outcome: opened, revised (version rises) or withdrawn. */
export async function recordSuspects(
  tx: Transaction,
  suspects: readonly Suspect[],
  now: Date,
): Promise<DuplicatesFound> {
  const open: Suspect[] = [];
  const revise: Suspect[] = [];
  const withdraw: number[] = [];
  let settled = 0;
  for (const suspect of suspects) {
    const decision = decideSuspect(suspect);
    if (decision.kind === 'open') open.push(suspect);
    else if (decision.kind === 'revise') revise.push(suspect);
    else if (decision.kind === 'withdraw') withdraw.push(decision.pendingId);
    // A lead whose row was updated or stood unchanged is counted there.
    if (suspect.reasons.length > 0 ? suspect.decided : !suspect.follows) settled += 1;
  }
  const openedIds = open.length > 0 ? await openPending(tx, open, now) : [];
  if (revise.length > 0) await revisePending(tx, revise, now);
  if (withdraw.length > 0) await withdrawPending(tx, withdraw, now);
  return { openedIds, revised: revise.length, withdrawn: withdraw.length, settled };
}

/** The suspects' new values as rows; without an order date of its own the lead keeps the existing deal's. */
const newValues = `
  select s.*, coalesce(s.order_date, d.order_date, s.updated_at) as new_order_date
    from jsonb_to_recordset($1::jsonb) as s (pending_id bigint, lead_id text, user_id integer, commission numeric(14,2),
           order_date timestamptz, campaign_id text, multi_deals integer, status text, updated_at timestamptz,
           state_key text, reasons text[], existing_id bigint, fact jsonb)
    left join deals d on d.id = s.existing_id`;

async function openPending(tx: Transaction, suspects: Suspect[], now: Date): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `insert into pending_duplicates (lead_id, new_user_id, new_commission, new_order_date, new_campaign_id,
       new_multi_deals, new_status, new_data, state_key, reasons, existing_deal_id, detected_at, updated_at)
     select lead_id, user_id, commission, new_order_date, campaign_id, multi_deals, status, fact, state_key,
            reasons, existing_id, $2, $2
       from (${newValues}) v
     returning id`,
    [JSON.stringify(suspects.map(suspectRow)), now],
  );
  return rows.rows.map((row) => row.id);
}

async function revisePending(tx: Transaction, suspects: Suspect[], now: Date): Promise<void> {
  await tx.query(
    `update pending_duplicates p
        set new_user_id = v.user_id, new_commission = v.commission, new_order_date = v.new_order_date,
            new_campaign_id = v.campaign_id, new_multi_deals = v.multi_deals, new_status = v.status,
            new_data = v.fact, state_key = v.state_key, reasons = v.reasons, existing_deal_id = v.existing_id,
            version = p.version + 1, updated_at = $2
       from (${newValues}) v
      where p.id = v.pending_id and p.status = 'pending'`,
    [JSON.stringify(suspects.map(suspectRow)), now],
  );
}

async function withdrawPending(tx: Transaction, ids: number[], now: Date): Promise<void> {
  await tx.query(
    `update pending_duplicates set status = 'withdrawn', resolved_at = $2, version = version + 1, updated_at = $2
      where id = any ($1::bigint[]) and status = 'pending'`,
    [ids, now],
  );
}

function suspectRow(suspect: Suspect) {
  const { fact } = suspect;
  return {
    pending_id: suspect.pending?.id ?? null,
    lead_id: fact.leadId,
    user_id: fact.userId,
    commission: fact.commission,
    order_date: fact.orderDate,
    campaign_id: fact.campaignId,
    multi_deals: fact.multiDeals,
    status: fact.status,
    updated_at: fact.updatedAt,
    state_key: suspect.stateKey,
    reasons: suspect.reasons,
    existing_id: suspect.existingDealId,
    fact,
  };
}

/** An open pending duplicate with both sides and their names. */
export interface PendingRow {
  id: number;
  lead_id: string;
  reasons: ('agent' | 'order_date' | 'commission')[];
  detected_at: Date;
  version: number;
  new_user_id: number;
  new_agent: string | null;
  new_commission: string | null;
  new_multi_deals: number;
  new_order_date: Date;
  new_campaign: string | null;
  existing_user_id: number | null;
  existing_agent: string | null;
  existing_commission: string | null;
  existing_multi_deals: number | null;
  existing_order_date: Date | null;
  existing_campaign: string | null;
}

/** Open pending duplicates, oldest first. */
export async function listPending(
  db: Queryable,
  page: { limit: number; offset: number },
): Promise<PendingRow[]> {
  const rows = await db.query<PendingRow>(
    `select p.id, p.lead_id, p.reasons, p.detected_at, p.version,
            p.new_user_id, na.name as new_agent, p.new_commission, p.new_multi_deals, p.new_order_date,
            coalesce(nc.name, p.new_campaign_id) as new_campaign,
            d.user_id as existing_user_id, ea.name as existing_agent, d.commission as existing_commission,
            d.multi_deals as existing_multi_deals, d.order_date as existing_order_date,
            coalesce(ec.name, d.campaign_id) as existing_campaign
       from pending_duplicates p
       left join deals d on d.id = p.existing_deal_id
       left join agents na on na.user_id = p.new_user_id
       left join agents ea on ea.user_id = d.user_id
       left join campaigns nc on nc.id = p.new_campaign_id
       left join campaigns ec on ec.id = d.campaign_id
      where p.status = 'pending'
      order by p.detected_at, p.id
      limit $1 offset $2`,
    [page.limit, page.offset],
  );
  return rows.rows;
}

/** How many pending duplicates wait for a person. */
export async function countPending(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from pending_duplicates where status = 'pending'`,
  );
  return rows.rows[0]?.count ?? 0;
}
