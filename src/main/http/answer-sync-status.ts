import { todayRange } from '../../shared/business-day.ts';
import { readTotals } from '../deals/totals-store.ts';
import { liveOrKept } from '../live-or-kept.ts';
import type { Operations } from '../operations.ts';
import type { HttpContext, HttpServices } from './http-services.ts';

type SyncStatus = Awaited<ReturnType<typeof readStatus>>;

/** How far the data is in step. While the database is away, the totals as they were last asked for. */
export function createSyncStatus(services: HttpServices) {
  let last: { status: SyncStatus; at: Date } | null = null;
  return async (context: HttpContext): Promise<SyncStatus> => {
    const status = await liveOrKept(
      services,
      async (operations) => {
        const status = await readStatus(operations);
        last = { status, at: operations.workspace.passes.clock.now() };
        return status;
      },
      () => {
        if (last) context.reply.asOf = last.at;
        return last && last.status;
      },
    );
    const retryQueueLength = services.running()?.reading?.waiting() ?? 0;
    return { ...status, deals: { ...status.deals, retryQueueLength } };
  };
}

async function readStatus(operations: Operations) {
  const { database, passes } = operations.workspace;
  const today = todayRange(passes.clock.now(), operations.settings().timeZone);
  const totals = await readTotals(database, today);
  return {
    success: true as const,
    deals: {
      totalDeals: totals.deals,
      todayDeals: totals.dealsToday,
      lastSync: totals.lastDealsSync?.toISOString() ?? null,
      // Known to this computer alone, also while the database is away: put in by the caller.
      retryQueueLength: 0,
    },
    sms: {
      totalSMS: totals.sms,
      todaySMS: totals.smsToday,
      lastSync: totals.lastSmsSync?.toISOString() ?? null,
    },
    pendingDuplicates: totals.pending,
  };
}
