import { dayOf, dayRange, localToInstant, startOfDay } from '../../../shared/business-day.ts';

/**
 * When the next daily backup is due: at `hour` of the office's day, once for each such time. In the past when one was
 * missed, however many: it is made up for once. `last` is when the latest was begun, null before the first.
 */
export function dueBackup(now: Date, last: Date | null, zone: string, hour: number): Date {
  const today = dayOf(now, zone);
  const yesterday = dayOf(new Date(startOfDay(today, zone).getTime() - 1), zone);
  const tomorrow = dayOf(dayRange(today, zone).end, zone);
  const atHour = (day: string) => localToInstant(`${day}T${String(hour).padStart(2, '0')}:00:00`, zone);
  const passed = atHour(today) <= now;
  const latest = passed ? atHour(today) : atHour(yesterday);
  // One from the future was noted by a clock that has since been set back: it says nothing.
  if (last === null || last < latest || last > now) return latest;
  return passed ? atHour(tomorrow) : atHour(today);
}
