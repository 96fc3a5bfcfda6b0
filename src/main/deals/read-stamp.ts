import { parseLocalTime } from '../../shared/local-time.ts';
import { instantOfLocal } from '../../shared/zone-offsets.ts';

const zonePattern = /(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/i;
const dayLength = 10;
/** Longer than any stamp; keeps hostile text away from the patterns. */
const maxLength = 64;

/**
 * The instant of an ISO stamp with a zone, or without one: then it is a wall clock's time in `vendorZone`. Null
 * for anything else, a bare day included, and for years outside 2000 to 2100.
 */
export function readStamp(value: unknown, vendorZone: string): Date | null {
  if (typeof value !== 'string' || value.length > maxLength) return null;
  const text = value.trim();
  if (!isInYears(text)) return null;
  if (text.endsWith('Z')) return dateOf(parseLocalTime(text.slice(0, -1)));
  // The day's own hyphens are no zone.
  const zone = zonePattern.exec(text.slice(dayLength));
  const local = parseLocalTime(zone ? text.slice(0, -zone[0].length) : text);
  if (local === null) return null;
  if (!zone) return new Date(instantOfLocal(local, vendorZone));
  const hours = Number(zone[2] ?? 0);
  const minutes = Number(zone[3] ?? 0);
  if (hours > 23 || minutes > 59) return null;
  const offset = (hours * 60 + minutes) * 60_000;
  return new Date(zone[1] === '-' ? local + offset : local - offset);
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}

/** Whether the text begins with a year that a deal can have. */
export function isInYears(text: string): boolean {
  const year = text.slice(0, 5);
  return year >= '2000-' && year <= '2100-';
}
