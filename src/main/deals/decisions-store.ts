import type { DuplicateResolution } from '../../shared/contract/duplicates.ts';
import type { Queryable, SqlValue, Transaction } from '../storage/postgres.ts';
import { bringBackCase } from './archive-store.ts';
import type { LeadFact } from './map-lead.ts';
import type { NotedContent } from './plan-resolution.ts';

/** A case as a decision or its undoing needs it. */
export interface StoredCase {
  id: number;
  leadId: string;
  status: 'pending' | 'resolved' | 'withdrawn';
  version: number;
  existingDealId: number | null;
  resolution: DuplicateResolution | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  updatedAt: Date;
  /** Version of the existing deal before the decision; null: there was none. */
  hadVersion: number | null;
  newDealId: number | null;
  decidedAuditId: number | null;
  newUserId: number;
  newAgent: string | null;
  newCommission: string | null;
  newMultiDeals: number;
  newCampaignId: string | null;
  newOrderDate: Date;
  newStatus: string;
  /** Null: upstream gave no order date of its own. */
  ownOrderSource: LeadFact['orderDateSource'] | null;
  newNotes: string[];
  newUpdatedAt: Date;
}

const caseColumns = `p.id, p.lead_id as "leadId", p.status, p.version, p.existing_deal_id as "existingDealId", p.resolution,
  p.resolved_at as "resolvedAt", p.resolved_by as "resolvedBy", p.updated_at as "updatedAt",
  (p.existing_data->>'version')::int as "hadVersion", p.new_deal_id as "newDealId",
  p.decided_audit_id as "decidedAuditId", p.new_user_id as "newUserId",
  (select name from agents a where a.user_id = p.new_user_id) as "newAgent",
  p.new_commission as "newCommission", p.new_multi_deals as "newMultiDeals", p.new_campaign_id as "newCampaignId",
  p.new_order_date as "newOrderDate", p.new_status as "newStatus",
  case when p.new_data->>'orderDate' is not null then p.new_data->>'orderDateSource' end as "ownOrderSource",
  array(select jsonb_array_elements_text(coalesce(p.new_data->'notes', '[]'))) as "newNotes",
  coalesce((p.new_data->>'updatedAt')::timestamptz, p.updated_at) as "newUpdatedAt"`;

/** One case, not locked: passes may still revise it, which the write that closes or opens it asks. */
export async function readCase(db: Queryable, id: number): Promise<StoredCase | null> {
  const rows = await db.query<StoredCase>(`select ${caseColumns} from pending_duplicates p where p.id = $1`, [
    id,
  ]);
  return rows.rows[0] ?? null;
}

/** A row of `deals` as it is, for deciding and for the audit log. */
export interface LockedDeal {
  id: number;
  lead_id: string;
  user_id: number;
  campaign_id: string | null;
  commission: string | null;
  multi_deals: number;
  order_date: Date;
  order_date_source: LeadFact['orderDateSource'];
  status: string;
  notes: string[];
  follows: boolean;
  is_duplicate: boolean;
  replaced_by: number | null;
  upstream_updated_at: Date;
  version: number;
}

const dealColumns = `id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes,
  follows, is_duplicate, replaced_by, upstream_updated_at, version`;

/**
 * All deals of a case's lead, locked: passes and other decisions on it wait until the transaction ends. To be called
 * before the case is read, so that what is read is what the last one of those left. An archived lead is moved back.
 */
export async function lockDeals(tx: Transaction, caseId: number): Promise<LockedDeal[]> {
  const deals = await lockThere(tx, caseId);
  // Archived whole, or not at all; one that was moved while we waited for its lock is found there now.
  return deals.length === 0 && (await bringBackCase(tx, caseId)) ? lockThere(tx, caseId) : deals;
}

async function lockThere(tx: Transaction, caseId: number): Promise<LockedDeal[]> {
  const rows = await tx.query<LockedDeal>(
    `select ${dealColumns} from deals
      where lead_id = (select p.lead_id from pending_duplicates p where p.id = $1) order by id for update`,
    [caseId],
  );
  return rows.rows;
}

