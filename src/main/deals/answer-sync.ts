import type {
  HeldDeal,
  HeldRemoval,
  PassProgress,
  RejectedRecord,
  SyncRun as SyncRunView,
  SyncSource,
  SyncState,
} from '../../shared/contract/sync.ts';
import { notConfigured, OpsdeckError } from '../errors.ts';
import { iterateEvents } from '../iterate-events.ts';
import type { Operations } from '../operations.ts';
import { lastRun, recentRuns, type SyncRun } from '../system/sync-runs.ts';
import { budgetView } from './budget-view.ts';
import { decideHeld, type HeldResult } from './decide-held.ts';
import { listHeldDeals, listOpenHolds, sumHeldDeals } from './held-store.ts';
import { agentName } from './leaderboard.ts';
import { countRejected, countRejectedReasons, listRejected, type RejectedFilter } from './rejected-store.ts';
import { resyncRange } from './resync-range.ts';
import type { PassRequest } from './run-pass.ts';

const sources: readonly SyncSource[] = ['deals', 'sms', 'agents'];

/** How each source stands, what is left of the vendor's budget, and whether the vendor answers us. */
export async function state(operations: Operations): Promise<SyncState> {
  const { workspace } = operations;
  const settings = operations.settings();
  const [budget, perSource] = await Promise.all([
    workspace.budget(settings)?.state() ?? null,
    Promise.all(sources.map((source) => sourceState(operations, source))),
  ]);
  return {
    upstream: upstreamState(operations, perSource, budget?.blockedUntil ?? null),
    budget: budget && budgetView(budget),
    sources: perSource,
    retry_queue_length: operations.reading?.waiting() ?? 0,
    reading_on: false,
  };
}

async function sourceState(
  operations: Operations,
  source: SyncSource,
): Promise<SyncState['sources'][number]> {
  const { database } = operations.workspace;
  const passes = source === 'agents' ? (['names'] as const) : (['delta', 'window', 'rolling'] as const);
  const [last, complete] = await Promise.all([
    lastRun(database, source, passes),
    lastRun(database, source, passes, ['complete']),
  ]);
  const next = (kind: 'delta' | 'window') => {
    const at = operations.schedule.nextStart(source, kind);
    return at === null ? null : new Date(at).toISOString();
  };
  return {
    source,
    last_complete_at: complete?.endedAt?.toISOString() ?? null,
    last_run: last && runView(last),
    running: operations.running(source),
    next_delta_at: next('delta'),
    next_window_at: next('window'),
    stretched: source !== 'agents' && operations.plan().stretched[source],
  };
}

/** What the latest ended passes say about the vendor; the same on every console. */
function upstreamState(
  operations: Operations,
  perSource: SyncState['sources'],
  blockedUntil: Date | null,
): SyncState['upstream'] {
  const configured = operations.workspace.missing(operations.settings()).length === 0;
  const base = {
    name: 'Adversus',
    configured,
    sandbox: operations.workspace.kind === 'sandbox',
  };
  if (!configured) return { ...base, state: 'not-configured', message: null, since: null };
  const ended = perSource
    .flatMap(({ last_run: run }) => (run ? [run] : []))
    .sort((a, b) => (b.ended_at ?? '').localeCompare(a.ended_at ?? ''));
  const latest = ended[0];
  if (!latest) return { ...base, state: 'unknown', message: null, since: null };
  if (blockedUntil) return { ...base, state: 'blocked', message: null, since: latest.ended_at };
  const upstreamFailure = latest.state === 'failed' && (latest.error_code?.startsWith('UPSTREAM') ?? false);
  if (!upstreamFailure) return { ...base, state: 'ok', message: null, since: latest.ended_at };
  const refused = latest.error_code === 'UPSTREAM_REFUSED';
  return { ...base, state: refused ? 'refused' : 'failing', message: latest.error, since: latest.ended_at };
}

/** Starts a pass that a person asked for and answers at once; what becomes of it is told by progress and runs. */
export function start(
  operations: Operations,
  request: Pick<PassRequest, 'source' | 'kind'> & { days?: PassRequest['days'] | undefined },
): { started: boolean } {
  const missing = operations.workspace.missing(operations.settings());
  if (missing.length > 0) throw notConfigured(missing);
  if (request.kind === 'full') {
    // Refused here rather than where nobody hears it.
    const { clock } = operations.workspace.passes;
    resyncRange({ kind: 'full', days: request.days ?? null }, clock.now(), operations.settings().timeZone);
  }
  if (operations.running(request.source)) return { started: false };
  // Its end, good or bad, is a row of sync_runs that every window is told of.
  operations.runForPerson({ ...request, days: request.days ?? null }).catch(() => {});
  return { started: true };
}

