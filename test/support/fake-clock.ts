import type { Clock } from '../../src/main/clock.ts';

/** A clock on which nothing happens until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves on, waking sleepers in order of time and letting them work before the next. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock, as a person would: nobody wakes, monotonic time does not move. */
  setWall(ms: number): void;
  /** Sleepers now. */
  readonly sleeping: number;
}

/** Starts at `start` (business and wall time) and monotonic zero. */
export function createFakeClock(start = '2026-11-16T11:00:00Z'): FakeClock {
  let wall = Date.parse(start);
  let monotonic = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const move = (ms: number) => {
    wall += ms;
    monotonic += ms;
  };
  return {
    now: () => new Date(wall),
    wall: () => wall,
    monotonic: () => monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const sleeper = { at: monotonic + ms, wake: () => resolve() };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper);
            reject(signal.reason as Error);
          },
          { once: true },
        );
      }),
    async advance(ms) {
      const end = monotonic + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        move(Math.max(next.at - monotonic, 0));
        next.wake();
        await settle();
      }
      move(end - monotonic);
      await settle();
    },
    setWall: (ms) => (wall = ms),
    get sleeping() {
      return sleepers.length;
    },
  };
}
