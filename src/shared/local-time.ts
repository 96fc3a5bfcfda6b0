import { dayMs } from './zone-offsets.ts';

const dayPattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const timePattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/i;

/** Days since 1970-01-01 of a 'YYYY-MM-DD' that is in the calendar; null for anything else. */
export function parseDay(text: string): number | null {
  const match = dayPattern.exec(text);
  if (!match) return null;
  const midnight = calendarMs(Number(match[1]), Number(match[2]), Number(match[3]));
  return midnight === null ? null : midnight / dayMs;
}

// A pass formats the same few weeks a hundred thousand times, and toISOString takes most of that time.
const formattedDays = new Map<number, string>();
const formattedDaysKept = 5_000;

/** 'YYYY-MM-DD' of a number of days since 1970-01-01; RangeError outside the calendar of Date. */
export function formatDay(day: number): string {
  const known = formattedDays.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * dayMs).toISOString().slice(0, -14);
  if (formattedDays.size >= formattedDaysKept) formattedDays.clear();
  formattedDays.set(day, text);
  return text;
}

/**
 * A wall clock's time in ms, written as if in UTC: date, `T` or one space, hours and minutes, then seconds and
 * a fraction if given (cut to ms). Null for a zone, for 30 February, 24:00 and second 60.
 */
export function parseLocalTime(text: string): number | null {
  const match = timePattern.exec(text);
  if (!match) return null;
  const midnight = calendarMs(Number(match[1]), Number(match[2]), Number(match[3]));
  const hours = Number(match[4]);
  const minutes = Number(match[5]);
  const seconds = match[6] === undefined ? 0 : Number(match[6]);
  if (midnight === null || hours > 23 || minutes > 59 || seconds > 59) return null;
  const millis = match[7] === undefined ? 0 : Number(match[7].slice(0, 3).padEnd(3, '0'));
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

/** Midnight in ms as if in UTC, or null where Date would quietly roll over into the next month. */
function calendarMs(year: number, month: number, day: number): number | null {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  if (year < 100 || month < 1 || month > 12 || day < 1) return null;
  if (day > 28 && new Date(Date.UTC(year, month, 0)).getUTCDate() < day) return null;
  return Date.UTC(year, month - 1, day);
}
