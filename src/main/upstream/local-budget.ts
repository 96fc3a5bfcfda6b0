import type { Clock } from '../clock.ts';
import {
  runLimited,
  type BudgetState,
  type CallBudget,
  type CallLimits,
  type CallOptions,
} from './call-budget.ts';
import { cancelled, UpstreamError } from './upstream-error.ts';

/** What is known of an account's calls when Postgres can no longer be asked. */
export type BudgetLeft = Pick<BudgetState, 'leftHour' | 'leftMinute' | 'blockedUntil' | 'blockedReason'>;

export interface LocalBudget extends CallBudget {
  /** The calls made since the last time this was asked, by how long ago each ended, in ms. */
  takeMade(): number[];
  /** As `state`, of this process's own share. */
  now(): BudgetState;
}

/**
 * A budget of this process alone, for while the shared count is away: at most half of what was left, since another
 * console on the other side of a cut network may be using it too; half of the whole limit once all that was made
 * before has left the vendor's window. One call at a time.
 */
export function createLocalBudget(options: {
  clock: Clock;
  limits: CallLimits;
  left: BudgetLeft;
}): LocalBudget {
  const { clock, limits, left } = options;
  const begun = clock.monotonic();
  /** Monotonic ends of the calls made here, oldest first. */
  let ends: number[] = [];
  const untold: number[] = [];
  let inFlight = 0;
  let turn: Promise<unknown> = Promise.resolve();
  let block = { until: left.blockedUntil?.getTime() ?? 0, reason: left.blockedReason };

  const spans = {
    hour: { ms: limits.hourMs + limits.marginMs, leftThen: left.leftHour, whole: limits.perHour },
    minute: { ms: limits.minuteMs + limits.marginMs, leftThen: left.leftMinute, whole: limits.perMinute },
  };
  type Span = (typeof spans)['hour'];

  const untilWhole = (span: Span) => begun + span.ms - clock.monotonic();
  const capOf = (span: Span) =>
    Math.floor((untilWhole(span) > 0 ? Math.min(span.leftThen, span.whole) : span.whole) / 2);
  const usedIn = (span: Span) => ends.filter((end) => end > clock.monotonic() - span.ms);

  /** 0: free. */
  function waitOf(span: Span): number {
    const used = usedIn(span);
    const cap = capOf(span);
    if (used.length < cap) return 0;
    const oldest = used[used.length - cap];
    const untilFree = oldest === undefined ? Infinity : oldest + span.ms - clock.monotonic();
    const untilMore = untilWhole(span) > 0 ? untilWhole(span) : Infinity;
    return Math.max(Math.min(untilFree, untilMore), 1);
  }

  async function waitForPlace({ maxWaitMs, signal }: CallOptions): Promise<void> {
    const deadline = clock.monotonic() + maxWaitMs;
    for (;;) {
      if (signal?.aborted) throw cancelled(signal.reason);
      const waitMs = Math.max(waitOf(spans.hour), waitOf(spans.minute), block.until - clock.wall());
      if (waitMs <= 0) return;
      if (clock.monotonic() + waitMs > deadline) throw busy(new Date(clock.wall() + waitMs));
      await clock.sleep(waitMs, signal).catch(() => {});
    }
  }

  async function callAlone<T>(
    work: (signal: AbortSignal) => Promise<{ status: number; value: T }>,
    callOptions: CallOptions,
  ): Promise<T> {
    await waitForPlace(callOptions);
    inFlight += 1;
    try {
      return (await runLimited(work, callOptions)).value;
    } finally {
      inFlight -= 1;
      const oldest = clock.monotonic() - spans.hour.ms;
      ends = [...ends.filter((end) => end > oldest), clock.monotonic()];
      untold.push(clock.monotonic());
    }
  }

  function now(): BudgetState {
    const used = { hour: usedIn(spans.hour).length, minute: usedIn(spans.minute).length };
    const isBlocked = block.until > clock.wall();
    return {
      usedHour: used.hour,
      usedMinute: used.minute,
      inFlight,
      leftHour: Math.max(capOf(spans.hour) - used.hour, 0),
      leftMinute: Math.max(capOf(spans.minute) - used.minute, 0),
      blockedUntil: isBlocked ? new Date(block.until) : null,
      blockedReason: isBlocked ? block.reason : null,
      forecastHour: used.hour,
    };
  }

  return {
    call(_purpose, work, callOptions) {
      const mine = turn.then(() => callAlone(work, callOptions));
      turn = mine.catch(() => {});
      return mine;
    },
    state: () => Promise.resolve(now()),
    now,
    block(untilMs, reason) {
      if (untilMs > block.until) block = { until: untilMs, reason };
      return Promise.resolve();
    },
    takeMade: () => untold.splice(0).map((end) => clock.monotonic() - end),
  };
}

function busy(freeAt: Date): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_BUSY',
    'This console’s share of the vendor’s calls is used up, or the vendor asked us to wait, while the database that ' +
      `counts them is away. It goes on by itself after ${freeAt.toISOString().slice(0, 19)}Z.`,
    { freeAt, again: false },
  );
}
