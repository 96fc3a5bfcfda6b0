import { formatDay, parseDay, parseLocalTime } from './local-time.ts';
import { dayMs, instantOfLocal, offsetPeriodAt } from './zone-offsets.ts';

/** Half-open: `start` belongs to it, `end` does not. Empty for a day that a zone skipped. */
export interface Range {
  start: Date;
  end: Date;
}

/** The window reaches this many days back from the first of the month (D3). */
const windowLeadDays = 7;

/**
 * Whether the name is a zone that Node and Postgres read alike: `Area/Place` of the IANA database, or UTC. Bare
 * offsets are not (Postgres reads their sign the other way), nor are CET, EET, MET and WET (no summer time there).
 */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[a-z]+\//i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The local day 'YYYY-MM-DD' whose `dayRange` holds the instant. RangeError for an invalid date or zone.
 * Where clocks once went back across midnight, the repeated minutes stay in the day that had begun.
 */
export function dayOf(instant: Date, zone: string): string {
  return formatDay(dayNumberOf(instant, zone));
}

/** The first instant of a local day 'YYYY-MM-DD': midnight, or the first moment after a jump over midnight. */
export function startOfDay(day: string, zone: string): Date {
  return startOf(dayNumber(day), zone);
}

/** The whole local day: 23, 24 or 25 hours in most zones. */
export function dayRange(day: string, zone: string): Range {
  const number = dayNumber(day);
  return daysRange(number, number + 1, zone);
}

/** The local day that holds `now`. */
export function todayRange(now: Date, zone: string): Range {
  const today = dayNumberOf(now, zone);
  return daysRange(today, today + 1, zone);
}

/** The end of today: when the boards begin anew. */
export function nextMidnight(now: Date, zone: string): Date {
  return todayRange(now, zone).end;
}

/** The local week that holds `now`, Monday first. */
export function weekRange(now: Date, zone: string): Range {
  const today = dayNumberOf(now, zone);
  // 1970-01-01 was a Thursday, three days after its Monday; the double modulo is for days before it.
  const monday = today - ((((today + 3) % 7) + 7) % 7);
  return daysRange(monday, monday + 7, zone);
}

/** The local month that holds `now`. */
export function monthRange(now: Date, zone: string): Range {
  const { first, next } = monthOf(now, zone);
  return daysRange(first, next, zone);
}

/** The dates kept in step with upstream (D3): the month that holds `now`, and the seven days before it. */
export function windowRange(now: Date, zone: string): Range {
  const { first, next } = monthOf(now, zone);
  return daysRange(first - windowLeadDays, next, zone);
}

/**
 * The instant of a wall clock's time without zone ('2026-03-29T02:30', a space for the T, seconds and fraction
 * if any). Shown twice: the first; skipped: as much later. RangeError for what is not in the calendar.
 */
export function localToInstant(localIso: string, zone: string): Date {
  const local = parseLocalTime(localIso);
  if (local === null) throw new RangeError('not a local date and time');
  return new Date(instantOfLocal(local, zone));
}

function dayNumberOf(instant: Date, zone: string): number {
  const time = instant.getTime();
  const period = offsetPeriodAt(time, zone);
  return Math.max(period.firstDay, Math.floor((time + period.offset) / dayMs));
}

function dayNumber(day: string): number {
  const number = parseDay(day);
  if (number === null) throw new RangeError('not a day of the calendar (YYYY-MM-DD)');
  return number;
}

function startOf(day: number, zone: string): Date {
  return new Date(instantOfLocal(day * dayMs, zone, 'jump'));
}

function daysRange(first: number, next: number, zone: string): Range {
  return { start: startOf(first, zone), end: startOf(next, zone) };
}

function monthOf(now: Date, zone: string): { first: number; next: number } {
  const today = new Date(dayNumberOf(now, zone) * dayMs);
  const year = today.getUTCFullYear();
  const month = today.getUTCMonth();
  return { first: Date.UTC(year, month, 1) / dayMs, next: Date.UTC(year, month + 1, 1) / dayMs };
}
