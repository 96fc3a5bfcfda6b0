import { Temporal } from 'temporal-polyfill/implementation';

/**
 * A stretch of time in which a zone keeps one offset; `from` inclusive, `until` exclusive, all in ms.
 * `firstDay` is the local day (days since 1970-01-01) that had been reached when it began.
 */
export interface OffsetPeriod {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
  readonly firstDay: number;
}

export const dayMs = 86_400_000;

// Temporal needs about 10 µs for one conversion, and passes ask for a hundred thousand. A zone changes its
// offset twice a year, so what was learnt about a stretch is kept; callers cannot tell but by the time.
const knownPeriods = new Map<string, { last: OffsetPeriod; all: OffsetPeriod[] }>();

/** The stretch that holds the instant (ms); RangeError for an unknown zone or an invalid instant. */
export function offsetPeriodAt(instant: number, zone: string): OffsetPeriod {
  const known = knownPeriods.get(zone);
  if (known && holds(known.last, instant)) return known.last;
  const period = known?.all.find((candidate) => holds(candidate, instant)) ?? readPeriod(instant, zone);
  if (!known) knownPeriods.set(zone, { last: period, all: [period] });
  else {
    if (!known.all.includes(period)) known.all.push(period);
    known.last = period;
  }
  return period;
}

/**
 * The instant (ms) at which local clocks show `local` (ms, written as if in UTC). Twice shown: the first time.
 * Never shown: as far after the jump as it was meant after its start, or the jump itself (`inGap: 'jump'`).
 */
export function instantOfLocal(local: number, zone: string, inGap: 'shift' | 'jump' = 'shift'): number {
  // No zone is a day away from UTC, so the stretch of the day before is at or before the one looked for.
  let earlier = offsetPeriodAt(local - dayMs, zone);
  let period = earlier;
  while (local - period.offset >= period.until) {
    earlier = period;
    period = offsetPeriodAt(period.until, zone);
  }
  const instant = local - period.offset;
  if (instant >= period.from) return instant;
  return inGap === 'jump' ? period.from : local - earlier.offset;
}

function holds(period: OffsetPeriod, instant: number): boolean {
  return instant >= period.from && instant < period.until;
}

function readPeriod(instant: number, zone: string): OffsetPeriod {
  const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const offset = here.offsetNanoseconds / 1e6;
  // 'previous' is strictly before, but the first ms of a stretch belongs to it.
  const previous = here.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const from = previous?.epochMilliseconds ?? -Infinity;
  const until = here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  const before = previous?.subtract({ milliseconds: 1 });
  const firstDay = before ? localDay(before.epochMilliseconds, before.offsetNanoseconds / 1e6) : -Infinity;
  return { from, until, offset, firstDay };
}

function localDay(instant: number, offset: number): number {
  return Math.floor((instant + offset) / dayMs);
}
