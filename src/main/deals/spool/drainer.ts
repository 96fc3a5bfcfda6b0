import { backOff } from '../../back-off.ts';
import type { Clock } from '../../clock.ts';
import { OpsdeckError } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** Pauses between rounds that left something, in ms. */
const pauses = { firstMs: 250, longestMs: 10_000 };
/** The spool is looked at this often even when nobody says that it moved, in ms. */
const lookMs = 15_000;

export interface DrainerParts {
  clock: Clock;
  log: Log;
  /** Between 0 and 1. */
  random(): number;
  /** True while the database answers. */
  isThere(): boolean;
  waits(): boolean;
  drain(signal: AbortSignal): Promise<'empty' | 'left'>;
  /** Told after each round. */
  onRound(): void;
}

export interface Drainer {
  /** True from the moment there is something to save until it was tried: passes come after it. */
  isFirst(): boolean;
  wake(): void;
  close(): Promise<void>;
}

/** Saves what waits whenever the database is there, again and again with longer pauses while it fails. */
export function startDrainer(parts: DrainerParts): Drainer {
  const { clock, log } = parts;
  const closing = new AbortController();
  let pause = new AbortController();
  let woken = false;
  let failures = 0;

  /** A round that failed lets others go on: what it holds is read again by the next pass in any case. */
  async function round(): Promise<void> {
    if (!parts.isThere() || !parts.waits()) return;
    const ended = await parts.drain(closing.signal).catch((error: unknown) => {
      const isAway = error instanceof OpsdeckError && error.code === 'DATABASE_AWAY';
      log[isAway ? 'debug' : 'warn']('What was read meanwhile could not be saved yet', {
        error: String(error),
      });
      return 'left' as const;
    });
    failures = ended === 'left' ? failures + 1 : 0;
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      woken = false;
      pause = new AbortController();
      await round();
      parts.onRound();
      if (woken && failures === 0) continue;
      const waits = failures > 0 && parts.isThere();
      const signal = waits ? closing.signal : AbortSignal.any([pause.signal, closing.signal]);
      await clock.sleep(waits ? backOff(failures, parts.random, pauses) : lookMs, signal).catch(() => {});
    }
  }
  // Not at once: the caller must have its drainer in hand before it is told of anything.
  const running = Promise.resolve().then(run);
  return {
    isFirst: () => failures === 0 && parts.waits(),
    wake() {
      woken = true;
      if (!parts.isThere()) failures = 0;
      pause.abort();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
