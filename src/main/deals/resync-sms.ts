import type { Range } from '../../shared/business-day.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import { guardRemovals } from '../system/guard-removals.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { notStill, reachesCursor } from './resync-range.ts';
import { unlistedSms } from './sms-store.ts';
import { applyMessages, gatherMessages, outcomeOf, readMessages, type MappedMessages } from './sync-sms.ts';
import type { ReadResult } from './read-all-pages.ts';
import type { MappedSms } from './map-sms.ts';

/**
 * Reads the messages of a range anew and swaps them in, in one transaction. The vendor has no look-up for a message,
 * so one goes only when two complete reads lack it, and never more than the brake lets through: those stay, with a
 * WARNING. UPSTREAM_FAILED when the list would not hold still.
 */
export async function resyncSms(context: PassContext, range: Range): Promise<PassOutcome> {
  const read = await readStill(context, range);
  const mapped = await gatherMessages(read.records);
  const found = await unlisted(context, mapped, range);
  const guarded = guardRemovals({
    ofDeals: found.ofSms,
    missing: found.ids.length,
    emptyAnswer: read.records.length === 0,
    brakeShare: context.settings.brakeShare,
    brakeRows: context.settings.brakeRows,
  });
  // One without a readable id may be any of them.
  const unidentified = mapped.rejected.some((record) => !/^\d+$/.test(record.key));
  const braked = guarded.kind === 'hold' || (unidentified && found.ids.length > 0);
  const gone = braked || found.ids.length === 0 ? [] : await missedAgain(context, range, found.ids);
  const movesCursor = await reachesCursor(context, 'sms', range);
  const counts = await applyMessages(context, mapped, { movesCursor, unlisted: gone });
  if (braked) await tellKept(context, found.ids.length, found.ofSms);
  const outcome = outcomeOf(read, mapped, { ...counts, complete: true });
  return { ...outcome, removalsHeld: braked, note: braked ? 'unlisted-messages-kept' : null };
}

async function readStill(context: PassContext, range: Range): Promise<ReadResult<MappedSms>> {
  let read = await readMessages(context, range);
  if (!read.complete && read.shifted) read = await readMessages(context, range);
  if (!read.complete) throw notStill(read.why);
  return read;
}

/** What the list lacks; a record that could not be mapped counts as seen. */
function unlisted(context: PassContext, mapped: MappedMessages, range: Range) {
  const listed = [...mapped.facts.map((fact) => fact.id), ...mapped.rejected.map((record) => record.key)];
  return unlistedSms(context.database, listed, range);
}

/** Of these messages, those that a second complete read lacks too. */
async function missedAgain(context: PassContext, range: Range, ids: readonly string[]): Promise<string[]> {
  const again = await gatherMessages((await readStill(context, range)).records);
  const still = new Set((await unlisted(context, again, range)).ids);
  return ids.filter((id) => still.has(id));
}

async function tellKept(context: PassContext, count: number, of: number): Promise<void> {
  await context.permit.transaction((tx) =>
    raiseHealthEvent(tx, 'WARNING', `${count} of ${of} messages are not listed any more; they were kept`, {
      kind: 'unlisted-messages-kept',
    }),
  );
}
