import { todayRange, type Range } from '../../shared/business-day.ts';
import { maxListedIds } from '../../shared/contract/changes.ts';
import type { Transaction, TransactionOptions } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import { moveCursor } from './cursors-store.ts';
import { applyFacts, bringFacts, fewFacts, type Applied, type ApplyOptions } from './deals-store.ts';
import { findMissing, forgetSeen, removeGone, type Missing, type Removed } from './gone-store.ts';
import { countPending, recordSuspects, type DuplicatesFound } from './duplicates-store.ts';
import { guardRemovals } from '../system/guard-removals.ts';
import * as holds from './held-store.ts';
import type { HoldState } from './held-store.ts';
import type { MappedLeads } from './map-leads.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { countRejected, shelveRejected } from './rejected-store.ts';

export type PassTally = Pick<
  PassOutcome,
  'inserted' | 'updated' | 'removed' | 'unchanged' | 'held' | 'waiting' | 'removalsHeld'
>;

/** What applying takes of a pass. */
export type ApplyContext = Pick<PassContext, 'clock' | 'settings' | 'permit' | 'runId'>;

export interface PassRead {
  /** True when nothing between the cursor and the newest lead read can have been missed. */
  movesCursor: boolean;
  /** Set for a complete read of a whole range only. */
  removals: {
    range: Range;
    emptyAnswer: boolean;
    /** Looked up before: those of the missing that may go with the rest, in the same transaction. */
    confirmed?: (tx: Transaction, missing: readonly Missing[]) => Promise<readonly Missing[]>;
  } | null;
}

/** One transaction: facts, duplicates, rejected records, holds, cursor, and the change entry last. */
export async function applyPass(
  context: ApplyContext,
  mapped: MappedLeads,
  read: PassRead,
): Promise<{ counts: PassTally; toConfirm: Missing[] | null }> {
  const { clock, runId } = context;
  const now = clock.now();
  return context.permit.transaction(
    async (tx) => {
      const source = await bringFacts(tx, mapped.facts);
      // Asked first: what this pass inserts is no measure of how much it may remove.
      const missing = read.removals
        ? await findMissing(tx, source, mapped.rejectedLeads, read.removals.range)
        : null;
      const applied = await applyFacts(tx, source, applyOptions(context, now));
      const found = await recordSuspects(tx, applied.suspects, now);
      const rejectedMoved = await shelveRejected(tx, 'deals', {
        rejected: mapped.rejected,
        mappedKeys: mapped.facts.map((fact) => fact.leadId),
        completeRange: read.removals?.range ?? null,
        now,
      });
      if (!read.removals) await forgetSeen(tx, source, mapped.rejectedLeads);
      const removals =
        read.removals && missing ? await considerRemovals(context, tx, read.removals, missing) : null;
      const removed = removals ? await removeAtOnce(context, tx, read.removals, removals.toConfirm) : nothing;
      if (read.movesCursor && mapped.newestStamp) {
        await moveCursor(tx, 'deals', mapped.newestStamp < now ? mapped.newestStamp : now);
      }
      await tellChanges(tx, runId, applied, found, {
        rejectedMoved,
        holds: removals?.holdsChanged ?? [],
        removedIds: removed.removedIds,
        withdrawn: removed.withdrawn,
      });
      return {
        counts: {
          inserted: applied.inserted,
          updated: applied.updated,
          removed: removed.removedIds.length,
          unchanged: applied.unchanged + found.settled,
          held: applied.waiting + found.openedIds.length + found.revised + (removals?.heldBack ?? 0),
          waiting: 0,
          removalsHeld: (removals?.heldBack ?? 0) > 0,
        },
        toConfirm: removals?.toConfirm.filter((deal) => !removed.removedIds.includes(deal.dealId)) ?? null,
      };
    },
    transactionOptions(mapped.facts.length, read),
  );
}

const nothing: Removed = { removedIds: [], removedLeads: [], withdrawn: 0, leadsWithKeptRows: [] };

/** Removes what was confirmed before the transaction began; without such confirmation nothing. */
async function removeAtOnce(
  context: ApplyContext,
  tx: Transaction,
  removals: PassRead['removals'],
  missing: readonly Missing[],
): Promise<Removed> {
  if (!removals?.confirmed || missing.length === 0) return nothing;
  const gone = await removals.confirmed(tx, missing);
  const removed = await removeGone(tx, gone, { runId: context.runId, now: context.clock.now() });
  await tellKept(tx, removed.leadsWithKeptRows);
  return removed;
}

/** Kept rows whose lead is gone are a person's to look at. */
export async function tellKept(tx: Transaction, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length === 0) return;
  await raiseHealthEvent(tx, 'WARNING', `${leadIds.length} kept deals outlived their lead`, {
    kind: 'kept-without-lead',
    leadIds: leadIds.slice(0, 50),
  });
}

interface HoldChange {
  id: number;
  state: HoldState;
}

/** A large pass takes its time; a small one that looks for nothing missing keeps its plans from pass to pass. */
function transactionOptions(facts: number, read: PassRead): TransactionOptions {
  if (facts > 2_000) return { statementTimeoutMs: 120_000 };
  return facts <= fewFacts && !read.removals ? { keepPlans: true } : {};
}

