import type { Range } from '../../shared/business-day.ts';
import type { Transaction } from '../storage/postgres.ts';
import { applyPass } from './apply-pass.ts';
import { confirmRemovals, type Confirmation } from './confirm-removals.ts';
import { bringFacts } from './deals-store.ts';
import { findMissing, type Missing } from './gone-store.ts';
import { guardRemovals } from '../system/guard-removals.ts';
import { gatherMapped, mapLeads, mappingSettings, type MappedLeads } from './map-leads.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { believedGone } from './remove-gone.ts';
import { notStill, reachesCursor } from './resync-range.ts';
import { outcomeOf, readRange } from './sync-deals.ts';

/**
 * Reads a range anew and swaps it in: everything is read and looked up first, then written in one transaction, or
 * nothing is. What people decided, what differs in agent or order date, and the brake count as in any other pass;
 * deals outside the range stay. UPSTREAM_FAILED when the list would not hold still.
 */
export async function resyncDeals(context: PassContext, range: Range): Promise<PassOutcome> {
  const read = await readRange(context, range);
  if (!read.complete) throw notStill(read.why);
  const listed = await gatherMapped(read.records, mappingSettings(context.settings));
  const emptyAnswer = read.records.length === 0;
  const looked = await lookUpMissing(context, listed, range, emptyAnswer);
  const mapped = withAlive(listed, looked, context);
  const movesCursor = await reachesCursor(context, 'deals', range);
  context.onStage('applying', { records: mapped.facts.length });
  const { counts, toConfirm } = await applyPass(context, mapped, {
    movesCursor,
    removals: { range, emptyAnswer, confirmed: confirmedBy(context, looked, listed) },
  });
  const outcome = outcomeOf(read, mapped, counts);
  return { ...outcome, waiting: toConfirm?.length ?? 0, shifted: looked.alive.length > 0 };
}

/** Looks up, before anything is written, what the list no longer has; nothing where the brake will hold it. */
async function lookUpMissing(
  context: PassContext,
  listed: MappedLeads,
  range: Range,
  emptyAnswer: boolean,
): Promise<Confirmation> {
  const { settings } = context;
  const { ofDeals, missing } = await context.permit.transaction(
    async (tx) => findMissing(tx, await bringFacts(tx, listed.facts), listed.rejectedLeads, range),
    { statementTimeoutMs: 120_000 },
  );
  const { brakeShare, brakeRows } = settings;
  const guarded = guardRemovals({ ofDeals, missing: missing.length, emptyAnswer, brakeShare, brakeRows });
  if (guarded.kind === 'hold') return { gone: [], alive: [], refused: [], waiting: [] };
  context.onStage('looking-up', { records: missing.length });
  return confirmRemovals(context.client, missing, {
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
}

/** Leads that the list lacked and that are a success all the same are applied like those it had. */
function withAlive(listed: MappedLeads, looked: Confirmation, context: PassContext): MappedLeads {
  if (looked.alive.length === 0) return listed;
  const alive = mapLeads(
    looked.alive.map((lead) => lead.record),
    mappingSettings(context.settings, context.client.updatedFieldInUse),
  );
  return {
    ...listed,
    facts: [...listed.facts, ...alive.facts],
    rejected: [...listed.rejected, ...alive.rejected],
    rejectedLeads: [...listed.rejectedLeads, ...alive.rejectedLeads],
  };
}

/** Of what is missing when it is written: what was looked up and is gone, or is believed to be. */
function confirmedBy(context: PassContext, looked: Confirmation, listed: MappedLeads) {
  return async (tx: Transaction, missing: readonly Missing[]): Promise<Missing[]> => {
    const still = new Set(missing.map((deal) => deal.dealId));
    const refused = looked.refused.filter((deal) => still.has(deal.dealId));
    const believed = await believedGone(context, tx, refused, listed.unidentified ? 'nobody' : 'list');
    return [...looked.gone, ...refused.filter((deal) => believed.has(deal.leadId))].filter((deal) =>
      still.has(deal.dealId),
    );
  };
}
