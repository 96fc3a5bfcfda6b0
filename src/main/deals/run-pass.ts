import { windowRange, type Range } from '../../shared/business-day.ts';
import type { OfficeSettings } from '../../shared/contract/settings.ts';
import type { PassProgress, SyncSource } from '../../shared/contract/sync.ts';
import type { Clock } from '../clock.ts';
import { isCancelled, OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/postgres.ts';
import { withPermit, type Permit } from '../system/permits.ts';
import { closeRunsBefore, finishRun, startRun, type RunKind, type RunTrigger } from '../system/sync-runs.ts';
import type { CallBudget } from '../upstream/call-budget.ts';
import type { AdversusClient } from './adversus-client.ts';
import { keepBoardZone } from './keep-board-zone.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { resyncDeals } from './resync-deals.ts';
import { resyncRange } from './resync-range.ts';
import { resyncSms } from './resync-sms.ts';
import { syncDealsDelta, syncDealsWindow } from './sync-deals.ts';
import { nameUnknown, syncAgents } from './sync-names.ts';
import { syncSmsDelta, syncSmsWindow } from './sync-sms.ts';

export interface PassDeps {
  database: Database;
  clock: Clock;
  log: Log;
  processId: string;
  /** This process in words, for people who wait for it. */
  holder: string;
  /**
   * Built anew for each pass, from the settings as they are then; counts its calls, in a budget that all processes share
   * unless another is given. CONFIG_INVALID without an upstream.
   */
  connect(settings: OfficeSettings, budget?: CallBudget): { client: AdversusClient; calls(): number };
  /** Calls that this process has made since it started, where it counts them. */
  callsMade?(): number;
  readSettings(): Promise<OfficeSettings>;
}

export type PassKind = 'delta' | 'window' | 'rolling' | 'full';

export interface PassRequest {
  source: SyncSource;
  /** `rolling` and `full` read a range anew and swap it in whole; for deals and messages only. */
  kind: PassKind;
  /** The days of a full resync, both included; without them everything. */
  days?: { from: string; to: string } | null;
  trigger: RunTrigger;
  /** The leader's term in which the schedule began it: a later term's leader refuses what this one still writes. */
  term?: number | null;
  signal: AbortSignal;
  /** Longest wait for another pass over the same source, in ms; then SYNC_BUSY. */
  waitMs: number;
  onProgress?(progress: PassProgress): void;
}

export interface PassResult extends PassOutcome {
  runId: number;
  source: SyncSource;
  kind: RunKind;
  calls: number;
}

/**
 * Runs one pass as the only writer of its source, from permit to recorded end. Rejects with what went wrong; then
 * nothing of the pass was applied, and its run says so.
 */
export async function runPass(deps: PassDeps, request: PassRequest): Promise<PassResult> {
  const kind: RunKind = request.source === 'agents' ? 'names' : request.kind;
  const { timeZone } = await deps.readSettings();
  const range = rangeOf(request, deps.clock.now(), timeZone);
  return runPermitted(deps, { ...request, kind, range }, async (context) => {
    const outcome = await readAndApply(context, request, range);
    if (request.source === 'agents') return outcome;
    const note = await nameUnknown(context);
    return note ? { ...outcome, note: [outcome.note, note].filter(Boolean).join('; ') } : outcome;
  });
}

/** The range that a pass is about; null for one that reads what changed, or names. */
function rangeOf(request: PassRequest, now: Date, zone: string): Range | null {
  if (request.source === 'agents' || request.kind === 'delta') return null;
  if (request.kind === 'full') return resyncRange({ kind: 'full', days: request.days ?? null }, now, zone);
  return windowRange(now, zone);
}

function readAndApply(context: PassContext, request: PassRequest, range: Range | null): Promise<PassOutcome> {
  const resync = request.kind === 'rolling' || request.kind === 'full';
  switch (request.source) {
    case 'deals':
      if (resync && range) return resyncDeals(context, range);
      return request.kind === 'delta' ? syncDealsDelta(context) : syncDealsWindow(context);
    case 'sms':
      if (resync && range) return resyncSms(context, range);
      return request.kind === 'delta' ? syncSmsDelta(context) : syncSmsWindow(context);
    case 'agents':
      return syncAgents(context);
  }
}

/** Permit, run row, work, recorded end: what every kind of pass has in common. */
export async function runPermitted(
  deps: PassDeps,
  request: Omit<PassRequest, 'kind'> & { kind: RunKind; range?: Range | null },
  work: (context: PassContext) => Promise<PassOutcome>,
): Promise<PassResult> {
  const settings = await deps.readSettings();
  const { client, calls } = deps.connect(settings);
  const tell = progressTeller(request);
  tell({ stage: 'waiting-permit' });
  try {
    return await withPermit(
      deps,
      request.source,
      {
        waitMs: request.waitMs,
        signal: request.signal,
        term: request.term ?? null,
        onWait: (holder) => tell({ stage: 'waiting-permit', waiting_for: holder }),
      },
      async (permit) => {
        await closeRunsBefore(deps.database, request.source);
        if (request.source === 'deals') await keepBoards(deps, request, settings);
        const runId = await recordStart(deps, request);
        tell({ run_id: runId, stage: 'reading' });
        const context = passContext(deps, request, { settings, client, permit, runId, tell });
        return recordEnd(deps, request, runId, calls, () => work(context));
      },
    );
  } finally {
    tell({ stage: 'ended', cancellable: false });
  }
}

/** With no leader about, whoever writes the deals keeps the boards' rollup in the office's zone. */
async function keepBoards(
  deps: PassDeps,
  request: { trigger: RunTrigger },
  settings: OfficeSettings,
): Promise<void> {
  try {
    await keepBoardZone(deps.database, settings.timeZone, { leads: request.trigger === 'schedule' });
  } catch (error) {
    // Boards are counted from the rows until it is done; the pass does not wait for it.
    deps.log.warn('boards could not be counted anew in the office’s zone', { error: String(error) });
  }
}

function recordStart(
  deps: PassDeps,
  request: {
    source: SyncSource;
    kind: RunKind;
    trigger: RunTrigger;
    term?: number | null;
    range?: Range | null;
  },
) {
  const { range } = request;
  return startRun(deps.database, {
    source: request.source,
    kind: request.kind,
    trigger: request.trigger,
    processId: deps.processId,
    term: request.term ?? null,
    ...(range ? { rangeStart: range.start, rangeEnd: range.end } : {}),
  });
}

async function recordEnd(
  deps: PassDeps,
  request: { source: SyncSource; kind: RunKind; signal: AbortSignal },
  runId: number,
  calls: () => number,
  work: () => Promise<PassOutcome>,
): Promise<PassResult> {
  const started = deps.clock.monotonic();
  try {
    const outcome = await work();
    const { complete, removalsHeld: _held, note, ...counts } = outcome;
    await finishRun(deps.database, runId, {
      ...counts,
      state: complete ? 'complete' : 'incomplete',
      calls: calls(),
      ...(note ? { note } : {}),
    });
    const { inserted, updated, removed, unchanged, held, rejected } = outcome;
    deps.log.info(
      `${request.source}: ${inserted} inserted, ${updated} updated, ${removed} removed, ${unchanged} unchanged, ` +
        `${held} held, ${rejected} rejected`,
      {
        kind: request.kind,
        runId,
        ms: Math.round(deps.clock.monotonic() - started),
        ...(note ? { note } : {}),
      },
    );
    return { ...outcome, runId, source: request.source, kind: request.kind, calls: calls() };
  } catch (cause) {
    const error = failureOf(cause, request.signal);
    deps.log.warn(
      `${request.source}: pass ${error.code === 'CANCELLED' ? 'cancelled' : 'failed'}: ${error.message}`,
      {
        kind: request.kind,
        runId,
        code: error.code,
      },
    );
    const state = error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    // With the database away the run stays open; it is closed as abandoned later.
    await finishRun(deps.database, runId, {
      state,
      calls: calls(),
      error: { code: error.code, message: error.message },
    }).catch((closing: unknown) =>
      deps.log.warn('the end of a pass could not be recorded', { runId, error: String(closing) }),
    );
    throw error;
  }
}

/** A failure with a name: what a person cancelled is cancelled, what nobody expected is ours to mend. */
function failureOf(cause: unknown, signal: AbortSignal): OpsdeckError {
  if (cause instanceof OpsdeckError) return cause;
  if (signal.aborted || isCancelled(cause)) {
    return new OpsdeckError('CANCELLED', 'The pass was cancelled; nothing of it was applied.', { cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OpsdeckError('INTERNAL', `The pass failed unexpectedly (${message}). The log has the details.`, {
    cause,
  });
}

/** Where every pass begins: waiting for its turn. */
export function firstProgress(source: SyncSource, kind: RunKind): PassProgress {
  return {
    run_id: null,
    source,
    kind,
    stage: 'waiting-permit',
    pages: 0,
    pages_expected: null,
    records: 0,
    waiting_for: null,
    cancellable: true,
  };
}

type Tell = (progress: Partial<PassProgress> & Pick<PassProgress, 'stage'>) => void;

function progressTeller(request: {
  source: SyncSource;
  kind: RunKind;
  onProgress?(progress: PassProgress): void;
}): Tell {
  let last = firstProgress(request.source, request.kind);
  return (progress) => {
    last = { ...last, waiting_for: null, ...progress };
    request.onProgress?.(last);
  };
}

/** A resync may need more calls than an hour has: it waits for the next, which progress shows and a person may cancel. */
const resyncs: ReadonlySet<RunKind> = new Set(['rolling', 'full']);
const resyncWaitMs = 3_700_000;

function passContext(
  deps: PassDeps,
  request: { kind: RunKind; trigger: RunTrigger; signal: AbortSignal },
  pass: { settings: OfficeSettings; client: AdversusClient; permit: Permit; runId: number; tell: Tell },
): PassContext {
  const scheduled = request.trigger === 'schedule';
  return {
    database: deps.database,
    clock: deps.clock,
    client: pass.client,
    settings: pass.settings,
    permit: pass.permit,
    runId: pass.runId,
    signal: pass.permit.signal,
    priority: scheduled ? 'schedule' : 'person',
    maxWaitMs: resyncs.has(request.kind) ? resyncWaitMs : scheduled ? 900_000 : 120_000,
    mostLookUps: scheduled ? 60 : 250,
    onStage: (stage, progress) =>
      pass.tell({
        stage,
        // Once writing has begun it is over in a moment, whole or not at all.
        cancellable: stage !== 'applying',
        ...(progress.pages === undefined ? {} : { pages: progress.pages }),
        ...(progress.pageCount === undefined ? {} : { pages_expected: progress.pageCount }),
        ...(progress.records === undefined ? {} : { records: progress.records }),
      }),
  };
}
