import type { Range } from '../../shared/business-day.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { duplicateAction, type BoardMove, type DuplicateAction } from '../../shared/contract/duplicates.ts';
import { agentName, compareRows, toCents, type AgentName } from './leaderboard.ts';
import { planResolution, type ExistingDeal, type NotedContent } from './plan-resolution.ts';

/** Today's board as the effects are counted from. */
export interface BoardNow {
  range: Range;
  timeZone: string;
  rows: readonly BoardRow[];
  /** How many deals an agent has today: with none, and without messages, an agent leaves the board. */
  dealsOf(userId: number): number;
  agent(userId: number): AgentName | undefined;
}

/** What each action would do to the places and sums of today's board; merge with the default fields. */
export function duplicateEffects(
  existing: ExistingDeal | null,
  incoming: NotedContent,
  board: BoardNow,
): Record<DuplicateAction, BoardMove[]> {
  const effects = {} as Record<DuplicateAction, BoardMove[]>;
  for (const action of duplicateAction.options) effects[action] = effectOf(action, existing, incoming, board);
  return effects;
}

/** No action touches the board: the case is closed. */
export const noEffects: Record<DuplicateAction, BoardMove[]> = {
  approve: [],
  replace: [],
  merge: [],
  reject: [],
};

interface Delta {
  rows: number;
  deals: number;
  cents: number;
}

function effectOf(
  action: DuplicateAction,
  existing: ExistingDeal | null,
  incoming: NotedContent,
  board: BoardNow,
): BoardMove[] {
  const plan = planResolution({ action }, existing, incoming, board.timeZone);
  if (plan.kind === 'refused') return [];
  const deltas = new Map<number, Delta>();
  const count = (deal: NotedContent | null, sign: 1 | -1) => {
    if (!deal || deal.orderDate < board.range.start || deal.orderDate >= board.range.end) return;
    const { rows, deals, cents } = deltas.get(deal.userId) ?? { rows: 0, deals: 0, cents: 0 };
    deltas.set(deal.userId, {
      rows: rows + sign,
      deals: deals + sign * deal.multiDeals,
      cents: cents + sign * toCents(deal.commission),
    });
  };
  if (plan.existing.kind === 'replace' || plan.existing.kind === 'merge') {
    if (existing && !existing.isDuplicate) count(existing, -1);
  }
  if (plan.existing.kind === 'merge') count(plan.existing.content, 1);
  count(plan.insert, 1);
  return movesOf(deltas, board);
}

function movesOf(deltas: ReadonlyMap<number, Delta>, board: BoardNow): BoardMove[] {
  const moved = [...deltas].filter(([, delta]) => delta.rows !== 0 || delta.deals !== 0 || delta.cents !== 0);
  if (moved.length === 0) return [];
  const after = boardAfter(new Map(moved), board);
  return moved
    .map(([userId, delta]) => ({
      user_id: String(userId),
      agent: agentName(userId, board.agent(userId)),
      rank_before: rankOf(board.rows, userId),
      rank_after: rankOf(after, userId),
      deals: delta.deals,
      commission: delta.cents / 100,
    }))
    .sort((a, b) => (a.rank_after ?? Infinity) - (b.rank_after ?? Infinity) || compareIds(a, b));
}

function boardAfter(deltas: ReadonlyMap<number, Delta>, board: BoardNow): BoardRow[] {
  const untouched = board.rows.filter((row) => !deltas.has(Number(row.user_id)));
  const touched = [...deltas].flatMap(([userId, delta]): BoardRow[] => {
    const row = board.rows.find((one) => one.user_id === String(userId)) ?? emptyRow(userId, board);
    if (board.dealsOf(userId) + delta.rows <= 0 && row.sms === 0) return [];
    const commission = (Math.round(row.commission * 100) + delta.cents) / 100;
    return [{ ...row, deals: row.deals + delta.deals, commission }];
  });
  return [...untouched, ...touched].sort(compareRows);
}

function emptyRow(userId: number, board: BoardNow): BoardRow {
  const agent = board.agent(userId);
  return {
    user_id: String(userId),
    name: agentName(userId, agent),
    group: agent?.group ?? null,
    deals: 0,
    commission: 0,
    sms: 0,
    conversion: null,
  };
}

function rankOf(rows: readonly BoardRow[], userId: number): number | null {
  const index = rows.findIndex((row) => row.user_id === String(userId));
  return index < 0 ? null : index + 1;
}

const compareIds = (a: BoardMove, b: BoardMove) => Number(a.user_id) - Number(b.user_id);