/** Sorts what a complete pass missed into what a person has to decide and what may be looked up. */
async function considerRemovals(
  context: ApplyContext,
  tx: Transaction,
  read: { range: Range; emptyAnswer: boolean },
  found: { ofDeals: number; missing: Missing[] },
): Promise<{ toConfirm: Missing[]; heldBack: number; holdsChanged: HoldChange[] }> {
  const { settings, runId } = context;
  const now = context.clock.now();
  const holdsChanged: HoldChange[] = [];
  let open = await holds.openHold(tx);
  const agreed = new Set(open?.state === 'accepted' ? open.leadIds : []);
  const asked = found.missing.filter((deal) => !agreed.has(deal.leadId));
  const agreedMissing = found.missing.filter((deal) => agreed.has(deal.leadId));
  await holds.forgetMissed(
    tx,
    found.missing.map((deal) => deal.leadId),
    read.range,
  );
  // A hold may come from a resync of another range; this read says nothing of those leads, so they wait on.
  const outside = open ? await holds.leadsOutside(tx, open.leadIds, read.range) : [];

  if (open?.state === 'accepted' && agreedMissing.length + outside.length === 0) {
    // All of its leads are listed again, or were removed by whoever accepted it.
    await holds.moveHold(tx, open.id, { state: 'done', leadIds: [], now });
    holdsChanged.push({ id: open.id, state: 'done' });
    open = null;
  }

  const guarded = guardRemovals({
    ofDeals: found.ofDeals,
    missing: asked.length,
    emptyAnswer: read.emptyAnswer,
    brakeShare: settings.brakeShare,
    brakeRows: settings.brakeRows,
  });
  // What was held once waits for a person, also when fewer are missing by now; it ends by itself when none is.
  const held = new Set(open?.state === 'held' ? open.leadIds : []);
  const answer =
    open && asked.some((deal) => held.has(deal.leadId)) && guarded.kind === 'look-up'
      ? { kind: 'hold' as const, reason: open.reason }
      : guarded;
  // One hold at a time: while an accepted one is worked off, a further one waits for the next pass.
  if (answer.kind === 'hold' && open?.state !== 'accepted') {
    const facts = {
      reason: answer.reason,
      range: open && outside.length > 0 ? { start: open.rangeStart, end: open.rangeEnd } : read.range,
      ofDeals: open && outside.length > 0 ? open.ofDeals : found.ofDeals,
      leadIds: [...asked.map((deal) => deal.leadId), ...outside].sort(),
      runId,
      now,
    };
    if (open) {
      if (await holds.refreshHold(tx, open.id, facts)) holdsChanged.push({ id: open.id, state: 'held' });
      return { toConfirm: [], heldBack: asked.length, holdsChanged };
    }
    const id = await holds.insertHold(tx, facts);
    await raiseHealthEvent(
      tx,
      'CRITICAL',
      `${asked.length} of ${found.ofDeals} deals would be removed; held for a person`,
      {
        kind: 'removals-held',
        holdId: id,
        count: asked.length,
        ofDeals: found.ofDeals,
        reason: answer.reason,
      },
    );
    holdsChanged.push({ id, state: 'held' });
    return { toConfirm: [], heldBack: asked.length, holdsChanged };
  }
  if (open?.state === 'held' && outside.length === 0) {
    await holds.moveHold(tx, open.id, { state: 'withdrawn', leadIds: [], now });
    holdsChanged.push({ id: open.id, state: 'withdrawn' });
    return { toConfirm: found.missing, heldBack: 0, holdsChanged };
  }
  if (answer.kind === 'hold') return { toConfirm: agreedMissing, heldBack: asked.length, holdsChanged };
  return { toConfirm: found.missing, heldBack: 0, holdsChanged };
}

/** What the apply statement needs of a pass. */
export function applyOptions(context: ApplyContext, now: Date): ApplyOptions {
  return {
    officeZone: context.settings.timeZone,
    commissionChangeIsDuplicate: context.settings.commissionChangeIsDuplicate,
    runId: context.runId,
    now,
    today: todayRange(now, context.settings.timeZone),
  };
}

/** The change entries of one transaction, to be its last writes. None when nothing changed. */
export async function tellChanges(
  tx: Transaction,
  runId: number,
  applied: Applied,
  found: DuplicatesFound,
  other: {
    rejectedMoved: boolean;
    holds: readonly HoldChange[];
    removedIds?: readonly number[];
    withdrawn?: number;
  },
): Promise<void> {
  const removedIds = other.removedIds ?? [];
  const withdrawn = found.withdrawn + (other.withdrawn ?? 0);
  if (found.openedIds.length + found.revised + withdrawn > 0) {
    await tellDuplicates(tx, { ...found, withdrawn });
  }
  if (other.rejectedMoved) await appendChange(tx, 'rejected', { open: await countRejected(tx) });
  for (const hold of other.holds) await appendChange(tx, 'held', hold);
  if (applied.inserted + applied.updated + removedIds.length === 0) return;
  await appendChange(tx, 'deals', {
    source: 'sync',
    runId,
    inserted: applied.inserted,
    updated: applied.updated,
    removed: removedIds.length,
    new: applied.newToday,
    ...(applied.ids && removedIds.length <= maxListedIds
      ? { ids: applied.ids, removedIds: [...removedIds] }
      : {}),
  });
}

/** Says that the queue of pending duplicates moved. */
export async function tellDuplicates(
  tx: Transaction,
  found: { openedIds: readonly number[]; revised: number; withdrawn: number },
): Promise<void> {
  await appendChange(tx, 'duplicates', {
    open: await countPending(tx),
    opened: found.openedIds.slice(0, maxListedIds),
    revised: found.revised,
    withdrawn: found.withdrawn,
  });
}
