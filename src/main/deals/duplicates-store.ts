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

/**
 * The suspects' new values as rows; without an order date of its own the lead keeps the existing deal's. Existing
 * deals are locked first: undoing a decision may be about to remove one.
 */
const newValues = `
  select s.*, d.id as there_id, coalesce(s.order_date, d.order_date, s.updated_at) as new_order_date
    from jsonb_to_recordset($1::jsonb) as s (pending_id bigint, lead_id text, user_id integer, commission numeric(14,2),
           order_date timestamptz, campaign_id text, multi_deals integer, status text, updated_at timestamptz,
           state_key text, reasons text[], existing_id bigint, fact jsonb)
    left join there d on d.id = s.existing_id`;

const lockExisting = `there as materialized (
  select d.id, d.order_date from deals d
   where d.id in (select s.existing_id from jsonb_to_recordset($1::jsonb) as s (existing_id bigint))
   order by d.id for key share)`;

async function openPending(tx: Transaction, suspects: Suspect[], now: Date): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `with ${lockExisting}
     insert into pending_duplicates (lead_id, new_user_id, new_commission, new_order_date, new_campaign_id,
       new_multi_deals, new_status, new_data, state_key, reasons, existing_deal_id, detected_at, updated_at)
     select lead_id, user_id, commission, new_order_date, campaign_id, multi_deals, status, fact, state_key,
            reasons, there_id, $2, $2
       from (${newValues}) v
     -- opened again by whoever undid its decision since we looked; the next pass revises that
     on conflict (lead_id) where status = 'pending' do nothing
     returning id`,
    [JSON.stringify(suspects.map(suspectRow)), now],
  );
  return rows.rows.map((row) => row.id);
}

async function revisePending(tx: Transaction, suspects: Suspect[], now: Date): Promise<void> {
  await tx.query(
    `with ${lockExisting}
     update pending_duplicates p
        set new_user_id = v.user_id, new_commission = v.commission, new_order_date = v.new_order_date,
            new_campaign_id = v.campaign_id, new_multi_deals = v.multi_deals, new_status = v.status,
            new_data = v.fact, state_key = v.state_key, reasons = v.reasons, existing_deal_id = v.there_id,
            version = p.version + 1, updated_at = $2
       from (${newValues}) v
      where p.id = v.pending_id and p.status = 'pending'`,
    [JSON.stringify(suspects.map(suspectRow)), now],
  );
}

async function withdrawPending(tx: Transaction, ids: number[], now: Date): Promise<void> {
  await tx.query(
    `update pending_duplicates p
        set status = 'withdrawn', resolved_at = $2, version = version + 1, updated_at = $2,
            existing_data = (select to_jsonb(d) from deals d where d.id = p.existing_deal_id)
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

/** How many pending duplicates wait for a person. */
export async function countPending(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from pending_duplicates where status = 'pending'`,
  );
  return rows.rows[0]?.count ?? 0;
}
