import type { Clock } from '../clock.ts';

export interface Taken {
  ok: boolean;
  left: number;
  /** Whole seconds until the count begins anew. */
  resetSeconds: number;
}

/** Counts calls under a key, so many in a stretch of time. */
export interface CallLimiter {
  take(key: string, most: number): Taken;
}

/** More keys than this are not remembered: the one longest there goes. */
const mostKeys = 10_000;

/** Counts in memory, by the clock that nobody can set. */
export function createCallLimiter(clock: Pick<Clock, 'monotonic'>, stretchMs: number): CallLimiter {
  const counts = new Map<string, { since: number; taken: number }>();

  function current(key: string, now: number) {
    const known = counts.get(key);
    if (known && now - known.since < stretchMs) return known;
    counts.delete(key);
    const begun = { since: now, taken: 0 };
    counts.set(key, begun);
    if (counts.size > mostKeys) counts.delete(counts.keys().next().value!);
    return begun;
  }

  return {
    take(key, most) {
      const now = clock.monotonic();
      const count = current(key, now);
      const ok = count.taken < most;
      if (ok) count.taken += 1;
      return {
        ok,
        left: Math.max(0, most - count.taken),
        resetSeconds: Math.max(1, Math.ceil((count.since + stretchMs - now) / 1_000)),
      };
    },
  };
}
