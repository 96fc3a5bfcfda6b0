import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import { forecastHour, paceMs } from './budget-forecast.ts';
import {
  blockAccount,
  finishPlace,
  pruneCalls,
  readUse,
  returnPlace,
  takePlace,
  type PlaceAnswer,
  type PlaceWaits,
} from './call-budget-store.ts';
import { cancelled, UpstreamError } from './upstream-error.ts';

/** One account's limits at the vendor, and what we keep clear of them. Spans and margins in ms. */
export interface CallLimits {
  perHour: number;
  perMinute: number;
  atOnce: number;
  hourMs: number;
  minuteMs: number;
  /** Added to both windows: clocks that run at different speeds, counters that round. */
  marginMs: number;
  /** How long a slot stays taken after an answer: the vendor may free its own a moment later than we have read it. */
  slotMarginMs: number;
  /** How long a call we gave up on stays "in flight": the vendor notices late that nobody listens. */
  abortGraceMs: number;
  /** Beyond a call's time-out, how long its place outlives a process that died holding it. */
  deadHolderMs: number;
  /** What scheduled work leaves to people. */
  reservePerHour: number;
  reservePerMinute: number;
}

/** Adversus: 1000 an hour, 60 a minute, 2 at once (the vendor's specification). */
export const adversusLimits: CallLimits = {
  perHour: 1_000,
  perMinute: 60,
  atOnce: 2,
  hourMs: 3_600_000,
  minuteMs: 60_000,
  marginMs: 1_000,
  slotMarginMs: 50,
  abortGraceMs: 1_000,
  deadHolderMs: 10_000,
  reservePerHour: 60,
  reservePerMinute: 5,
};

export type CallPriority = 'person' | 'schedule';

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Longest the vendor may take, in ms. */
  timeoutMs: number;
  /** Longest wait for a place, in ms. */
  maxWaitMs: number;
  priority: CallPriority;
  /** Calls of each limit that this one leaves to more urgent work. */
  leaves?: CallReserve | undefined;
}

/** Calls of an hour and of a minute that are kept for others. */
export interface CallReserve {
  perHour: number;
  perMinute: number;
}

/** What is used and left of the limits, in calls. */
export interface BudgetState {
  usedHour: number;
  usedMinute: number;
  inFlight: number;
  leftHour: number;
  leftMinute: number;
  blockedUntil: Date | null;
  blockedReason: string | null;
  /** Calls in an hour if the pace of the last quarter goes on. */
  forecastHour: number;
}

/** The vendor's limits, counted in Postgres for every process of one account together. */
export interface CallBudget {
  /**
   * Waits for a place, then runs `work`, which must end soon after its signal is aborted. UPSTREAM_BUSY (with
   * `freeAt`) when no place comes free in time, UPSTREAM_FAILED after `timeoutMs`, CANCELLED by the signal.
   */
  call<T>(
    purpose: string,
    work: (signal: AbortSignal) => Promise<{ status: number; value: T }>,
    options: CallOptions,
  ): Promise<T>;
  state(): Promise<BudgetState>;
  /** Stops the calls of all processes until this wall time (ms); never shortens a block. */
  block(untilMs: number, reason: string): Promise<void>;
}

export interface CallBudgetOptions {
  database: Database;
  clock: Clock;
  /** Whose limits: one row per vendor account, for example `adversus:…`. */
  account: string;
  limits: CallLimits;
  processId?: string | null;
  random?: () => number;
  /** Longest sleep between two looks while a call of another process holds the slot, in ms. */
  pollMs?: number;
}

/** How long finished calls are kept, in ms: the hour counts, a day explains. */
const keepCallsMs = 26 * 3_600_000;

