import type { BoardRow, PendingDuplicate, TodayView } from '../../shared/contract/deals.ts';
import type { Operations } from '../operations.ts';
import { countPending, listPending, type PendingRow } from './duplicates-store.ts';
import { agentName } from './leaderboard.ts';

/** Today as the Today screen shows it: deals and board from memory, what waits from the latest count. */
export async function today(operations: Operations): Promise<TodayView> {
  const now = operations.today.today();
  return {
    day: now.day,
    time_zone: now.timeZone,
    seq: now.seq,
    totals: {
      deals: now.deals,
      commission: now.commission,
      sms: now.sms,
      waiting: await operations.waiting(),
    },
    board: now.board,
    feed: now.feed,
  };
}

/** Today's board, from memory. */
export function board(operations: Operations): BoardRow[] {
  return operations.today.today().board;
}

/** A page of the queue, oldest first. */
export async function pendingDuplicates(
  operations: Operations,
  page: { limit: number; offset: number },
): Promise<{ pending: PendingDuplicate[]; count: number }> {
  const { database } = operations.workspace;
  const [rows, count] = await Promise.all([listPending(database, page), countPending(database)]);
  return { pending: rows.map(pendingDuplicate), count };
}

function pendingDuplicate(row: PendingRow): PendingDuplicate {
  return {
    id: row.id,
    lead_id: row.lead_id,
    reasons: row.reasons,
    existing: row.existing_user_id === null ? null : side(row, 'existing'),
    incoming: side(row, 'new'),
    detected_at: row.detected_at.toISOString(),
    version: row.version,
  };
}

function side(row: PendingRow, of: 'existing' | 'new'): PendingDuplicate['incoming'] {
  const userId = row[`${of}_user_id`] ?? 0;
  const commission = row[`${of}_commission`];
  return {
    user_id: String(userId),
    agent: agentName(userId, { name: row[`${of}_agent`], group: null }),
    commission: commission === null ? null : Number(commission),
    multi_deals: row[`${of}_multi_deals`] ?? 1,
    order_date: (row[`${of}_order_date`] ?? row.detected_at).toISOString(),
    campaign: row[`${of}_campaign`],
  };
}
