import { nextMidnight } from '../../shared/business-day.ts';
import type { Clock } from '../clock.ts';
import type { TodayCache } from '../deals/today-cache.ts';
import type { Log } from '../log.ts';

/** Longest pause between two looks at the calendar, in ms: clocks are set, laptops sleep. */
const calendarMs = 15_000;

/**
 * Begins the office's new day when it comes, until `closing`: today is loaded, then `onDay` is told once. `catchUp` runs
 * with each look.
 */
export async function keepCalendar(parts: {
  clock: Clock;
  log: Log;
  closing: AbortSignal;
  timeZone(): string;
  today: TodayCache;
  catchUp(): Promise<void>;
  /** Whether deals are read on while the database is away. */
  readsOn(): boolean;
  onDay(day: string): void;
}): Promise<void> {
  const { clock, log, closing, today } = parts;
  let told = today.today().day;
  while (!closing.aborted) {
    const untilMidnight = nextMidnight(clock.now(), parts.timeZone()).getTime() - clock.now().getTime();
    const wait = Math.min(Math.max(untilMidnight, 50), calendarMs);
    await clock.sleep(wait, closing).catch(() => {});
    if (closing.aborted) break;
    await parts.catchUp();
    try {
      if (today.isYesterday()) await today.load();
    } catch (error) {
      log.warn('The new day could not be loaded yet', { error: String(error) });
      // What is read on is of the new day; where nothing is read, yesterday's board with its date says more.
      if (today.isYesterday() && parts.readsOn()) today.beginDay();
    }
    // Whoever loaded it, perhaps a change that came first: windows are told once.
    const { day } = today.today();
    if (day !== told) parts.onDay(day);
    told = day;
  }
}
