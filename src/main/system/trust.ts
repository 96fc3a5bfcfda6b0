import type { Clock } from '../clock.ts';

/** One look at both clocks. Leases are trusted by both: neither alone sees suspend *and* a set clock. */
export interface ClockReading {
  wall: number;
  monotonic: number;
}

export function readClocks(clock: Clock): ClockReading {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

/**
 * Ms for which something granted at `from` may still be trusted; 0 or less: not any more. `from` is read
 * *before* the request, so a slow answer earns no trust. A wall clock that went back ends it as well.
 */
export function trustLeft(clock: Clock, from: ClockReading, trustMs: number): number {
  const wallPassed = clock.wall() - from.wall;
  const monotonicPassed = clock.monotonic() - from.monotonic;
  if (wallPassed < monotonicPassed - 1_000) return 0;
  return trustMs - Math.max(wallPassed, monotonicPassed);
}
