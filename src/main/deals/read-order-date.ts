import { startOfDay } from '../../shared/business-day.ts';
import { parseDay } from '../../shared/local-time.ts';
import { isInYears, readStamp } from './read-stamp.ts';
import { isBlank, unreadable, type Unreadable } from './read-value.ts';

/** When the vendor says the sale was made, and whether it named a time or only a day. */
export interface OrderDate {
  at: Date;
  source: 'instant' | 'day';
}

/** A bare day is the start of that office day; a stamp without zone is in the vendor's. Null: none given. */
export function readOrderDate(
  value: unknown,
  zones: { vendorZone: string; officeZone: string },
): OrderDate | null | Unreadable {
  if (isBlank(value)) return null;
  if (typeof value !== 'string') return unreadable;
  const day = value.trim();
  if (isInYears(day) && parseDay(day) !== null)
    return { at: startOfDay(day, zones.officeZone), source: 'day' };
  const at = readStamp(value, zones.vendorZone);
  return at === null ? unreadable : { at, source: 'instant' };
}
