import { todayRange } from '../../shared/business-day.ts';
import type {
  DuplicateAction,
  DuplicateField,
  DuplicateResolution,
} from '../../shared/contract/duplicates.ts';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database, Transaction } from '../storage/postgres.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';
import { requireEpoch } from '../system/database-epoch.ts';
import * as store from './decisions-store.ts';
import type { LockedDeal, StoredCase } from './decisions-store.ts';
import { countPending } from './duplicates-store.ts';
import { noSuchCase, refuseDecision } from './refuse-decision.ts';
import {
  planResolution,
  type ExistingDeal,
  type NotedContent,
  type ResolutionPlan,
} from './plan-resolution.ts';

/** What decisions are made with. */
export interface DecisionDeps {
  database: Database;
  clock: Clock;
  /** The office's zone: what today is, and which order dates are the same. */
  timeZone: string;
  /** Who decides, as claimed, and at which console. */
  actor: string;
  console: string;
  /** The life of the database that the case was looked at in; nothing is decided in another. Absent: whichever it is. */
  epoch?: string;
}

export interface DuplicateChoice {
  id: number;
  /** The version that was looked at. */
  version: number;
  action: DuplicateAction;
  note?: string | undefined;
  /** What a merge takes over; not for other actions. */
  fields?: readonly DuplicateField[] | undefined;
}

export interface Decided {
  id: number;
  action: DuplicateAction | 'undo';
  version: number;
  newDealId: number | null;
  /** What was done, in a sentence. */
  message: string;
}

/**
 * Carries out a person's decision on a case, in one transaction (U1). NOT_FOUND, CONFLICT with what the case is by now
 * when it was decided, revised or withdrawn since that version, or BAD_REQUEST where the action does not fit; nothing
 * is done then.
 */
export async function resolveDuplicate(deps: DecisionDeps, choice: DuplicateChoice): Promise<Decided> {
  return deps.database.transaction((tx) => decideCase(tx, deps, choice));
}

/** The same in a transaction of the caller's, which must be rolled back when this rejects. */
export async function decideCase(
  tx: Transaction,
  deps: DecisionDeps,
  choice: DuplicateChoice,
): Promise<Decided> {
  const deals = await store.lockDeals(tx, choice.id);
  // From here on no restore can come before our COMMIT: it locks deals first.
  if (deps.epoch !== undefined) await requireEpoch(tx, deps.epoch);
  const found = await store.readCase(tx, choice.id);
  if (!found) throw noSuchCase(choice.id);
  const refuse = async () =>
    refuseDecision(tx, { id: found.id, version: choice.version, timeZone: deps.timeZone });
  if (found.status !== 'pending' || found.version !== choice.version) throw await refuse();
  const existing = deals.find((deal) => deal.id === found.existingDealId) ?? null;
  const incoming = incomingOf(found, existing);
  const plan = planResolution(choice, existing && existingDeal(existing), incoming, deps.timeZone);
  if (plan.kind === 'refused') throw new OpsdeckError('BAD_REQUEST', plan.why);
  const now = deps.clock.now();
  const image = existing && (await store.dealImage(tx, existing.id));
  const applied = await applyPlan(tx, { found, existing, plan, now });
  const note = choice.note?.trim() || null;
  const version =
    applied === 'overtaken'
      ? null
      : await store.closeCase(tx, choice, {
          resolution: plan.resolution,
          by: deps.actor,
          at: now,
          note,
          newDealId: applied.newDealId,
          mergedFields: plan.mergedFields,
          existingBefore: image,
        });
  if (applied === 'overtaken' || version === null) throw await refuse();
  const auditId = await appendAudit(tx, {
    at: now,
    actor: deps.actor,
    console: deps.console,
    action: `duplicate.${choice.action}`,
    target: store.caseTarget(found.id),
    ...(note ? { note } : {}),
    before: { status: 'pending', version: choice.version, leadId: found.leadId, deals },
    after: {
      status: 'resolved',
      version,
      resolution: plan.resolution,
      ...(plan.mergedFields ? { mergedFields: plan.mergedFields } : {}),
      deals: await store.dealsOfLead(tx, found.leadId),
    },
  });
  await store.nameAudit(tx, found.id, auditId);
  await tellDecision(tx, {
    inserted: applied.newDealId === null ? [] : [applied.newDealId],
    updated: plan.existing.kind === 'leave' || !existing ? [] : [existing.id],
    removed: [],
    pling: plan.insert && isToday(plan.insert.orderDate, now, deps.timeZone) ? applied.newDealId : null,
  });
  return {
    id: found.id,
    action: choice.action,
    version,
    newDealId: applied.newDealId,
    message: describe(plan, found, existing, applied.newDealId),
  };
}