/** Progress of passes of this process, from now on. */
export async function* progress(
  operations: Operations,
  signal: AbortSignal | undefined,
): AsyncGenerator<PassProgress> {
  const events = iterateEvents<PassProgress>(signal, (push) =>
    operations.subscribe((event) => {
      if (event.type === 'progress') push(event.progress);
    }),
  );
  for (const source of sources) {
    const now = operations.running(source);
    if (now) yield now;
  }
  yield* events;
}

/** The latest passes, newest first. */
export async function runs(operations: Operations, limit: number): Promise<SyncRunView[]> {
  return (await recentRuns(operations.workspace.database, undefined, limit)).map(runView);
}

function runView(run: SyncRun): SyncRunView {
  return {
    id: run.id,
    source: run.source as SyncSource,
    kind: run.kind,
    trigger: run.trigger,
    state: run.state,
    started_at: run.startedAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
    inserted: run.inserted,
    updated: run.updated,
    removed: run.removed,
    unchanged: run.unchanged,
    held: run.held,
    rejected: run.rejected,
    pages: run.pages,
    calls: run.calls,
    waiting: run.waiting,
    shifted: run.shifted,
    error_code: run.errorCode as SyncRunView['error_code'],
    error: run.error,
  };
}

/** Removals that wait for a person or for their look-ups. */
export async function held(operations: Operations): Promise<HeldRemoval[]> {
  const holds = await listOpenHolds(operations.workspace.database);
  return holds.map((hold) => ({
    id: hold.id,
    source: 'deals' as const,
    state: hold.state,
    reason: hold.reason,
    count: hold.leadIds.length,
    of_deals: hold.ofDeals,
    range_start: hold.rangeStart.toISOString(),
    range_end: hold.rangeEnd.toISOString(),
    held_at: hold.heldAt.toISOString(),
    updated_at: hold.updatedAt.toISOString(),
    removed: hold.removed,
  }));
}

/** A page of what held removals would take away, with the sum of all of it. */
export async function heldDeals(
  operations: Operations,
  input: { id: number; limit: number; offset: number },
): Promise<{ deals: HeldDeal[]; count: number; commission: number }> {
  const { database } = operations.workspace;
  const [rows, sum] = await Promise.all([
    listHeldDeals(database, input.id, input),
    sumHeldDeals(database, input.id),
  ]);
  if (sum === null)
    throw new OpsdeckError('NOT_FOUND', `There are no held removals with number ${input.id}.`);
  const deals = rows.map((row) => ({
    lead_id: row.leadId,
    user_id: String(row.userId),
    agent: agentName(row.userId, { name: row.agent, group: row.group }),
    group: row.group,
    campaign: row.campaign,
    commission: row.commission === null ? null : Number(row.commission),
    multi_deals: row.multiDeals,
    order_date: row.orderDate.toISOString(),
  }));
  return { deals, count: sum.count, commission: Number(sum.commission) };
}

/** A person's word on held removals. */
export async function decide(
  operations: Operations,
  input: { id: number; action: 'accept' | 'discard'; note?: string | undefined; actor: string },
  signal: AbortSignal | undefined,
): Promise<HeldResult> {
  const { workspace } = operations;
  return decideHeld(
    workspace.passes,
    {
      id: input.id,
      action: input.action,
      actor: input.actor,
      console: workspace.holder,
      note: input.note ?? null,
    },
    { signal: signal ?? new AbortController().signal, waitMs: 120_000, trigger: 'person' },
  );
}

/** A page of the records that could not be mapped, with how many each reason has. */
export async function rejected(
  operations: Operations,
  input: RejectedFilter & { limit: number; offset: number },
): Promise<{
  records: RejectedRecord[];
  count: number;
  total: number;
  reasons: { reason: string; count: number }[];
}> {
  const { database } = operations.workspace;
  const [rows, count, reasons] = await Promise.all([
    listRejected(database, input),
    countRejected(database, input),
    countRejectedReasons(database),
  ]);
  const records = rows.map((row) => ({
    ...row,
    first_seen: row.first_seen.toISOString(),
    last_seen: row.last_seen.toISOString(),
  }));
  return { records, count, total: reasons.reduce((sum, one) => sum + one.count, 0), reasons };
}
