import type { PackagesProgress } from '../../shared/contract/catalogue.ts';
import type { OfficeSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../clock.ts';
import { isCancelled, OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/postgres.ts';
import { withPermit, type Permit } from '../system/permits.ts';
import { closeRunsBefore, finishRun, startRun, type RunTrigger } from '../system/sync-runs.ts';
import { applyAnswer, type CatalogueCounts } from './apply-catalogue.ts';
import type { FoldingThread } from './folding-thread.ts';
import type { RoamifyClient } from './roamify-client.ts';
import { validateAll } from './validate-packages.ts';

/** What packages work with, whoever asks. */
export interface PackageDeps {
  database: Database;
  clock: Clock;
  log: Log;
  processId: string;
  /** This process in words, for people who wait for it. */
  holder: string;
  /** Names of what is missing to reach the supplier; none when it is configured. */
  missing(settings: OfficeSettings): string[];
  /** CONFIG_INVALID without a configured supplier. */
  connect(settings: OfficeSettings): RoamifyClient;
  readSettings(): Promise<OfficeSettings>;
  folding: FoldingThread;
}

export interface CatalogueRequest {
  trigger: RunTrigger;
  /** The leader's term in which the schedule began it. */
  term?: number | null;
  signal: AbortSignal;
  /** Longest wait for another pass, in ms; then SYNC_BUSY. */
  waitMs: number;
  onProgress?(progress: PackagesProgress): void;
}

export interface CatalogueResult extends CatalogueCounts {
  runId: number;
  complete: boolean;
  /** Packages in the answer, each once, and how often one stood in a further group. */
  packages: number;
  folded: number;
  note: string | null;
}

/** Where every pass begins. */
export const firstProgress: PackagesProgress = {
  run_id: null,
  stage: 'waiting-permit',
  packages: 0,
  waiting_for: null,
  cancellable: true,
};

/**
 * Reads the whole catalogue and brings `packages` in step with it, as the only writer of it. Rejects with what went
 * wrong; then nothing was applied, and the run says so. When it moved anything, the office's mappings are checked anew.
 */
export async function runCataloguePass(
  deps: PackageDeps,
  request: CatalogueRequest,
): Promise<CatalogueResult> {
  const settings = await deps.readSettings();
  const client = deps.connect(settings);
  const tell = progressTeller(request);
  tell({ stage: 'waiting-permit' });
  deps.folding.warm();
  try {
    const result = await underPermit(deps, request, tell, async (permit, runId) => {
      const answer = await client.readCatalogue(
        (body) => deps.folding.fold(body, permit.signal),
        permit.signal,
      );
      tell({ stage: 'applying', packages: answer.packages, cancellable: false });
      const { brakeShare, brakeRows } = settings;
      const now = deps.clock.now();
      const counts = await applyAnswer(permit, answer, { runId, now, brakeShare, brakeRows });
      return { ...counts, packages: answer.packages, folded: answer.folded, ...endOf(answer) };
    });
    if (result.inserted + result.updated + result.removed > 0) {
      tell({ stage: 'validating', cancellable: false });
      await validateAll(deps, { trigger: 'pass' });
    }
    return result;
  } finally {
    tell({ stage: 'ended', cancellable: false });
  }
}

function endOf(answer: { unidentified: number; conflicts: number }): {
  complete: boolean;
  note: string | null;
} {
  const notes = [
    ...(answer.unidentified > 0
      ? [`${answer.unidentified} records have no readable id, so nothing was retired`]
      : []),
    ...(answer.conflicts > 0
      ? [`${answer.conflicts} packages are listed differently under different places`]
      : []),
  ];
  return { complete: answer.unidentified === 0, note: notes.join('; ') || null };
}

/** Permit, run row, work, recorded end: what every writer of the catalogue has in common. */
export async function underPermit<Result extends Omit<CatalogueResult, 'runId'>>(
  deps: PackageDeps,
  request: CatalogueRequest & { kind?: 'window' | 'held' },
  tell: Tell,
  work: (permit: Permit, runId: number) => Promise<Result>,
): Promise<Result & { runId: number }> {
  const { waitMs, signal, term = null, trigger, kind = 'window' } = request;
  const onWait = (holder: string) => tell({ stage: 'waiting-permit', waiting_for: holder });
  return withPermit(deps, 'packages', { waitMs, signal, term, onWait }, async (permit) => {
    await closeRunsBefore(deps.database, 'packages');
    const start = { source: 'packages', kind, trigger, processId: deps.processId, term };
    const runId = await startRun(deps.database, start);
    tell({ run_id: runId, stage: 'reading' });
    return recordEnd(deps, runId, signal, () => work(permit, runId));
  });
}

async function recordEnd<Result extends Omit<CatalogueResult, 'runId'>>(
  deps: PackageDeps,
  runId: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result & { runId: number }> {
  try {
    const result = await work();
    const { inserted, updated, removed, unchanged, held, rejected, complete, note } = result;
    await finishRun(deps.database, runId, {
      state: complete ? 'complete' : 'incomplete',
      ...{ inserted, updated, removed, unchanged, held, rejected },
      ...(note ? { note } : {}),
    });
    deps.log.info(
      `packages: ${inserted} inserted, ${updated} updated, ${removed} retired, ${unchanged} unchanged, ${held} held, ${rejected} rejected`,
      { runId, ...(note ? { note } : {}) },
    );
    return { ...result, runId };
  } catch (cause) {
    const error = failureOf(cause, signal);
    const state = error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    deps.log.warn(`packages: pass ${state}: ${error.message}`, { runId, code: error.code });
    const end = { state, error: { code: error.code, message: error.message } } as const;
    // With the database away the run stays open; it is closed as abandoned later.
    await finishRun(deps.database, runId, end).catch((closing: unknown) =>
      deps.log.warn('the end of a pass could not be recorded', { runId, error: String(closing) }),
    );
    throw error;
  }
}

function failureOf(cause: unknown, signal: AbortSignal): OpsdeckError {
  if (cause instanceof OpsdeckError) return cause;
  if (signal.aborted || isCancelled(cause))
    return new OpsdeckError('CANCELLED', 'The pass was cancelled; nothing of it was applied.', { cause });
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OpsdeckError('INTERNAL', `The pass failed unexpectedly (${message}). The log has the details.`, {
    cause,
  });
}

type Tell = (progress: Partial<PackagesProgress> & Pick<PackagesProgress, 'stage'>) => void;

/** Tells progress with all that was told before. */
export function progressTeller(request: Pick<CatalogueRequest, 'onProgress'>): Tell {
  let last = firstProgress;
  return (progress) => {
    last = { ...last, waiting_for: null, ...progress };
    request.onProgress?.(last);
  };
}