/** Writes the deals of a plan. `overtaken`: a pass has inserted a following deal of the lead meanwhile. */
async function applyPlan(
  tx: Transaction,
  work: { found: StoredCase; existing: LockedDeal | null; plan: ResolutionPlan; now: Date },
): Promise<{ newDealId: number | null } | 'overtaken'> {
  const { found, existing, plan, now } = work;
  const upstreamUpdatedAt = newestStamp(found, existing);
  if (existing && plan.existing.kind !== 'leave') {
    await store.keepBefore(tx, existing.id, 'updated', now);
    if (plan.existing.kind === 'merge')
      await store.mergeDeal(tx, existing.id, plan.existing.content, { upstreamUpdatedAt, now });
    else await store.freezeDeal(tx, existing.id);
  }
  if (!plan.insert) return { newDealId: null };
  const lead = { leadId: found.leadId, status: found.newStatus, upstreamUpdatedAt, now };
  const newDealId = await store.insertDeal(tx, lead, plan.insert);
  if (newDealId === null) return 'overtaken';
  if (existing && plan.existing.kind === 'replace') await store.markReplaced(tx, existing.id, newDealId);
  return { newDealId };
}

/** Passes refresh the stamp of the deal that follows also while its case is open. */
function newestStamp(found: StoredCase, existing: LockedDeal | null): Date {
  const known = existing?.follows ? existing.upstream_updated_at : found.newUpdatedAt;
  return known > found.newUpdatedAt ? known : found.newUpdatedAt;
}

/** The incoming state. Without an order date of its own it has the existing deal's, as when it was queued. */
export function incomingOf(
  found: Pick<
    StoredCase,
    | 'newUserId'
    | 'newCommission'
    | 'newMultiDeals'
    | 'newCampaignId'
    | 'newOrderDate'
    | 'ownOrderSource'
    | 'newNotes'
  >,
  existing: { order_date_source: NotedContent['orderDateSource'] } | null,
): NotedContent {
  return {
    userId: found.newUserId,
    commission: found.newCommission,
    multiDeals: found.newMultiDeals,
    campaignId: found.newCampaignId,
    orderDate: found.newOrderDate,
    orderDateSource: found.ownOrderSource ?? existing?.order_date_source ?? 'fallback',
    notes: found.newNotes,
  };
}

function existingDeal(deal: LockedDeal): ExistingDeal {
  return {
    userId: deal.user_id,
    commission: deal.commission,
    multiDeals: deal.multi_deals,
    campaignId: deal.campaign_id,
    orderDate: deal.order_date,
    orderDateSource: deal.order_date_source,
    notes: deal.notes,
    isDuplicate: deal.is_duplicate,
  };
}

function isToday(instant: Date, now: Date, timeZone: string): boolean {
  const today = todayRange(now, timeZone);
  return instant >= today.start && instant < today.end;
}

/** Tells every console which deals a decision or its undoing moved, and how long the queue is now. */
export async function tellDecision(
  tx: Transaction,
  moved: {
    inserted: readonly number[];
    updated: readonly number[];
    removed: readonly number[];
    /** The new deal of today, if there is one. */
    pling: number | null;
  },
): Promise<void> {
  await appendChange(tx, 'duplicates', {
    open: await countPending(tx),
    opened: [],
    revised: 0,
    withdrawn: 0,
  });
  if (moved.inserted.length + moved.updated.length + moved.removed.length === 0) return;
  await appendChange(tx, 'deals', {
    source: 'decision',
    runId: null,
    inserted: moved.inserted.length,
    updated: moved.updated.length,
    removed: moved.removed.length,
    ids: [...moved.inserted, ...moved.updated],
    removedIds: [...moved.removed],
    new: moved.pling === null ? [] : [moved.pling],
  });
}

const done: Readonly<Record<DuplicateResolution, string>> = {
  approved: 'approved',
  replaced: 'replaced',
  merged: 'merged',
  rejected: 'rejected',
};

function describe(
  plan: ResolutionPlan,
  found: StoredCase,
  existing: LockedDeal | null,
  newDealId: number | null,
): string {
  const begin = `Case ${found.id} (lead ${found.leadId}) ${done[plan.resolution]}:`;
  switch (plan.resolution) {
    case 'approved':
      return existing
        ? `${begin} deal ${newDealId} was added, deal ${existing.id} is kept as it is.`
        : `${begin} deal ${newDealId} was added; there was no other any more.`;
    case 'replaced':
      return existing
        ? `${begin} deal ${newDealId} counts instead of deal ${existing.id}.`
        : `${begin} deal ${newDealId} was added; there was no deal any more to replace.`;
    case 'merged':
      return `${begin} deal ${existing?.id ?? ''} took over ${plan.mergedFields?.join(', ') ?? 'nothing'}.`;
    case 'rejected':
      return `${begin} nothing changes until upstream does.`;
  }
}
