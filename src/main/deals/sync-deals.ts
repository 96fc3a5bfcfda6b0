import type { OfficeSettings } from '../../shared/contract/settings.ts';
import { windowRange, type Range } from '../../shared/business-day.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import type { Permit } from '../system/permits.ts';
import type { AdversusClient } from './adversus-client.ts';
import { confirmRemovals } from './confirm-removals.ts';
import { applyFacts, bringFacts, findMissing, removeGone, type Missing } from './deals-store.ts';
import { recordSuspects } from './duplicates-store.ts';
import { guardRemovals } from './guard-removals.ts';
import * as holds from './held-store.ts';
import { mapAll, mapLeads, mappingSettings, type MappedLeads } from './map-leads.ts';
import type { LeadFact } from './map-lead.ts';
import { readAllPages, type ReadAllResult } from './read-all-pages.ts';
import { moveCursor, readCursor } from './cursors-store.ts';
import { shelveRejected } from './rejected-store.ts';

/** What a pass needs. Everything it writes goes through the permit, so a lost one writes nothing. */
export interface PassContext {
  database: Database;
  clock: Clock;
  client: AdversusClient;
  settings: OfficeSettings;
  permit: Permit;
  runId: number;
  signal: AbortSignal;
  /** How many look-ups one pass may make; the rest wait for the next. */
  mostLookUps: number;
  onStage(stage: 'reading' | 'looking-up' | 'applying', done: { pages?: number; pagesExpected?: number | null; records?: number }): void;
}

/** What a pass did. `complete` false: removals were not considered, and the cursor stayed. */
export interface PassOutcome {
  inserted: number;
  updated: number;
  removed: number;
  unchanged: number;
  held: number;
  rejected: number;
  /** Removals that wait for their look-up. */
  waiting: number;
  pages: number;
  complete: boolean;
  shifted: boolean;
  ignoredFields: number;
  /** True when removals are held back for a person after this pass. */
  removalsHeld: boolean;
  note: string | null;
  range: { start: Date; end: Date | null };
}

/** Re-read behind the cursor on every delta pass: clocks differ, and stamps have whole seconds. */
const overlapMs = 5 * 60_000;

/** Reads what changed since the last complete pass, and applies it. Removes nothing. */
export async function syncDealsDelta(context: PassContext): Promise<PassOutcome> {
  const { settings, clock } = context;
  const cursor = await readCursor(context.database, 'deals');
  const window = windowRange(clock.now(), settings.timeZone);
  const start = cursor ? new Date(cursor.getTime() - overlapMs) : window.start;
  const read = await readLeads(context, { start, end: null });
  const mapped = await mapAll(read.records, mappingSettings(settings));
  context.onStage('applying', { records: mapped.facts.length });
  const applied = await applyPass(context, mapped, { range: { start, end: null }, complete: read.complete, removals: null });
  return outcomeOf(read, mapped, applied.counts, { start, end: null });
}

/**
 * Reads the whole window and brings our rows in step with it. A read that was not complete still brings new
 * and changed deals, and removes nothing.
 */
export async function syncDealsWindow(context: PassContext): Promise<PassOutcome> {
  const { settings, clock } = context;
  const range = windowRange(clock.now(), settings.timeZone);
  let read = await readLeads(context, range);
  // The list moved while it was read: the second try usually finds it still.
  if (!read.complete && read.shifted) read = await readLeads(context, range);
  const mapped = await mapAll(read.records, mappingSettings(settings));
  context.onStage('applying', { records: mapped.facts.length });
  const removals = read.complete ? { range, emptyAnswer: read.records.length === 0 } : null;
  const { counts, toConfirm } = await applyPass(context, mapped, { range, complete: read.complete, removals });
  const outcome = outcomeOf(read, mapped, counts, range);
  if (!toConfirm || toConfirm.length === 0) return outcome;
  return addRemovals(outcome, await removeConfirmed(context, toConfirm));
}

async function readLeads(context: PassContext, range: { start: Date; end: Date | null }): Promise<ReadAllResult> {
  const field = context.settings.updatedField;
  context.onStage('reading', { pages: 0, pagesExpected: null, records: 0 });
  return readAllPages(
    context.client,
    'leads',
    {
      // The vendor's ranges leave out both ends, and its stamps may have whole seconds.
      filters: {
        status: { $eq: 'success' },
        [field]: {
          $gt: vendorTime(new Date(range.start.getTime() - 1_000)),
          ...(range.end ? { $lt: vendorTime(range.end) } : {}),
        },
      },
      sortProperty: field,
      sortDirection: 'DESC',
    },
    {
      pageSize: context.settings.pageSize,
      signal: context.signal,
      onPage: (progress) =>
        context.onStage('reading', { pages: progress.pages, pagesExpected: progress.pagesExpected, records: progress.records }),
    },
  );
}

function vendorTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

type Counts = Pick<PassOutcome, 'inserted' | 'updated' | 'removed' | 'unchanged' | 'held' | 'waiting' | 'removalsHeld'>;

