import { maxListedIds } from '../../shared/contract/changes.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { applyOptions, tellChanges, tellDuplicates, tellKept } from './apply-pass.ts';
import { confirmRemovals } from './confirm-removals.ts';
import { applyFacts, bringFacts } from './deals-store.ts';
import { removeGone, type Missing } from './gone-store.ts';
import { recordSuspects } from './duplicates-store.ts';
import * as holds from './held-store.ts';
import { mapLeads, mappingSettings, type MappedLeads } from './map-leads.ts';
import type { PassContext } from './pass-context.ts';
import { shelveRejected } from './rejected-store.ts';

export interface RemovalOutcome {
  removed: number;
  waiting: number;
  /** Leads that the vendor still calls a success. */
  kept: number;
  /** What became of these: they are applied like any other that was read. */
  updated: number;
  unchanged: number;
  held: number;
  rejected: number;
}

/**
 * Whose word stands in where the vendor refuses look-ups: a second complete list's, a person's, or nobody's (the
 * list had records whose lead cannot be told, so any lead it seems to lack may be one of them).
 */
export type StandIn = 'list' | 'person' | 'nobody';

/** Looks up what a complete pass missed, removes what is confirmed gone, and applies what is not. */
export async function removeConfirmed(
  context: PassContext,
  missing: readonly Missing[],
  standIn: StandIn,
): Promise<RemovalOutcome> {
  context.onStage('looking-up', { records: missing.length });
  const answer = await confirmRemovals(context.client, missing, {
    most: context.mostLookUps,
    turn: context.runId,
    request: {
      purpose: 'look-up',
      priority: context.priority,
      maxWaitMs: context.maxWaitMs,
      signal: context.signal,
    },
    onLookUp: (done) => context.onStage('looking-up', { pages: done, pageCount: missing.length }),
  });
  const alive: MappedLeads = mapLeads(
    answer.alive.map((lead) => lead.record),
    mappingSettings(context.settings, context.client.updatedFieldInUse),
  );
  context.onStage('applying', {});
  return context.permit.transaction(async (tx) => {
    const now = context.clock.now();
    const believed = await believedGone(context, tx, answer.refused, standIn);
    const gone = [...answer.gone, ...answer.refused.filter((deal) => believed.has(deal.leadId))];
    const waiting = [...answer.waiting, ...answer.refused.filter((deal) => !believed.has(deal.leadId))];
    const removed = await removeGone(tx, gone, { runId: context.runId, now });
    const applied = await applyAlive(context, tx, alive);
    await settleHold(tx, waiting, removed.removedLeads, now);
    await tellKept(tx, removed.leadsWithKeptRows);
    if (removed.withdrawn > 0)
      await tellDuplicates(tx, { openedIds: [], revised: 0, withdrawn: removed.withdrawn });
    if (removed.removedIds.length > 0) {
      await appendChange(tx, 'deals', {
        source: standIn === 'person' ? 'held' : 'sync',
        runId: context.runId,
        inserted: 0,
        updated: 0,
        removed: removed.removedIds.length,
        new: [],
        ...(removed.removedIds.length <= maxListedIds ? { ids: [], removedIds: removed.removedIds } : {}),
      });
    }
    return {
      removed: removed.removedIds.length,
      waiting: waiting.length,
      kept: answer.alive.length,
      ...applied,
    };
  });
}

/** Of the leads that the vendor refused to look up, those that are taken for gone all the same. */
export async function believedGone(
  context: PassContext,
  tx: Transaction,
  refused: readonly Missing[],
  standIn: StandIn,
): Promise<Set<string>> {
  const leadIds = refused.map((deal) => deal.leadId);
  if (standIn === 'person') return new Set(leadIds);
  if (leadIds.length === 0) return new Set();
  const open = await holds.openHold(tx);
  const agreed = leadIds.filter((lead) => open?.state === 'accepted' && open.leadIds.includes(lead));
  const twice = standIn === 'list' ? await holds.missedTwice(tx, leadIds, context.runId) : [];
  return new Set([...agreed, ...twice]);
}

/** Leads that a look-up found alive are applied, or shelved, like any other that was read. */
async function applyAlive(
  context: PassContext,
  tx: Transaction,
  alive: MappedLeads,
): Promise<Pick<RemovalOutcome, 'updated' | 'unchanged' | 'held' | 'rejected'>> {
  const { facts, rejected } = alive;
  if (facts.length + rejected.length === 0) return { updated: 0, unchanged: 0, held: 0, rejected: 0 };
  const now = context.clock.now();
  const applied = await applyFacts(tx, await bringFacts(tx, facts), applyOptions(context, now));
  const found = await recordSuspects(tx, applied.suspects, now);
  const rejectedMoved = await shelveRejected(tx, 'deals', {
    rejected,
    mappedKeys: facts.map((fact) => fact.leadId),
    completeRange: null,
    now,
  });
  await tellChanges(tx, context.runId, applied, found, { rejectedMoved, holds: [] });
  return {
    updated: applied.updated,
    unchanged: applied.unchanged + found.settled,
    held: applied.waiting + found.openedIds.length + found.revised,
    rejected: rejected.length,
  };
}

/** An accepted hold is done when none of its leads waits for a look-up any more. */
async function settleHold(
  tx: Transaction,
  waiting: readonly Missing[],
  removedLeads: readonly string[],
  now: Date,
): Promise<void> {
  const open = await holds.openHold(tx);
  if (open?.state !== 'accepted') return;
  const still = new Set(waiting.map((deal) => deal.leadId));
  const leadIds = open.leadIds.filter((lead) => still.has(lead));
  const state = leadIds.length > 0 ? 'accepted' : 'done';
  const removedMore = removedLeads.filter((lead) => open.leadIds.includes(lead)).length;
  await holds.moveHold(tx, open.id, { state, leadIds, removedMore, now });
  await appendChange(tx, 'held', { id: open.id, state });
}
