import type { PackagesProgress } from '../../shared/contract/catalogue.ts';
import type { OfficeSettings } from '../../shared/contract/settings.ts';
import { OpsdeckError } from '../errors.ts';
import { lastDone } from './catalogue-search-store.ts';
import { lookUpDue } from './order-package.ts';
import {
  firstProgress,
  runCataloguePass,
  type CatalogueResult,
  type PackageDeps,
} from './run-catalogue-pass.ts';
import { validateAll } from './validate-packages.ts';

/** Minutes after midnight UTC: the catalogue, then what the office sells against it. */
const passAt = 90;
const validationAt = 120;
/** The first look comes when a start has settled; then this often, in ms. */
const firstLookMs = 30_000;
const lookMs = 15_000;
/** A job that failed is tried again after this, doubled up to the longest, in ms. */
const againMs = 60_000;
const longestAgainMs = 3_600_000;
const scheduledWaitMs = 60_000;
const personWaitMs = 120_000;

export interface PackageJobsOptions extends PackageDeps {
  leads(): boolean;
  /** The leader's term. */
  term(): number | null;
  settings(): OfficeSettings;
  /** False while a person has switched the job off. */
  isOn(job: 'packages' | 'packages-validation'): boolean;
}

/** Passes, validations and look-ups that this process makes: by schedule where it leads, and when a person asks. */
export interface PackageJobs {
  running(): PackagesProgress | null;
  /** Runs a pass that a person asked for. SYNC_BUSY when one runs here already. */
  run(): Promise<CatalogueResult>;
  cancel(): boolean;
  /** Cancels what the schedule began here. */
  stopScheduled(): void;
  /** When the schedule runs next, in wall ms; null where it does not. */
  next(): Promise<{ pass: number | null; validation: number | null }>;
  subscribe(listener: (progress: PackagesProgress) => void): () => void;
  close(): Promise<void>;
}

/** The latest passed instant of every day's minute in UTC. */
export function latestDue(wall: number, minute: number): number {
  const dayMs = 86_400_000;
  const offset = minute * 60_000;
  return Math.floor((wall - offset) / dayMs) * dayMs + offset;
}

/** Starts the daily jobs and answers what people may ask. */
export function startPackageJobs(options: PackageJobsOptions): PackageJobs {
  const { clock, database, log } = options;
  const listeners = new Set<(progress: PackagesProgress) => void>();
  const closing = new AbortController();
  let underWay: { progress: PackagesProgress; cancel: AbortController; scheduled: boolean } | null = null;
  const failures = { pass: { count: 0, notBefore: 0 }, validation: { count: 0, notBefore: 0 } };

  const configured = () => options.missing(options.settings()).length === 0;

  async function pass(trigger: 'schedule' | 'person'): Promise<CatalogueResult> {
    if (underWay)
      throw new OpsdeckError(
        'SYNC_BUSY',
        'A pass over packages is under way here already. Wait for it or cancel it.',
      );
    const cancel = new AbortController();
    const mine = { progress: firstProgress, cancel, scheduled: trigger === 'schedule' };
    underWay = mine;
    try {
      return await runCataloguePass(options, {
        trigger,
        term: trigger === 'schedule' ? options.term() : null,
        signal: AbortSignal.any([cancel.signal, closing.signal]),
        waitMs: trigger === 'schedule' ? scheduledWaitMs : personWaitMs,
        onProgress(progress) {
          mine.progress = progress;
          if (progress.stage === 'ended') underWay = null;
          for (const listener of listeners) listener(progress);
        },
      });
    } finally {
      underWay = null;
    }
  }

  async function due(): Promise<{ pass: boolean; validation: boolean }> {
    const done = await lastDone(database);
    const wall = clock.wall();
    const isDue = (last: Date | null, minute: number) =>
      last === null || last.getTime() < latestDue(wall, minute);
    // Nothing to check as long as there is no catalogue to check it against.
    return {
      pass: isDue(done.pass, passAt),
      validation: done.pass !== null && isDue(done.validation, validationAt),
    };
  }

  async function attempt(job: keyof typeof failures, work: () => Promise<unknown>): Promise<void> {
    const state = failures[job];
    if (clock.wall() < state.notBefore) return;
    try {
      await work();
      Object.assign(state, { count: 0, notBefore: 0 });
    } catch (error) {
      if (closing.signal.aborted) return;
      state.notBefore = clock.wall() + Math.min(againMs * 2 ** state.count, longestAgainMs);
      state.count += 1;
      log.warn(`packages: the scheduled ${job} failed`, { error: String(error) });
    }
  }

  async function look(): Promise<void> {
    const what = await due();
    if (what.pass && options.isOn('packages') && configured() && !underWay)
      await attempt('pass', () => pass('schedule'));
    if (what.validation && options.isOn('packages-validation') && options.leads())
      await attempt('validation', () => validateAll(options, { trigger: 'schedule' }));
    if (!configured() || !options.leads()) return;
    const client = options.connect(options.settings());
    await lookUpDue({ database, clock, client, actor: options.holder, signal: closing.signal });
  }

  async function keepLooking(): Promise<void> {
    for (let pause = firstLookMs; !closing.signal.aborted; pause = lookMs) {
      await clock.sleep(pause, closing.signal).catch(() => {});
      if (closing.signal.aborted || !options.leads()) continue;
      await look().catch((error: unknown) =>
        log.debug('What is due for packages could not be done', { error: String(error) }),
      );
    }
  }
  const looking = keepLooking();

  return {
    running: () => underWay?.progress ?? null,
    run: () => pass('person'),
    cancel() {
      if (!underWay?.progress.cancellable) return false;
      underWay.cancel.abort(
        new OpsdeckError('CANCELLED', 'The pass was cancelled; nothing of it was applied.'),
      );
      return true;
    },
    stopScheduled() {
      if (!underWay?.scheduled || !underWay.progress.cancellable) return;
      underWay.cancel.abort(new OpsdeckError('CANCELLED', 'Everything that runs by itself was stopped.'));
    },
    async next() {
      if (!options.leads() || !configured()) return { pass: null, validation: null };
      const what = await due();
      const wall = clock.wall();
      const at = (isDue: boolean, minute: number) => (isDue ? wall : latestDue(wall, minute) + 86_400_000);
      return { pass: at(what.pass, passAt), validation: at(what.validation, validationAt) };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing; nothing of the pass was applied.'));
      await looking;
      listeners.clear();
    },
  };
}
