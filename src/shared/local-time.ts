import { dayMs } from './zone-offsets.ts';

const dayLength = 'YYYY-MM-DD'.length;
const minuteLength = 'YYYY-MM-DDTHH:MM'.length;
const secondLength = 'YYYY-MM-DDTHH:MM:SS'.length;

/** Days since 1970-01-01 of a 'YYYY-MM-DD' that is in the calendar; null for anything else. */
export function parseDay(text: string): number | null {
  const midnight = text.length === dayLength ? readMidnight(text) : null;
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
  const midnight = readMidnight(text);
  const separator = text.charAt(dayLength);
  if (midnight === null || (separator !== 'T' && separator !== 't' && separator !== ' ')) return null;
  const hours = digitsAt(text, 11, 2);
  const minutes = text.charAt(13) === ':' ? digitsAt(text, 14, 2) : -1;
  const seconds = text.length === minuteLength ? 0 : text.charAt(16) === ':' ? digitsAt(text, 17, 2) : -1;
  const millis = text.length <= secondLength ? 0 : readMillis(text);
  if (hours < 0 || minutes < 0 || seconds < 0 || millis < 0) return null;
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

// Read by hand: patterns took a third of the time of mapping a page of leads.

/** Midnight of the day that the text begins with, in ms as if in UTC; null for none that is in the calendar. */
function readMidnight(text: string): number | null {
  const year = digitsAt(text, 0, 4);
  const month = text.charAt(4) === '-' ? digitsAt(text, 5, 2) : -1;
  const day = text.charAt(7) === '-' ? digitsAt(text, 8, 2) : -1;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999, and rolls 30 February over into March.
  if (year < 100 || month < 1 || month > 12 || day < 1) return null;
  if (day > 28 && new Date(Date.UTC(year, month, 0)).getUTCDate() < day) return null;
  return Date.UTC(year, month - 1, day);
}

/** A fraction of a second after the seconds, cut to ms; −1 for anything else there. */
function readMillis(text: string): number {
  const count = text.length - secondLength - 1;
  if (text.charAt(secondLength) !== '.' || count < 1) return -1;
  for (let at = secondLength + 1; at < text.length; at += 1) if (digitsAt(text, at, 1) < 0) return -1;
  const kept = Math.min(count, 3);
  return digitsAt(text, secondLength + 1, kept) * 10 ** (3 - kept);
}

/** The number that `count` digits write; −1 if one of them is no digit, or missing. */
function digitsAt(text: string, start: number, count: number): number {
  let number = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1; // also past the end, where the code is NaN
    number = number * 10 + digit;
  }
  return number;
}