/** Builds the budget of one account; nothing is read until the first call. */
export function createCallBudget(options: CallBudgetOptions): CallBudget {
  const { database, clock, account, limits } = options;
  const random = options.random ?? Math.random;
  const spans = {
    hourSpanMs: limits.hourMs + limits.marginMs,
    minuteSpanMs: limits.minuteMs + limits.marginMs,
  };
  const wakers = new Set<() => void>();

  function ask(purpose: string, { priority, timeoutMs, leaves }: CallOptions): Promise<PlaceAnswer> {
    const kept = priority === 'schedule';
    const hourReserve = Math.max(kept ? limits.reservePerHour : 0, leaves?.perHour ?? 0);
    const minuteReserve = Math.max(kept ? limits.reservePerMinute : 0, leaves?.perMinute ?? 0);
    return takePlace(database, {
      account,
      purpose,
      processId: options.processId ?? null,
      ...spans,
      slotSpanMs: Math.max(limits.slotMarginMs, 1),
      hourCap: Math.max(limits.perHour - hourReserve, 1),
      minuteCap: Math.max(limits.perMinute - minuteReserve, 1),
      atOnce: limits.atOnce,
      lifetimeMs: timeoutMs + limits.deadHolderMs,
    });
  }

  async function waitForPlace(purpose: string, callOptions: CallOptions): Promise<number> {
    const deadline = clock.monotonic() + callOptions.maxWaitMs;
    for (;;) {
      if (callOptions.signal?.aborted) throw cancelled(callOptions.signal.reason);
      const answer = await ask(purpose, callOptions);
      if (answer.kind === 'taken') return answer.id;
      const waitMs = Math.max(...Object.values(answer.waits));
      const leftMs = deadline - clock.monotonic();
      if (waitMs > leftMs)
        throw busy(answer.waits, answer.blockedReason, new Date(clock.wall() + waitMs), limits);
      await pause(pauseFor(answer.waits, waitMs, Math.max(leftMs, 1)), callOptions.signal);
    }
  }

  /** Only a slot comes free at a time nobody knows; windows and blocks end exactly when the database says. */
  function pauseFor(waits: PlaceWaits, waitMs: number, leftMs: number): number {
    const slotOnly = waits.slot > 0 && waits.slot === waitMs;
    const wished = slotOnly ? Math.max(waitMs, (options.pollMs ?? 150) * (0.5 + random() / 2)) : waitMs + 1;
    return Math.min(wished, leftMs);
  }

  async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const sleep = new AbortController();
    const wake = () => sleep.abort();
    wakers.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
    try {
      await clock.sleep(ms, sleep.signal);
    } catch {
      // Woken early, by a finished call of this process or by the caller's signal; the loop looks again.
    } finally {
      wakers.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
  }

  async function finish(id: number, status: number | null): Promise<void> {
    try {
      await finishPlace(database, id, status, status === null ? limits.abortGraceMs : 0);
      if (random() < 0.01) await pruneCalls(database, account, keepCallsMs);
    } catch {
      // The database is away: the place expires by itself, and the call's own outcome is what matters.
    }
    for (const wake of wakers) wake();
  }

  return {
    async call(purpose, work, callOptions) {
      const id = await waitForPlace(purpose, callOptions);
      if (callOptions.signal?.aborted) {
        // Never sent, so it need not count; with the database away it expires by itself.
        await returnPlace(database, id).catch(() => {});
        throw cancelled(callOptions.signal.reason);
      }
      let status: number | null = null;
      try {
        const done = await runLimited(work, callOptions);
        status = done.status;
        return done.value;
      } finally {
        await finish(id, status);
      }
    },
    async state() {
      const { startedLately, oldestAgeMs, ...use } = await readUse(database, account, { ...spans, paceMs });
      return {
        ...use,
        leftHour: Math.max(limits.perHour - use.usedHour, 0),
        leftMinute: Math.max(limits.perMinute - use.usedMinute, 0),
        forecastHour: forecastHour({ calls: startedLately, oldestAgeMs }),
      };
    },
    block: (untilMs, reason) => blockAccount(database, account, Math.max(untilMs - clock.wall(), 0), reason),
  };
}

/** Runs one call within its time-out. */
export async function runLimited<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs }: CallOptions,
): Promise<T> {
  const own = new AbortController();
  const onAbort = () => own.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    own.abort(new Error('timed out'));
  }, timeoutMs);
  try {
    return await work(own.signal);
  } catch (error) {
    if (signal?.aborted) throw cancelled(error);
    if (!late) throw error;
    const seconds = Math.round(timeoutMs / 100) / 10;
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `The vendor did not answer within ${seconds} s. The next pass tries again; if it stays so, ask the vendor.`,
      // Two minutes are the vendor's own longest; three times that is longer than anybody waits.
      { cause: error, again: false },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function busy(
  waits: PlaceWaits,
  blockedReason: string | null,
  freeAt: Date,
  limits: CallLimits,
): UpstreamError {
  const longest = Math.max(...Object.values(waits));
  const why =
    waits.block === longest
      ? `The vendor asked us to wait (${blockedReason ?? 'too many calls'})`
      : waits.hour === longest
        ? `The calls allowed in an hour (${limits.perHour}) are used up`
        : waits.minute === longest
          ? `The calls allowed in a minute (${limits.perMinute}) are used up`
          : `${limits.atOnce} calls are under way, which is all the vendor allows at once`;
  return new UpstreamError(
    'UPSTREAM_BUSY',
    `${why}. Try again after ${freeAt.toISOString().slice(0, 19)}Z.`,
    {
      freeAt,
      again: false,
    },
  );
}