/** The deals of a lead as they are, for the audit log. */
export async function dealsOfLead(db: Queryable, leadId: string): Promise<LockedDeal[]> {
  const rows = await db.query<LockedDeal>(`select ${dealColumns} from deals where lead_id = $1 order by id`, [
    leadId,
  ]);
  return rows.rows;
}

/** Keeps a deal's before-image; to be called before it is changed. */
export async function keepBefore(
  tx: Transaction,
  dealId: number,
  change: 'updated' | 'removed',
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into deal_history (deal_id, lead_id, change, before, changed_at)
     select d.id, d.lead_id, $2, to_jsonb(d), $3 from deals d where d.id = $1`,
    [dealId, change, now],
  );
}

/** Keeps a deal as it is: it follows upstream no longer. */
export async function freezeDeal(tx: Transaction, dealId: number): Promise<void> {
  await tx.query('update deals set follows = false, version = version + 1 where id = $1', [dealId]);
}

/** Says that a deal counts no longer, since another does in its place. */
export async function markReplaced(tx: Transaction, dealId: number, by: number): Promise<void> {
  await tx.query('update deals set is_duplicate = true, replaced_by = $2 where id = $1', [dealId, by]);
}

/** Gives a deal this content; it counts and follows upstream. */
export async function mergeDeal(
  tx: Transaction,
  dealId: number,
  content: NotedContent,
  stamps: { upstreamUpdatedAt: Date; now: Date },
): Promise<void> {
  await tx.query(
    `update deals
        set user_id = $2, campaign_id = $3, commission = $4, multi_deals = $5, order_date = $6, order_date_source = $7,
            notes = $8, upstream_updated_at = $9, synced_at = $10, follows = true, is_duplicate = false,
            replaced_by = null, version = version + 1
      where id = $1`,
    [dealId, ...contentValues(content), stamps.upstreamUpdatedAt, stamps.now],
  );
}

/** Inserts the deal that follows upstream from now on; null when a pass was quicker and another follows already. */
export async function insertDeal(
  tx: Transaction,
  lead: { leadId: string; status: string; upstreamUpdatedAt: Date; now: Date },
  content: NotedContent,
): Promise<number | null> {
  const rows = await tx.query<{ id: number }>(
    `insert into deals (user_id, campaign_id, commission, multi_deals, order_date, order_date_source, notes,
                        lead_id, status, upstream_updated_at, synced_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
     on conflict (lead_id) where follows do nothing
     returning id`,
    [...contentValues(content), lead.leadId, lead.status, lead.upstreamUpdatedAt, lead.now],
  );
  return rows.rows[0]?.id ?? null;
}

function contentValues(content: NotedContent): SqlValue[] {
  return [
    content.userId,
    content.campaignId,
    content.commission,
    content.multiDeals,
    content.orderDate,
    content.orderDateSource,
    content.notes,
  ];
}

export interface ClosedAs {
  resolution: DuplicateResolution;
  by: string;
  at: Date;
  note: string | null;
  newDealId: number | null;
  mergedFields: readonly string[] | null;
  /** The deal's before-image is taken from `deal_history`, where it was kept; null: there is no existing deal. */
  existingBefore: object | null;
}

/**
 * Closes an open case of exactly this version; answers its version now, or null when it is not so any more (decided,
 * revised or withdrawn meanwhile). The audit entry is named after, by `nameAudit`: its chain is locked last.
 */
export async function closeCase(
  tx: Transaction,
  expected: { id: number; version: number },
  as: ClosedAs,
): Promise<number | null> {
  const rows = await tx.query<{ version: number }>(
    `update pending_duplicates
        set status = 'resolved', resolution = $3, resolved_by = $4, resolved_at = $5, resolution_note = $6,
            new_deal_id = $7, merged_fields = $8, existing_data = $9, version = version + 1, updated_at = $5
      where id = $1 and version = $2 and status = 'pending'
      returning version`,
    [
      expected.id,
      expected.version,
      as.resolution,
      as.by,
      as.at,
      as.note,
      as.newDealId,
      as.mergedFields && [...as.mergedFields],
      as.existingBefore && JSON.stringify(as.existingBefore),
    ],
  );
  return rows.rows[0]?.version ?? null;
}

/** Names the decision's entry in the audit log. */
export async function nameAudit(tx: Transaction, caseId: number, auditId: number): Promise<void> {
  await tx.query('update pending_duplicates set decided_audit_id = $2 where id = $1', [caseId, auditId]);
}

/** A deal whole, as JSON: the before-image that undo restores. */
export async function dealImage(tx: Transaction, dealId: number): Promise<object | null> {
  const rows = await tx.query<{ image: object }>('select to_jsonb(d) as image from deals d where id = $1', [
    dealId,
  ]);
  return rows.rows[0]?.image ?? null;
}

/** Removes the deal that a decision inserted. */
export async function deleteDeal(tx: Transaction, dealId: number): Promise<void> {
  await tx.query('delete from deals where id = $1', [dealId]);
}

/**
 * Gives the existing deal of a case back what it had before the decision; what passes noted about the lead since
 * (`seen`: its newest stamp, and whether a person refused its removal) stays.
 */
export async function restoreDeal(
  tx: Transaction,
  caseId: number,
  seen: { upstreamUpdatedAt: Date; now: Date },
): Promise<void> {
  await tx.query(
    `update deals d
        set user_id = b.user_id, campaign_id = b.campaign_id, commission = b.commission, multi_deals = b.multi_deals,
            order_date = b.order_date, order_date_source = b.order_date_source, status = b.status, notes = b.notes,
            follows = b.follows, is_duplicate = b.is_duplicate,
            replaced_by = (select r.id from deals r where r.id = b.replaced_by),
            upstream_updated_at = greatest(b.upstream_updated_at, $2), synced_at = $3, version = d.version + 1
       from pending_duplicates p, jsonb_populate_record(null::deals, p.existing_data) b
      where p.id = $1 and d.id = b.id`,
    [caseId, seen.upstreamUpdatedAt, seen.now],
  );
}

/** Opens a decided case of exactly this version again; answers its version now, or null when it is not so any more. */
export async function reopenCase(
  tx: Transaction,
  expected: { id: number; version: number },
  now: Date,
): Promise<number | null> {
  const rows = await tx.query<{ version: number }>(
    `update pending_duplicates
        set status = 'pending', resolution = null, resolved_by = null, resolved_at = null, resolution_note = null,
            new_deal_id = null, merged_fields = null, existing_data = null, decided_audit_id = null,
            version = version + 1, updated_at = $3
      where id = $1 and version = $2 and status = 'resolved'
      returning version`,
    [expected.id, expected.version, now],
  );
  return rows.rows[0]?.version ?? null;
}

/** The lead's case that is open or was decided after this one, if any: it builds on what this one did. */
export async function laterCase(
  db: Queryable,
  of: Pick<StoredCase, 'id' | 'leadId' | 'decidedAuditId'>,
): Promise<{ id: number; status: 'pending' | 'resolved' } | null> {
  const rows = await db.query<{ id: number; status: 'pending' | 'resolved' }>(
    `select id, status from pending_duplicates
      where lead_id = $1 and id <> $2
        and (status = 'pending' or (status = 'resolved' and decided_audit_id > coalesce($3::bigint, 0)))
      order by status, id desc limit 1`,
    [of.leadId, of.id, of.decidedAuditId],
  );
  return rows.rows[0] ?? null;
}

/** Who undid the latest decision on a case, when that is the last that was done to it. */
export async function lastUndo(db: Queryable, caseId: number): Promise<{ actor: string; at: Date } | null> {
  const rows = await db.query<{ actor: string; at: Date; action: string }>(
    `select actor, at, action from audit_log where target = $1 order by id desc limit 1`,
    [caseTarget(caseId)],
  );
  const last = rows.rows[0];
  return last?.action === 'duplicate.undo' ? last : null;
}

/** How the audit log names a case. */
export const caseTarget = (caseId: number) => `duplicate:${caseId}`;
