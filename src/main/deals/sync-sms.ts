import { windowRange } from '../../shared/business-day.ts';
import { appendChange } from '../system/change-log.ts';
import { outboundSms } from './adversus-query.ts';
import { moveCursor, readCursor } from './cursors-store.ts';
import { mappingSettings } from './map-leads.ts';
import type { MappingSettings } from './map-lead.ts';
import { mapSms, type MappedSms, type SmsFact } from './map-sms.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { readAllPages, type ReadFlaw, type ReadResult } from './read-all-pages.ts';
import { countRejected, shelveRejected, type RejectedFact } from './rejected-store.ts';
import { applySms, removeSms } from './sms-store.ts';

/**
 * How far behind the cursor a delta pass reads again, in ms. A message is stored at first sight whatever its status, so
 * only its later delivery must be looked for there; what takes longer, the next window pass finds. With small pages it
 * is less, since every page is a call that deals wait for.
 */
function overlapMs(pageSize: number): number {
  return Math.max((60 * 60_000 * pageSize) / 1_000, 10 * 60_000);
}

/**
 * Calls that messages leave to deals, whose removals must be seen in time: of an hour about what a quarter of it
 * takes at a hundred rows a page, of a minute what a delta pass and a few look-ups take. A whole read leaves more,
 * because it can take hundreds.
 */
const leftToDeals = {
  delta: { perHour: 100, perMinute: 15 },
  window: { perHour: 150, perMinute: 20 },
};

/** Messages mapped, or mapped ones gathered, before main gets to answer others. */
const mappedPerTurn = 200;
const gatheredPerTurn = 5_000;

/** Reads messages sent since the last complete pass, and those whose delivery may have been told since. */
export async function syncSmsDelta(context: PassContext): Promise<PassOutcome> {
  const cursor = await readCursor(context.database, 'sms');
  const window = windowRange(context.clock.now(), context.settings.timeZone);
  const start = cursor ? new Date(cursor.getTime() - overlapMs(context.settings.pageSize)) : window.start;
  return syncRange(context, { start, end: null });
}

/** Reads the window's messages. The vendor has no look-up for them, so none is ever removed. */
export async function syncSmsWindow(context: PassContext): Promise<PassOutcome> {
  return syncRange(context, windowRange(context.clock.now(), context.settings.timeZone));
}

async function syncRange(
  context: PassContext,
  range: { start: Date; end: Date | null },
): Promise<PassOutcome> {
  const read = await readMessages(context, range);
  const mapped = await gatherMessages(read.records);
  const whole = readWhole(read);
  const counts = await applyMessages(context, mapped, { movesCursor: whole, unlisted: [] });
  return outcomeOf(read, mapped, { ...counts, complete: whole });
}

/** One transaction: messages, rejected records, cursor, those not listed any more, and the change entry last. */
export async function applyMessages(
  context: PassContext,
  mapped: MappedMessages,
  options: { movesCursor: boolean; unlisted: readonly string[] },
): Promise<SmsCounts> {
  context.onStage('applying', { records: mapped.facts.length });
  const now = context.clock.now();
  return context.permit.transaction(
    async (tx) => {
      const applied = await applySms(tx, mapped.facts, now);
      const removed = options.unlisted.length > 0 ? await removeSms(tx, options.unlisted) : 0;
      const rejectedMoved = await shelveRejected(tx, 'sms', {
        rejected: mapped.rejected,
        mappedKeys: mapped.facts.map((fact) => fact.id),
        completeRange: null,
        now,
      });
      if (options.movesCursor && mapped.newest)
        await moveCursor(tx, 'sms', mapped.newest < now ? mapped.newest : now);
      if (rejectedMoved) await appendChange(tx, 'rejected', { open: await countRejected(tx) });
      const count = applied.inserted + applied.updated + removed;
      if (count > 0) await appendChange(tx, 'sms', { count });
      return { ...applied, removed };
    },
    mapped.facts.length > 2_000 ? { statementTimeoutMs: 60_000 } : {},
  );
}

export interface SmsCounts {
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** The outcome of a read of messages, as every pass tells it. */
export function outcomeOf(
  read: Pick<ReadResult, 'pages' | 'shifted' | 'why'>,
  mapped: MappedMessages,
  counts: SmsCounts & { complete: boolean },
): PassOutcome {
  return {
    ...counts,
    held: 0,
    rejected: mapped.rejected.length,
    waiting: 0,
    pages: read.pages,
    shifted: read.shifted,
    ignoredFields: 0,
    removalsHeld: false,
    note: counts.complete ? null : read.why,
  };
}

/** What only shows that messages came in while the list was read; each pushes the others back, past none unread. */
const cameIn: ReadonlySet<ReadFlaw | null> = new Set([
  'total-changed',
  'id-repeated',
  'front-moved',
  'second-read-differs',
]);

/**
 * Whether the list was read to its end. In a busy office a message comes in during every read of many pages; were
 * none of them complete, each delta pass would read the whole window again. Nothing is removed on a read's word.
 */
function readWhole(read: Pick<ReadResult, 'complete' | 'why'>): boolean {
  return read.complete || cameIn.has(read.why);
}

/** Reads the messages sent in a range, newest first. */
export function readMessages(
  context: PassContext,
  range: { start: Date; end: Date | null },
): Promise<ReadResult<MappedSms>> {
  const mapping = mappingSettings(context.settings);
  context.onStage('reading', { pages: 0, pageCount: null, records: 0 });
  return readAllPages(
    context.client,
    'sms',
    outboundSms({
      after: new Date(range.start.getTime() - 1_000),
      ...(range.end ? { before: range.end } : {}),
    }),
    {
      pageSize: context.settings.pageSize,
      purpose: 'sms',
      leaves: range.end ? leftToDeals.window : leftToDeals.delta,
      priority: context.priority,
      maxWaitMs: context.maxWaitMs,
      signal: context.signal,
      onPage: (progress) => context.onStage('reading', progress),
      condense: (records) => mapPage(records, mapping),
    },
  );
}

async function mapPage(records: readonly unknown[], settings: MappingSettings): Promise<MappedSms[]> {
  const mapped: MappedSms[] = [];
  for (const record of records) {
    mapped.push(mapSms(record, settings));
    if (mapped.length % mappedPerTurn === 0) await nextTurn();
  }
  return mapped;
}

/** Messages by id, records that could not be mapped, and the newest sending time. */
export interface MappedMessages {
  facts: SmsFact[];
  rejected: RejectedFact[];
  newest: Date | null;
}

/** Gathers what was mapped, each message once. */
export async function gatherMessages(messages: readonly MappedSms[]): Promise<MappedMessages> {
  const facts = new Map<string, SmsFact>();
  const rejected = new Map<string, RejectedFact>();
  let newest: Date | null = null;
  for (const [at, mapped] of messages.entries()) {
    if (at % gatheredPerTurn === gatheredPerTurn - 1) await nextTurn();
    if (mapped.kind === 'rejected')
      rejected.set(mapped.rejection.key, { ...mapped.rejection, upstreamAt: null });
    if (mapped.kind !== 'sms') continue;
    // Newest first: of a message read twice the first is the later answer's only if pages shifted; either is true.
    facts.set(mapped.fact.id, mapped.fact);
    if (!newest || mapped.fact.timestamp > newest) newest = mapped.fact.timestamp;
  }
  for (const key of [...rejected.keys()]) if (facts.has(key)) rejected.delete(key);
  return { facts: [...facts.values()], rejected: [...rejected.values()], newest };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
