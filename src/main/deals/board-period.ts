import { dayOf, monthRange, startOfDay, weekRange, type Range } from '../../shared/business-day.ts';
import type { BoardView } from '../../shared/contract/boards.ts';
import { formatDay, parseDay } from '../../shared/local-time.ts';
import { OpsdeckError } from '../errors.ts';

/** Office days, YYYY-MM-DD, both included. */
export interface Days {
  from: string;
  to: string;
}

export type Period = 'today' | 'week' | 'month' | Days;

/** Ten years, leap days included. */
const mostDays = 3_653;
/** A deal's order date lies in these years; nothing is to be found beside them. */
const firstDay = '2000-01-01';
const lastDay = '2100-12-31';

/** Reads `today`, `week`, `month` or FROM..TO. BAD_REQUEST with a sentence for anything else. */
export function readPeriod(text: string): Period {
  if (text === 'today' || text === 'week' || text === 'month') return text;
  const [from = '', to = '', ...more] = text.split('..');
  if (more.length > 0 || !text.includes('..')) {
    throw refused(`There is no period "${text.slice(0, 40)}". Use today, week, month or FROM..TO`);
  }
  for (const day of [from, to]) {
    if (parseDay(day) === null) {
      throw refused(`"${day.slice(0, 20)}" is no day of the calendar. Write both days as YYYY-MM-DD`);
    }
    if (day < firstDay || day > lastDay) {
      throw refused(`${day} is outside the years 2000 to 2100. Choose days within them`);
    }
  }
  if (to < from) throw refused(`${to} is before ${from}. Name the first day first`);
  if (lengthOf({ from, to }) > mostDays) {
    throw refused(`${from} to ${to} is more than ten years. Choose a shorter period`);
  }
  return { from, to };
}

function refused(sentence: string): OpsdeckError {
  return new OpsdeckError('BAD_REQUEST', `${sentence}, for example 2026-11-01..2026-11-30.`);
}

/** The office days of a period at an instant. */
export function daysOfPeriod(period: Period, now: Date, zone: string): Days {
  if (typeof period !== 'string') return period;
  const today = dayOf(now, zone);
  switch (period) {
    case 'today':
      return { from: today, to: today };
    case 'week':
      return weekOf(today);
    case 'month':
      return monthOf(today);
  }
}

/** How many days there are. */
export function lengthOf(days: Days): number {
  return numberOf(days.to) - numberOf(days.from) + 1;
}

/** Every day, in order. */
export function listDays(days: Days): string[] {
  const first = numberOf(days.from);
  return Array.from({ length: lengthOf(days) }, (_, index) => formatDay(first + index));
}

/** As many days, right before. */
export function daysBefore(days: Days): Days {
  const length = lengthOf(days);
  return { from: addDays(days.from, -length), to: addDays(days.from, -1) };
}

/** The whole months within: the first day of the first, and the day after the last; the day after the end twice for none. */
export function wholeMonths(days: Days): { from: string; until: string } {
  const end = addDays(days.to, 1);
  const first = days.from.endsWith('-01') ? days.from : addDays(monthOf(days.from).to, 1);
  const until = `${end.slice(0, 7)}-01`;
  return first < until ? { from: first, until } : { from: end, until: end };
}

/** From the first instant of the first day to that after the last. */
export function rangeOfDays(days: Days, zone: string): Range {
  return { start: startOfDay(days.from, zone), end: startOfDay(addDays(days.to, 1), zone) };
}

/** Whether days are one day, a whole week from Monday, a whole month, or something else. */
export function shapeOf(days: Days): BoardView['shape'] {
  if (days.from === days.to) return 'day';
  if (isSame(days, monthOf(days.from))) return 'month';
  return isSame(days, weekOf(days.from)) ? 'week' : 'range';
}

/** The periods of the same shape on both sides, as FROM..TO; null outside the calendar, and for what is all to come. */
export function periodsBeside(days: Days, today: string): { previous: string | null; next: string | null } {
  const month = shapeOf(days) === 'month';
  const previous = month ? monthOf(addDays(days.from, -1)) : daysBefore(days);
  const after = addDays(days.to, 1);
  const next = month ? monthOf(after) : { from: after, to: addDays(days.to, lengthOf(days)) };
  return {
    previous: previous.from < firstDay ? null : textOf(previous),
    next: next.from > today || next.to > lastDay ? null : textOf(next),
  };
}

function textOf(days: Days): string {
  return `${days.from}..${days.to}`;
}

function isSame(a: Days, b: Days): boolean {
  return a.from === b.from && a.to === b.to;
}

// A day of the calendar is the day of that name in UTC, where no hour is skipped or repeated.
function weekOf(day: string): Days {
  return daysIn(weekRange(startOfDay(day, 'UTC'), 'UTC'));
}

function monthOf(day: string): Days {
  return daysIn(monthRange(startOfDay(day, 'UTC'), 'UTC'));
}

function daysIn({ start, end }: Range): Days {
  return { from: dayOf(start, 'UTC'), to: addDays(dayOf(end, 'UTC'), -1) };
}

/** The day so many days later, or earlier. */
export function addDays(day: string, count: number): string {
  return formatDay(numberOf(day) + count);
}

function numberOf(day: string): number {
  const number = parseDay(day);
  if (number === null) throw new RangeError('not a day of the calendar (YYYY-MM-DD)');
  return number;
}