interface PassRead {
  range: { start: Date; end: Date | null };
  complete: boolean;
  /** Set for a complete window pass only. */
  removals: { range: Range; emptyAnswer: boolean } | null;
}

/** One transaction: facts, duplicates, rejected records, holds, cursor, and the change entry last. */
async function applyPass(
  context: PassContext,
  mapped: MappedLeads,
  read: PassRead,
): Promise<{ counts: Counts; toConfirm: Missing[] | null }> {
  const { settings, clock, runId } = context;
  const now = clock.now();
  const large = mapped.facts.length > 2_000;
  return context.permit.transaction(
    async (tx) => {
      const source = await bringFacts(tx, mapped.facts);
      const applied = await applyFacts(tx, source, {
        officeZone: settings.timeZone,
        commissionChangeIsDuplicate: settings.commissionChangeIsDuplicate,
        runId,
        now,
      });
      const found = await recordSuspects(tx, applied.suspects, now);
      const rejectedMoved = await shelveRejected(tx, 'deals', {
        rejected: mapped.rejected,
        mappedKeys: mapped.facts.map((fact) => fact.leadId),
        completeRange: read.removals?.range ?? null,
        now,
      });
      const removals = read.removals
        ? await considerRemovals(context, tx, read.removals, await findMissing(tx, source, mapped.rejectedLeads, read.removals.range))
        : null;
      if (read.complete && mapped.newestStamp) {
        await moveCursor(tx, 'deals', mapped.newestStamp < now ? mapped.newestStamp : now);
      }
      await tellChanges(tx, context, applied, found, { rejectedMoved, hold: removals?.holdChanged ?? null });
      return {
        counts: {
          inserted: applied.inserted,
          updated: applied.updated,
          removed: 0,
          unchanged: applied.unchanged + found.settled,
          held: applied.waiting + found.openedIds.length + found.revised + (removals?.heldBack ?? 0),
          waiting: 0,
          removalsHeld: (removals?.heldBack ?? 0) > 0,
        },
        toConfirm: removals?.toConfirm ?? null,
      };
    },
    large ? { statementTimeoutMs: 120_000 } : {},
  );
}

/** Sorts what a complete pass missed into what a person has to decide and what may be looked up. */
async function considerRemovals(
  context: PassContext,
  tx: Parameters<Parameters<Permit['transaction']>[0]>[0],
  read: { range: Range; emptyAnswer: boolean },
  found: { ofDeals: number; missing: Missing[] },
): Promise<{ toConfirm: Missing[]; heldBack: number; holdChanged: { id: number; state: holds.HoldState } | null }> {
  const { settings, runId } = context;
  const now = context.clock.now();
  const open = await holds.openHold(tx);
  const agreed = new Set(open?.state === 'accepted' ? open.leadIds : []);
  const asked = found.missing.filter((deal) => !agreed.has(deal.leadId));
  const agreedMissing = found.missing.filter((deal) => agreed.has(deal.leadId));
  await holds.forgetMissed(tx, found.missing.map((deal) => deal.leadId));

  const answer = guardRemovals({
    ofDeals: found.ofDeals,
    missing: asked.length,
    emptyAnswer: read.emptyAnswer,
    brakeShare: settings.brakeShare,
    brakeRows: settings.brakeRows,
  });
  // One hold at a time: while an accepted one is worked off, a further one waits for the next pass.
  if (answer.kind === 'hold' && open?.state !== 'accepted') {
    const facts = { reason: answer.reason, range: read.range, ofDeals: found.ofDeals, leadIds: asked.map((deal) => deal.leadId).sort(), runId, now };
    if (open) {
      const changed = await holds.refreshHold(tx, open.id, facts);
      return { toConfirm: [], heldBack: asked.length, holdChanged: changed ? { id: open.id, state: 'held' } : null };
    }
    const id = await holds.insertHold(tx, facts);
    await raiseHealthEvent(tx, 'CRITICAL', `${asked.length} of ${found.ofDeals} deals would be removed; held for a person`, {
      kind: 'removals-held',
      holdId: id,
      reason: answer.reason,
    });
    return { toConfirm: [], heldBack: asked.length, holdChanged: { id, state: 'held' } };
  }
  if (open?.state === 'held') {
    await holds.moveHold(tx, open.id, { state: 'withdrawn', leadIds: [], now });
    return { toConfirm: found.missing, heldBack: 0, holdChanged: { id: open.id, state: 'withdrawn' } };
  }
  if (answer.kind === 'hold') return { toConfirm: agreedMissing, heldBack: asked.length, holdChanged: null };
  return { toConfirm: found.missing, heldBack: 0, holdChanged: null };
}

