import { useSyncExternalStore } from 'react';

/** Main's clock as the screens know it: every age and countdown is reckoned from it, once a second. */
export interface OfficeClock {
  /** Epoch ms. */
  now(): number;
  /** Takes what main said the time is. */
  set(now: string): void;
  /** Called once a second. */
  subscribe(listener: () => void): () => void;
}

/** A clock that runs on `monotonic` from the last time main told it. */
export function createOfficeClock(monotonic: () => number, start: number): OfficeClock {
  const listeners = new Set<() => void>();
  let base = start - monotonic();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    for (const tell of listeners) tell();
  };
  return {
    now: () => base + monotonic(),
    set(now) {
      const at = Date.parse(now);
      if (Number.isFinite(at)) base = at - monotonic();
      tick();
    },
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, 1000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** A value read from the clock; the part is drawn again only when the value differs. Must be a primitive. */
export function useFromClock<T extends string | number | boolean>(
  clock: OfficeClock,
  read: (now: number) => T,
): T {
  return useSyncExternalStore(clock.subscribe, () => read(clock.now()));
}
