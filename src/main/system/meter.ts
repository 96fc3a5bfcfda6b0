import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MeasureName, Spread } from '../../shared/contract/performance.ts';
import type { Database, Queryable } from '../storage/postgres.ts';

/** So many of the latest times are kept of each. */
const kept = 512;
/** The event loop is looked at so often, in ms; that much of each reading is the looking itself. */
const lookMs = 20;
/** Its readings begin anew after this, in ms, so that an old fright does not stay. */
const renewMs = 120_000;

type Timed = Exclude<MeasureName, 'event-loop'>;

/** Times of this process, kept in a ring each: noting one costs nothing, sorting is done when somebody looks. */
export interface Meter {
  note(name: Timed, tookMs: number): void;
  spread(name: Timed): Spread;
  /** `fetch` that notes how long the vendor takes to begin its answer, also where it refuses; not where it never does. */
  fetch(name: Timed, fetch: (url: string, init: RequestInit) => Promise<Response>): typeof fetch;
}

export function createMeter(monotonic: () => number): Meter {
  const rings = new Map<Timed, { times: number[]; count: number }>();
  const ringOf = (name: Timed) => {
    const found = rings.get(name) ?? { times: [], count: 0 };
    rings.set(name, found);
    return found;
  };
  function note(name: Timed, tookMs: number): void {
    const ring = ringOf(name);
    ring.times[ring.count % kept] = Math.max(0, tookMs);
    ring.count += 1;
  }
  return {
    note,
    spread: (name) => spreadOf(ringOf(name).times),
    fetch: (name, fetch) => async (url, init) => {
      const began = monotonic();
      const response = await fetch(url, init);
      note(name, monotonic() - began);
      return response;
    },
  };
}

/** Median, the time that 95 of 100 keep, and the longest. */
export function spreadOf(times: readonly number[]): Spread {
  if (times.length === 0) return { count: 0, median_ms: null, high_ms: null, max_ms: null };
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
  return { count: sorted.length, median_ms: at(0.5), high_ms: at(0.95), max_ms: sorted.at(-1)! };
}

/** The database, noting how long each single statement takes with its wait for a connection; failures are not times. */
export function timedDatabase(database: Database, meter: Meter, monotonic: () => number): Database {
  const timed = (on: Queryable): Queryable['query'] =>
    async function query(...given) {
      const began = monotonic();
      const answer = await on.query<never>(...given);
      meter.note('database', monotonic() - began);
      return answer;
    };
  return { ...database, query: timed(database), vital: { query: timed(database.vital) } };
}

/** The delay of this process's event loop over the latest minutes. */
export interface LoopWatch {
  spread(): Spread;
  close(): void;
}

export function watchEventLoop(monotonic: () => number): LoopWatch {
  const start = () => {
    const histogram = monitorEventLoopDelay({ resolution: lookMs });
    histogram.enable();
    return { histogram, since: monotonic() };
  };
  let now = start();
  let before: ReturnType<typeof monitorEventLoopDelay> | null = null;
  const delay = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - lookMs);
  return {
    spread() {
      if (monotonic() - now.since > renewMs) {
        now.histogram.disable();
        before = now.histogram;
        now = start();
      }
      // Just begun anew, it says too little.
      const from = now.histogram.count < 50 && before ? before : now.histogram;
      if (from.count === 0) return spreadOf([]);
      return {
        count: from.count,
        median_ms: delay(from.percentile(50)),
        high_ms: delay(from.percentile(99)),
        max_ms: delay(from.max),
      };
    },
    close: () => void now.histogram.disable(),
  };
}
