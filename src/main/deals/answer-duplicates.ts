import { dayRange } from '../../shared/business-day.ts';
import type {
  ClosedDuplicate,
  DuplicateCase,
  DuplicateDecision,
  DuplicateSide,
  HistoryFilter,
  PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { OpsdeckError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import {
  caseById,
  caseTrail,
  listClosed,
  listPending,
  type CaseEvent,
  type CaseRow,
  type ClosedFilter,
} from './cases-store.ts';
import { differingFields } from './compare-sides.ts';
import { duplicateEffects, noEffects } from './duplicate-effects.ts';
import { agentName } from './leaderboard.ts';
import type { ExistingDeal, NotedContent } from './plan-resolution.ts';
import { noSuchCase } from './refuse-decision.ts';
import type { TodayCache } from './today-cache.ts';
import { applyDecision } from './apply-decision.ts';
import type { Decided, DecisionDeps, DuplicateChoice } from './resolve-duplicate.ts';
import { undoDuplicate } from './undo-duplicate.ts';

/** A page of the queue, oldest first; without the cases `except`, whose decision is on its way. */
export async function pending(
  operations: Operations,
  page: { limit: number; offset: number; search?: string | undefined },
  except: ReadonlySet<number> = new Set(),
): Promise<{ pending: PendingDuplicate[]; count: number }> {
  const { rows, count } = await listPending(operations.workspace.database, { ...page, except: [...except] });
  const { timeZone } = operations.settings();
  return { pending: rows.map((row) => pendingView(row, timeZone)), count };
}

/** A case in full, with what each action would do to today's board. NOT_FOUND for an unknown one. */
export async function oneCase(operations: Operations, id: number): Promise<DuplicateCase> {
  const { database } = operations.workspace;
  const [row, trail] = await Promise.all([caseById(database, id), caseTrail(database, id)]);
  if (!row) throw noSuchCase(id);
  return caseView(row, trail, operations.today, operations.settings().timeZone);
}

/** A case in full, counted on a board of today. */
export function caseView(
  row: CaseRow,
  trail: readonly CaseEvent[],
  cache: TodayCache,
  timeZone: string,
): DuplicateCase {
  const today = cache.today();
  const board = { ...cache.standing(), timeZone: today.timeZone, rows: today.board };
  return {
    duplicate: pendingView(row, timeZone),
    status: row.status,
    resolution: row.resolution,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    resolved_by: row.resolved_by,
    effects: row.status === 'pending' ? duplicateEffects(existingOf(row), incomingOf(row), board) : noEffects,
    trail: trail.map((event) => ({ ...event, at: event.at.toISOString() })),
  };
}

/** A person's decision on one case, carried out once however often it is sent under this id. */
export async function resolve(
  operations: Operations,
  actor: string,
  decisionId: string,
  choice: DuplicateChoice,
  epoch?: string,
): Promise<DuplicateDecision> {
  return (await resolveSaying(operations, actor, decisionId, choice, epoch)).decision;
}

/** The same, with what was done in a sentence. */
export async function resolveSaying(
  operations: Operations,
  actor: string,
  decisionId: string,
  choice: DuplicateChoice,
  epoch?: string,
): Promise<{ decision: DuplicateDecision; message: string }> {
  const deps = { ...decisionDeps(operations, actor), ...(epoch ? { epoch } : {}) };
  const decided = await applyDecision(deps, decisionId, choice);
  return { decision: decisionView(decided), message: decided.message };
}

/** Takes a decision back. */
export async function undo(
  operations: Operations,
  actor: string,
  asked: { id: number; version: number },
): Promise<DuplicateDecision> {
  return decisionView(await undoDuplicate(decisionDeps(operations, actor), asked));
}

/** The same decision on many cases, each by itself; those that cannot be decided are told with why. */
export async function resolveMany(
  resolveOne: (choice: DuplicateChoice) => Promise<DuplicateDecision>,
  input: Omit<DuplicateChoice, 'id' | 'version'> & { cases: readonly { id: number; version: number }[] },
): Promise<{ decided: DuplicateDecision[]; refused: { id: number; message: string }[] }> {
  const { cases, ...choice } = input;
  const decided: DuplicateDecision[] = [];
  const refused: { id: number; message: string }[] = [];
  let away: OpsdeckError | null = null;
  for (const one of cases) {
    try {
      // A database that is away is not waited for once for each case.
      if (away) throw away;
      decided.push(await resolveOne({ ...choice, ...one }));
    } catch (error) {
      if (!(error instanceof OpsdeckError)) throw error;
      if (error.code === 'DATABASE_AWAY') away = error;
      refused.push({ id: one.id, message: error.message });
    }
  }
  return { decided, refused };
}

/** A page of closed cases, newest first. */
export async function history(
  operations: Operations,
  input: HistoryFilter & { limit: number; offset: number; status?: 'resolved' },
): Promise<{ closed: ClosedDuplicate[]; count: number }> {
  const { timeZone } = operations.settings();
  const { rows, count } = await listClosed(operations.workspace.database, {
    ...closedFilter(input, timeZone),
    status: input.status,
    limit: input.limit,
    offset: input.offset,
  });
  return { closed: rows.map((row) => closedView(row, timeZone)), count };
}

/** The filter of a history in instants of the office's days. */
export function closedFilter(input: HistoryFilter, timeZone: string): ClosedFilter {
  return {
    search: input.search,
    resolution: input.resolution,
    from: input.from === undefined ? undefined : dayRange(input.from, timeZone).start,
    to: input.to === undefined ? undefined : dayRange(input.to, timeZone).end,
  };
}

/** What decisions are made with on the running workspace. */
export function decisionDeps(operations: Operations, actor: string): DecisionDeps {
  const { workspace } = operations;
  return {
    database: workspace.database,
    clock: workspace.passes.clock,
    timeZone: operations.settings().timeZone,
    actor,
    console: workspace.holder,
  };
}

function decisionView(decided: Decided): DuplicateDecision {
  return { id: decided.id, action: decided.action, version: decided.version, new_deal_id: decided.newDealId };
}

/** A closed case as the history shows it. */
export function closedView(row: CaseRow, timeZone: string): ClosedDuplicate {
  return {
    ...pendingView(row, timeZone),
    status: row.status === 'resolved' ? 'resolved' : 'withdrawn',
    resolution: row.resolution,
    resolved_at: (row.resolved_at ?? row.detected_at).toISOString(),
    resolved_by: row.resolved_by,
    note: row.resolution_note,
  };
}

/** An open case as the queue shows it. */
export function pendingView(row: CaseRow, timeZone: string): PendingDuplicate {
  const existing = existingOf(row);
  const incoming = incomingOf(row);
  return {
    id: row.id,
    lead_id: row.lead_id,
    reasons: row.reasons,
    differs: existing ? differingFields(existing, incoming, timeZone) : [],
    existing: existing && side(existing, row, 'existing'),
    incoming: side(incoming, row, 'new'),
    detected_at: row.detected_at.toISOString(),
    version: row.version,
  };
}

function side(content: NotedContent, row: CaseRow, of: 'existing' | 'new'): DuplicateSide {
  const group = row[`${of}_group`];
  return {
    user_id: String(content.userId),
    agent: agentName(content.userId, { name: row[`${of}_agent`], group }),
    group,
    commission: content.commission === null ? null : Number(content.commission),
    multi_deals: content.multiDeals,
    order_date: content.orderDate.toISOString(),
    order_date_source: content.orderDateSource,
    campaign: row[`${of}_campaign`],
  };
}

/** The deal that a case is about, as it stands; null: it is gone. */
export function existingOf(row: CaseRow): ExistingDeal | null {
  if (row.existing_user_id === null || row.existing_order_date === null) return null;
  return {
    userId: row.existing_user_id,
    commission: row.existing_commission,
    multiDeals: row.existing_multi_deals ?? 1,
    campaignId: row.existing_campaign_id,
    orderDate: row.existing_order_date,
    orderDateSource: row.existing_order_source ?? 'instant',
    notes: row.existing_notes ?? [],
    isDuplicate: row.existing_is_duplicate ?? false,
  };
}

/** What upstream says now of a case's lead. */
export function incomingOf(row: CaseRow): NotedContent {
  return {
    userId: row.new_user_id,
    commission: row.new_commission,
    multiDeals: row.new_multi_deals,
    campaignId: row.new_campaign_id,
    orderDate: row.new_order_date,
    orderDateSource: row.new_order_source ?? row.existing_order_source ?? 'fallback',
    notes: row.new_notes,
  };
}
