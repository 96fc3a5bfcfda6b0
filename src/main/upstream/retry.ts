import type { Clock } from '../clock.ts';
import { cancelled, UpstreamError } from './upstream-error.ts';

/** How often and how patiently a vendor is asked again. Times in ms. */
export interface Patience {
  /** Tries in all when the vendor fails or answers rubbish. */
  tries: number;
  baseMs: number;
  capMs: number;
  /** Tries in all when the vendor says 429. */
  busyTries: number;
  busyBaseMs: number;
  busyCapMs: number;
}

export const usualPatience: Patience = {
  tries: 3,
  baseMs: 500,
  capMs: 4_000,
  busyTries: 5,
  busyBaseMs: 2_000,
  busyCapMs: 60_000,
};

export interface RetryOptions {
  clock: Clock;
  patience: Patience;
  random: () => number;
  signal?: AbortSignal | undefined;
  /** Told of a 429: stops everybody's calls for so long. The wait itself happens in the call budget. */
  block: (forMs: number) => Promise<void>;
}

/**
 * Runs `work` until it succeeds, fails for good, or has used up its tries; rejects with its last error, or
 * CANCELLED. A loop of our own rather than cockatiel's policies: two kinds of failure with their own counts, and
 * a 429 whose wait belongs to all processes, would need two nested policies and a side channel between them.
 */
export async function retryUpstream<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { patience, random } = options;
  const tried = { busy: 0, failed: 0 };
  for (;;) {
    if (options.signal?.aborted) throw cancelled(options.signal.reason);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.again) throw error;
      if (error.code === 'UPSTREAM_BUSY') {
        tried.busy += 1;
        // Told even when we give up: other processes should not run into the same wall.
        const jittered = backoff(tried.busy, patience.busyBaseMs, patience.busyCapMs, random);
        await options.block(error.retryAfterMs ?? jittered);
        if (tried.busy >= patience.busyTries) throw error;
      } else {
        tried.failed += 1;
        if (tried.failed >= patience.tries) throw error;
        await sleepOrCancel(backoff(tried.failed, patience.baseMs, patience.capMs, random), options);
      }
    }
  }
}

/** Exponential with full jitter, of which at least a quarter of the base is kept; in ms. */
function backoff(failures: number, baseMs: number, capMs: number, random: () => number): number {
  return Math.max(random() * Math.min(capMs, baseMs * 2 ** (failures - 1)), baseMs / 4);
}

async function sleepOrCancel(ms: number, { clock, signal }: RetryOptions): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw cancelled(error);
  }
}

/** Longest wait a vendor may ask for before we ask again anyway, in ms. */
const longestRetryAfterMs = 900_000;

/** Shortest wait after a 429, in ms: "0" and dates just gone mean "soon", not "at once". */
const shortestRetryAfterMs = 500;

/** Reads Retry-After (seconds or an HTTP date) as ms from now; null when missing or unreadable. */
export function readRetryAfter(value: string | null, date: string | null, wallMs: number): number | null {
  const text = value?.trim() ?? '';
  let ms: number;
  if (/^\d+(\.\d+)?$/.test(text)) ms = Number(text) * 1_000;
  else if (/^[A-Za-z]/.test(text)) {
    // The vendor's own idea of now, when it tells, so that our clock may be wrong.
    const now = date === null ? NaN : Date.parse(date);
    ms = Date.parse(text) - (Number.isNaN(now) ? wallMs : now);
  } else return null;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, shortestRetryAfterMs), longestRetryAfterMs);
}
