import type { BoardRow, TodayView } from '../../shared/contract/deals.ts';
import type { Operations } from '../operations.ts';
import type { TodayCache } from './today-cache.ts';

/** Today as the Today screen shows it: deals and board from memory, what waits from the latest count. */
export async function today(operations: Operations): Promise<TodayView> {
  return todayOf(operations.today, await operations.waiting());
}

/** The same of any cache, with a count of what waits from elsewhere. */
export function todayOf(cache: TodayCache, waiting: number): TodayView {
  const now = cache.today();
  return {
    day: now.day,
    time_zone: now.timeZone,
    seq: now.seq,
    unsaved: now.unsaved,
    totals: {
      deals: now.deals,
      commission: now.commission,
      sms: now.sms,
      waiting,
    },
    board: now.board,
    feed: now.feed,
  };
}

/** Today's board, from memory. */
export function board(operations: Operations): BoardRow[] {
  return operations.today.today().board;
}