async function tellChanges(
  tx: Parameters<Parameters<Permit['transaction']>[0]>[0],
  context: PassContext,
  applied: Awaited<ReturnType<typeof applyFacts>>,
  found: Awaited<ReturnType<typeof recordSuspects>>,
  other: { rejectedMoved: boolean; hold: { id: number; state: holds.HoldState } | null },
): Promise<void> {
  if (found.openedIds.length + found.revised + found.withdrawn > 0) {
    await appendChange(tx, 'duplicates', { opened: found.openedIds, revised: found.revised, withdrawn: found.withdrawn });
  }
  if (other.rejectedMoved) await appendChange(tx, 'rejected', {});
  if (other.hold) await appendChange(tx, 'held', other.hold);
  if (applied.inserted + applied.updated === 0) return;
  const few = applied.insertedIds.length + applied.changedIds.length <= 200;
  await appendChange(tx, 'deals', {
    source: 'sync',
    runId: context.runId,
    inserted: applied.inserted,
    updated: applied.updated,
    removed: 0,
    ...(few ? { ids: [...applied.insertedIds, ...applied.changedIds], new: applied.insertedIds } : {}),
  });
}

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
    signal: context.signal,
    onLookUp: (done) => context.onStage('looking-up', { pages: done, pagesExpected: missing.length }),
  });
  const alive = mapLeads(answer.alive.map((lead) => lead.record), mappingSettings(context.settings));
  context.onStage('applying', {});
  return context.permit.transaction(async (tx) => {
    const now = context.clock.now();
    const twice = answer.refused.length > 0 && !agreed
      ? await holds.missedTwice(tx, answer.refused.map((deal) => deal.leadId), context.runId)
      : new Set<string>();
    const gone = [...answer.gone, ...answer.refused.filter((deal) => agreed || twice.has(deal.leadId))];
    const waiting = [...answer.waiting, ...answer.refused.filter((deal) => !agreed && !twice.has(deal.leadId))];
    const removed = await removeGone(tx, gone, { runId: context.runId, now });
    await applyAlive(context, tx, alive.facts);
    await settleHold(tx, waiting, removed.removedIds.length, now);
    if (removed.leadsWithKeptRows.length > 0) {
      await raiseHealthEvent(tx, 'WARNING', `${removed.leadsWithKeptRows.length} kept deals outlived their lead`, {
        kind: 'kept-without-lead',
        leadIds: removed.leadsWithKeptRows.slice(0, 50),
      });
    }
    if (removed.withdrawn > 0) await appendChange(tx, 'duplicates', { opened: [], revised: 0, withdrawn: removed.withdrawn });
    if (removed.removedIds.length > 0) {
      await appendChange(tx, 'deals', {
        source: agreed ? 'held' : 'sync',
        runId: context.runId,
        inserted: 0,
        updated: 0,
        removed: removed.removedIds.length,
        ...(removed.removedIds.length <= 200 ? { ids: [], removedIds: removed.removedIds, new: [] } : {}),
      });
    }
    return { removed: removed.removedIds.length, waiting: waiting.length, kept: answer.alive.length };
  });
}

/** Leads that a look-up found alive are applied like any other that was read. */
async function applyAlive(
  context: PassContext,
  tx: Parameters<Parameters<Permit['transaction']>[0]>[0],
  facts: LeadFact[],
): Promise<void> {
  if (facts.length === 0) return;
  const now = context.clock.now();
  const applied = await applyFacts(tx, await bringFacts(tx, facts), {
    officeZone: context.settings.timeZone,
    commissionChangeIsDuplicate: context.settings.commissionChangeIsDuplicate,
    runId: context.runId,
    now,
  });
  const found = await recordSuspects(tx, applied.suspects, now);
  await tellChanges(tx, context, applied, found, { rejectedMoved: false, hold: null });
}

/** An accepted hold is done when none of its leads waits for a look-up any more. */
async function settleHold(
  tx: Parameters<Parameters<Permit['transaction']>[0]>[0],
  waiting: readonly Missing[],
  removed: number,
  now: Date,
): Promise<void> {
  const open = await holds.openHold(tx);
  if (open?.state !== 'accepted') return;
  const still = new Set(waiting.map((deal) => deal.leadId));
  const leadIds = open.leadIds.filter((lead) => still.has(lead));
  const state = leadIds.length > 0 ? 'accepted' : 'done';
  await holds.moveHold(tx, open.id, { state, leadIds, removedMore: removed, now });
  await appendChange(tx, 'held', { id: open.id, state });
}

function outcomeOf(
  read: ReadAllResult,
  mapped: MappedLeads,
  counts: Counts,
  range: { start: Date; end: Date | null },
): PassOutcome {
  return {
    ...counts,
    rejected: mapped.rejected.length,
    pages: read.pages,
    complete: read.complete,
    shifted: read.shifted,
    ignoredFields: mapped.ignoredFields,
    note: read.complete ? null : read.why,
    range,
  };
}

function addRemovals(outcome: PassOutcome, removals: RemovalOutcome): PassOutcome {
  return {
    ...outcome,
    removed: removals.removed,
    waiting: removals.waiting,
    unchanged: outcome.unchanged,
    shifted: outcome.shifted || removals.kept > 0,
  };
}
