import type { JobName } from '../shared/contract/schedules.ts';
import type { SyncSource } from '../shared/contract/sync.ts';
import type { Clock } from './clock.ts';
import type { PassPlan } from './deals/plan-passes.ts';
import { isCancelled, OpsdeckError } from './errors.ts';
import { UpstreamError } from './upstream/upstream-error.ts';

/** A pass that runs by schedule, in the leading process only. */
export interface Job {
  name: JobName;
  source: SyncSource;
  kind: 'delta' | 'window';
  /** Seconds from one start to the next. */
  every(plan: PassPlan): number;
}

/** What runs, and how often. Of two that are due at once for a source, the first in the table runs. */
export const jobs: readonly Job[] = [
  { name: 'deals-window', source: 'deals', kind: 'window', every: (plan) => plan.dealsWindowSeconds },
  { name: 'deals-delta', source: 'deals', kind: 'delta', every: (plan) => plan.deltaSeconds },
  { name: 'sms-window', source: 'sms', kind: 'window', every: (plan) => plan.smsWindowSeconds },
  { name: 'sms-delta', source: 'sms', kind: 'delta', every: (plan) => plan.smsDeltaSeconds },
  { name: 'agents', source: 'agents', kind: 'window', every: () => 86_400 },
];

export interface ScheduleDeps {
  clock: Clock;
  /** True while this process may call the upstream by schedule. */
  mayRun(): boolean;
  /** False while a person has switched the job off; default: none is. */
  isOn?(name: JobName): boolean;
  plan(): PassPlan;
  /** Runs the job to its end, and says whether it read everything; rejects when it failed. */
  run(job: Job): Promise<{ complete: boolean }>;
}

export interface Schedule {
  /** When a job starts next, in wall ms; null while it may not run. */
  nextStart(source: SyncSource, kind: 'delta' | 'window'): number | null;
  /** When a job would start next if it may run by then, in wall ms; not before now. */
  dueAt(source: SyncSource, kind: 'delta' | 'window'): number;
  /** A pass that somebody else ran counts as the job's own: it is due an interval from then. */
  note(source: SyncSource, kind: 'delta' | 'window', startedWall: number): void;
  /** What failed because the database was away is tried again at once. */
  databaseBack(): void;
  /** Looks again now: leadership, settings or the machine's sleep changed something. */
  wake(): void;
  close(): Promise<void>;
}

/** Pause before a failed pass is tried again: doubled each time, up to five minutes (an hour for a daily one), in ms. */
const firstPauseMs = 15_000;
const longestPauseMs = 300_000;
const longestDailyPauseMs = 3_600_000;
/** A window pass that was not complete runs again after this share of its turn. */
const soonAgainShare = 1 / 5;

interface JobState {
  lastStart: number | null;
  failures: number;
  /** After a failure: when to try again. A pass that failed does not wait for its next turn. */
  retryAt: number | null;
  /** The failure was the database's, not the upstream's. */
  databaseFailed: boolean;
}

