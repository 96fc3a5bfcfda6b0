/**
 * Time as the program sees it. Business time (days, windows, stamps of decisions) can be frozen for tests;
 * timers, back-off, limits and leases always run on real time.
 */
export interface Clock {
  /** Business time: what "now" is for days, windows and stamps. */
  now(): Date;
  /** Real wall clock, in ms since the epoch. Jumps when somebody sets the clock. */
  wall(): number;
  /** Real monotonic clock, in ms. Does not count a machine's suspend on Linux. */
  monotonic(): number;
  /** Resolves after `ms` of real time; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock; `frozen` stops business time at one instant. */
export function systemClock(frozen?: Date): Clock {
  return {
    now: () => (frozen ? new Date(frozen) : new Date()),
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    sleep,
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    function abort() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
