import { windowRange } from '../../shared/business-day.ts';
import { successLeads } from './adversus-query.ts';
import { applyPass, type PassTally } from './apply-pass.ts';
import { readCursor } from './cursors-store.ts';
import type { MappedLead } from './map-lead.ts';
import { gatherMapped, isNewerLead, mapPage, mappingSettings, type MappedLeads } from './map-leads.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { readAllPages, type ReadResult } from './read-all-pages.ts';
import { removeConfirmed, type RemovalOutcome } from './remove-gone.ts';

/** Re-read behind the cursor on every delta pass: clocks differ, and stamps have whole seconds. */
export const overlapMs = 5 * 60_000;

/** Where a read of what changed since a cursor begins; null without one. */
export function deltaStart(cursor: Date | null): Date | null {
  return cursor && new Date(cursor.getTime() - overlapMs);
}

/** Reads what changed since the last complete pass, and applies it. Removes nothing. */
export async function syncDealsDelta(context: PassContext): Promise<PassOutcome> {
  const { settings, clock } = context;
  const cursor = await readCursor(context.database, 'deals');
  const window = windowRange(clock.now(), settings.timeZone);
  const read = await readLeads(context, { start: deltaStart(cursor) ?? window.start, end: null });
  const mapped = await gatherMapped(read.records, mappingSettings(settings));
  context.onStage('applying', { records: mapped.facts.length });
  const applied = await applyPass(context, mapped, {
    movesCursor: read.complete,
    removals: null,
  });
  return outcomeOf(read, mapped, applied.counts);
}

/**
 * Reads the whole window and brings our rows in step with it. A read that was not complete still brings new
 * and changed deals, and removes nothing.
 */
export async function syncDealsWindow(context: PassContext): Promise<PassOutcome> {
  const { settings, clock } = context;
  const range = windowRange(clock.now(), settings.timeZone);
  const read = await readRange(context, range);
  const mapped = await gatherMapped(read.records, mappingSettings(settings));
  context.onStage('applying', { records: mapped.facts.length });
  const removals = read.complete ? { range, emptyAnswer: read.records.length === 0 } : null;
  const { counts, toConfirm } = await applyPass(context, mapped, {
    movesCursor: read.complete,
    removals,
  });
  const outcome = outcomeOf(read, mapped, counts);
  if (!toConfirm || toConfirm.length === 0) return outcome;
  const standIn = mapped.unidentified ? 'nobody' : 'list';
  return addRemovals(outcome, await removeConfirmed(context, toConfirm, standIn));
}

/** Reads a whole range, once more when its list moved meanwhile. */
export async function readRange(
  context: PassContext,
  range: { start: Date; end: Date },
): Promise<ReadResult<MappedLead>> {
  const read = await readLeads(context, range);
  return !read.complete && read.shifted ? readInTwo(context, range, read) : read;
}

/**
 * Reads a range that moved while it was read once more: first what is older than the newest lead of the first read,
 * then the rest. New deals come in at the front and no longer move the older part, by far the longer one. A lead
 * that is updated meanwhile leaves it for the rest, which is read after it, so none is missed between the two.
 */
async function readInTwo(
  context: PassContext,
  range: { start: Date; end: Date },
  first: ReadResult<MappedLead>,
): Promise<ReadResult<MappedLead>> {
  const { newestStamp } = await gatherMapped(first.records, mappingSettings(context.settings));
  const between = newestStamp && newestStamp > range.start && newestStamp < range.end ? newestStamp : null;
  if (!between) return readLeads(context, range);
  // Whole seconds, as the vendor compares them.
  const cut = new Date(Math.floor(between.getTime() / 1_000) * 1_000);
  const older = await readLeads(context, { start: range.start, end: cut });
  const rest = await readLeads(context, { start: cut, end: range.end });
  return {
    records: [...older.records, ...rest.records],
    pages: older.pages + rest.pages,
    complete: older.complete && rest.complete,
    shifted: older.shifted || rest.shifted,
    total: older.total === null || rest.total === null ? null : older.total + rest.total,
    why: older.why ?? rest.why,
  };
}

/** What reading takes; it writes nothing. */
export type ReadContext = Pick<
  PassContext,
  'client' | 'settings' | 'signal' | 'priority' | 'maxWaitMs' | 'onStage'
>;

/** Reads the success leads that were updated in a range, to its end, or up to now where it has none. */
export async function readLeads(
  context: ReadContext,
  range: { start: Date; end: Date | null },
): Promise<ReadResult<MappedLead>> {
  const { client, settings } = context;
  context.onStage('reading', { pages: 0, pageCount: null, records: 0 });
  return readAllPages(
    context.client,
    'leads',
    // The vendor's ranges leave out both ends, and its stamps may have whole seconds.
    successLeads({
      after: new Date(range.start.getTime() - 1_000),
      ...(range.end ? { before: range.end } : {}),
    }),
    {
      pageSize: context.settings.pageSize,
      purpose: range.end ? 'window' : 'delta',
      priority: context.priority,
      maxWaitMs: context.maxWaitMs,
      signal: context.signal,
      onPage: (progress) => context.onStage('reading', progress),
      condense: (records) => mapPage(records, mappingSettings(settings, client.updatedFieldInUse)),
      isNewer: isNewerLead,
    },
  );
}

export function outcomeOf(
  read: Omit<ReadResult, 'records'>,
  mapped: MappedLeads,
  counts: PassTally,
): PassOutcome {
  return {
    ...counts,
    rejected: mapped.rejected.length,
    pages: read.pages,
    complete: read.complete,
    shifted: read.shifted,
    ignoredFields: mapped.ignoredFields,
    note: read.complete ? null : read.why,
  };
}

function addRemovals(outcome: PassOutcome, removals: RemovalOutcome): PassOutcome {
  return {
    ...outcome,
    updated: outcome.updated + removals.updated,
    removed: removals.removed,
    unchanged: outcome.unchanged + removals.unchanged,
    held: outcome.held + removals.held,
    rejected: outcome.rejected + removals.rejected,
    waiting: removals.waiting,
    shifted: outcome.shifted || removals.kept > 0,
  };
}
