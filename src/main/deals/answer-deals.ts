import type { BoardRow, TodayView } from '../../shared/contract/deals.ts';
import type { Operations } from '../operations.ts';

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
