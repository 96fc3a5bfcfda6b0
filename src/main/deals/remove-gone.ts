import { maxListedIds } from '../../shared/contract/changes.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import { applyOptions, tellChanges, tellDuplicates } from './apply-pass.ts';
import { confirmRemovals } from './confirm-removals.ts';
import { applyFacts, bringFacts, removeGone, type Missing } from './deals-store.ts';
import { recordSuspects } from './duplicates-store.ts';
import * as holds from './held-store.ts';
import type { LeadFact } from './map-lead.ts';
import { mapLeads, mappingSettings } from './map-leads.ts';
import type { PassContext } from './pass-context.ts';

export interface RemovalOutcome {
  removed: number;
  waiting: number;
  /** Leads that the vendor still calls a success. */
  kept: number;
}

/**
 * Looks up what a complete pass missed and removes what is confirmed gone. A person's word (`agreed`) stands
 * in where the vendor refuses look-ups; otherwise a second complete pass has to.
 */
export async function removeConfirmed(
  context: PassContext,
  missing: readonly Missing[],
  agreed = false,
): Promise<RemovalOutcome> {
  context.onStage('looking-up', { records: missing.length });
  const answer = await confirmRemovals(context.client, missing, {
    most: context.mostLookUps,
    request: {
      purpose: 'look-up',
      priority: context.priority,
      maxWaitMs: context.maxWaitMs,
      signal: context.signal,
    },
    onLookUp: (done) => context.onStage('looking-up', { pages: done, pageCount: missing.length }),
  });
  const alive = mapLeads(
    answer.alive.map((lead) => lead.record),
    mappingSettings(context.settings),
  );
  context.onStage('applying', {});
  return context.permit.transaction(async (tx) => {
    const now = context.clock.now();
    const twice =
      answer.refused.length > 0 && !agreed
        ? await holds.missedTwice(
            tx,
            answer.refused.map((deal) => deal.leadId),
            context.runId,
          )
        : new Set<string>();
    const gone = [...answer.gone, ...answer.refused.filter((deal) => agreed || twice.has(deal.leadId))];
    const waiting = [
      ...answer.waiting,
      ...answer.refused.filter((deal) => !agreed && !twice.has(deal.leadId)),
    ];
    const removed = await removeGone(tx, gone, { runId: context.runId, now });
    await applyAlive(context, tx, alive.facts);
    await settleHold(tx, waiting, removed.removedLeads, now);
    if (removed.leadsWithKeptRows.length > 0) {
      await raiseHealthEvent(
        tx,
        'WARNING',
        `${removed.leadsWithKeptRows.length} kept deals outlived their lead`,
        {
          kind: 'kept-without-lead',
          leadIds: removed.leadsWithKeptRows.slice(0, 50),
        },
      );
    }
    if (removed.withdrawn > 0)
      await tellDuplicates(tx, { openedIds: [], revised: 0, withdrawn: removed.withdrawn });
    if (removed.removedIds.length > 0) {
      await appendChange(tx, 'deals', {
        source: agreed ? 'held' : 'sync',
        runId: context.runId,
        inserted: 0,
        updated: 0,
        removed: removed.removedIds.length,
        new: [],
        ...(removed.removedIds.length <= maxListedIds ? { ids: [], removedIds: removed.removedIds } : {}),
      });
    }
    return { removed: removed.removedIds.length, waiting: waiting.length, kept: answer.alive.length };
  });
}

/** Leads that a look-up found alive are applied like any other that was read. */
async function applyAlive(context: PassContext, tx: Transaction, facts: LeadFact[]): Promise<void> {
  if (facts.length === 0) return;
  const now = context.clock.now();
  const applied = await applyFacts(tx, await bringFacts(tx, facts), applyOptions(context, now));
  const found = await recordSuspects(tx, applied.suspects, now);
  await tellChanges(tx, context.runId, applied, found, { rejectedMoved: false, hold: null });
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
