import type { Clock } from '../clock.ts';
import { switchOf, type ScheduleSwitches } from '../system/schedule-switches.ts';

export interface ReadingWatch {
  /** Whether a person lets the reading of deals rest, and since when it was meant to go on without a break. */
  look(switches: ScheduleSwitches): { resting: boolean; readingSince: Date };
}

/**
 * Knows since when reading is meant to go on. A pause's end and a program's start count from then: the first read after
 * takes its time, and the figures are old meanwhile though nothing stalls.
 */
export function watchReading(clock: Clock): ReadingWatch {
  let since = clock.wall();
  return {
    look(switches) {
      const wall = clock.wall();
      const resting = switchOf(switches, 'deals-delta', wall).state !== 'on';
      const until = switches.jobs['deals-delta']?.until ?? null;
      if (resting) since = wall;
      else if (until !== null) since = Math.max(since, Math.min(Date.parse(until), wall));
      return { resting, readingSince: new Date(since) };
    },
  };
}