/** Starts the table: one pass at a time for each source, a missed start is made up for once. */
export function startSchedule(deps: ScheduleDeps): Schedule {
  const { clock } = deps;
  const states = new Map<string, JobState>(
    jobs.map((job) => [job.name, { lastStart: null, failures: 0, retryAt: null, databaseFailed: false }]),
  );
  const busy = new Map<SyncSource, Promise<void>>();
  const closing = new AbortController();
  let pause = new AbortController();

  const isOn = (job: Job) => deps.isOn?.(job.name) ?? true;
  const stateOf = (job: Job) => states.get(job.name)!;
  const dueAt = (job: Job) => {
    const state = stateOf(job);
    const wall = clock.wall();
    // A clock that was set back would otherwise put everything off by as much.
    if (state.lastStart !== null && state.lastStart > wall) state.lastStart = wall;
    if (state.retryAt !== null) {
      state.retryAt = Math.min(state.retryAt, wall + longestPause(job));
      return state.retryAt;
    }
    return state.lastStart === null ? 0 : state.lastStart + job.every(deps.plan()) * 1_000;
  };
  const longestPause = (job: Job) =>
    job.every(deps.plan()) >= 86_400 ? longestDailyPauseMs : longestPauseMs;

  const soonAgainMs = (job: Job) => Math.max(job.every(deps.plan()) * 1_000 * soonAgainShare, firstPauseMs);

  function startDue(): void {
    if (!deps.mayRun()) return;
    for (const job of jobs) {
      if (busy.has(job.source) || !isOn(job) || dueAt(job) > clock.wall()) continue;
      busy.set(job.source, runJob(job));
    }
  }

  async function runJob(job: Job): Promise<void> {
    const state = stateOf(job);
    begin(job, clock.wall());
    try {
      const { complete } = await deps.run(job);
      settle(job);
      // The list moved while it was read, so nothing was removed: a removal need not wait a whole turn for that.
      if (!complete && job.kind === 'window') state.retryAt = clock.wall() + soonAgainMs(job);
    } catch (error) {
      state.databaseFailed = error instanceof OpsdeckError && error.code === 'DATABASE_AWAY';
      // The run's row and the log say what happened; here it only costs a pause. Cancelled is no failure.
      state.failures = isCancelled(error) ? 0 : state.failures + 1;
      // A refused sign-in is not mended by asking again soon, and may lock the account.
      const refused = error instanceof OpsdeckError && error.code === 'UPSTREAM_REFUSED';
      const pauseMs = refused
        ? longestPauseMs
        : Math.min(firstPauseMs * 2 ** (state.failures - 1), longestPause(job));
      // Before calls come free again a further try would only use up the next ones.
      const freeAt = error instanceof UpstreamError ? (error.freeAt?.getTime() ?? 0) : 0;
      state.retryAt = state.failures === 0 ? null : Math.max(clock.wall() + pauseMs, freeAt);
    } finally {
      busy.delete(job.source);
      wake();
    }
  }

  /** A window pass reads what a delta pass would, so it stands in for one. */
  function begin(job: Job, startedWall: number): void {
    for (const state of standsInFor(job)) state.lastStart = Math.max(state.lastStart ?? 0, startedWall);
  }

  function settle(job: Job): void {
    for (const state of standsInFor(job)) Object.assign(state, { failures: 0, retryAt: null });
  }

  function standsInFor(job: Job): JobState[] {
    return jobs
      .filter((other) => other.source === job.source && (other.kind === 'delta' || job.kind === 'window'))
      .map(stateOf);
  }

  function wake(): void {
    pause.abort();
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      startDue();
      pause = new AbortController();
      const next = Math.min(...jobs.filter((job) => !busy.has(job.source) && isOn(job)).map(dueAt));
      const waitMs = deps.mayRun() ? Math.min(Math.max(next - clock.wall(), 250), 5_000) : 5_000;
      await clock.sleep(waitMs, AbortSignal.any([pause.signal, closing.signal])).catch(() => {});
    }
  }
  // Not at once: the caller may first have to tell what others ran lately.
  const looping = Promise.resolve().then(loop);

  return {
    nextStart(source, kind) {
      const job = jobs.find((candidate) => candidate.source === source && candidate.kind === kind);
      return job && deps.mayRun() && isOn(job) ? Math.max(dueAt(job), clock.wall()) : null;
    },
    dueAt(source, kind) {
      const job = jobs.find((candidate) => candidate.source === source && candidate.kind === kind);
      return Math.max(job ? dueAt(job) : 0, clock.wall());
    },
    note(source, kind, startedWall) {
      const job = jobs.find((candidate) => candidate.source === source && candidate.kind === kind);
      if (!job) return;
      begin(job, startedWall);
      settle(job);
    },
    databaseBack() {
      for (const state of states.values()) {
        if (state.databaseFailed && state.retryAt !== null) state.retryAt = clock.wall();
        if (state.databaseFailed) state.failures = 0;
        state.databaseFailed = false;
      }
      wake();
    },
    wake,
    async close() {
      closing.abort();
      await looping;
      await Promise.allSettled([...busy.values()]);
    },
  };
}
