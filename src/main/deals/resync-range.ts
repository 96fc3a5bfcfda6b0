import { dayRange, windowRange, type Range } from '../../shared/business-day.ts';
import { OpsdeckError } from '../errors.ts';
import { readCursor } from './cursors-store.ts';
import type { PassContext } from './pass-context.ts';

/** What is read anew: the window, everything, or the office's days from and to, both included. */
export type ResyncRequest = { kind: 'rolling' } | { kind: 'full'; days: { from: string; to: string } | null };

/** Longer than the vendor keeps anything. */
const everything: Range = {
  start: new Date('2000-01-01T00:00:00Z'),
  end: new Date('2100-01-01T00:00:00Z'),
};

/** The instants a resync covers, measured on the vendor's last-updated stamps. BAD_REQUEST for days that are none. */
export function resyncRange(request: ResyncRequest, now: Date, zone: string): Range {
  if (request.kind === 'rolling') return windowRange(now, zone);
  if (request.days === null) return everything;
  const { from, to } = request.days;
  if (!isDay(from) || !isDay(to)) {
    throw new OpsdeckError(
      'BAD_REQUEST',
      'Give both days as YYYY-MM-DD, for example --from 2026-01-01 --to 2026-01-31.',
    );
  }
  if (from > to) {
    throw new OpsdeckError(
      'BAD_REQUEST',
      `The first day (${from}) is after the last (${to}). Give the earlier one first.`,
    );
  }
  return { start: dayRange(from, zone).start, end: dayRange(to, zone).end };
}

function isDay(text: string): boolean {
  if (!/^(20\d\d)-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Whether a range holds the place where delta passes left off, so that they may go on from its newest. */
export async function reachesCursor(
  context: PassContext,
  source: 'deals' | 'sms',
  range: Range,
): Promise<boolean> {
  const { database, clock, settings } = context;
  const cursor = await readCursor(database, source);
  const begins = cursor ?? windowRange(clock.now(), settings.timeZone).start;
  return range.start <= begins && range.end > begins;
}

/** The refusal of a resync whose list moved in every try. */
export function notStill(why: string | null): OpsdeckError {
  return new OpsdeckError(
    'UPSTREAM_FAILED',
    `The vendor's list changed while it was read, twice (${why ?? 'unknown'}); nothing was changed here. Try again, best at a quiet hour.`,
  );
}
