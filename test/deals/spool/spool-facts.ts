import type { SpooledFact } from '../../../src/main/deals/spool/spooled-fact.ts';
import type { TodayDeal } from '../../../src/main/deals/today-store.ts';

export const noon = new Date('2026-11-16T11:00:00Z');
export const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

/** A reading of lead 1: 100 kr of agent 7, sold at noon, stamped a second later. */
export function reading(
  given: Partial<SpooledFact['fact']> & { seq?: number; isNew?: boolean | null; readAt?: Date } = {},
): SpooledFact {
  const { seq = 1, isNew = true, readAt = at(60), ...fact } = given;
  return {
    seq,
    isNew,
    readAt,
    campaign: 'Fiber',
    tries: 0,
    fact: {
      leadId: '1',
      userId: 7,
      campaignId: '4',
      commission: '100.00',
      multiDeals: 1,
      orderDate: noon,
      orderDateSource: 'instant',
      status: 'success',
      updatedAt: at(1),
      notes: [],
      ...fact,
    },
  };
}

/** The deal of today that the reading above would have become. */
export function heldDeal(given: Partial<TodayDeal> = {}): TodayDeal {
  return {
    id: 11,
    leadId: '1',
    userId: 7,
    campaign: 'Fiber',
    commission: '100.00',
    multiDeals: 1,
    orderDate: noon,
    orderDateSource: 'instant',
    notes: [],
    createdAt: noon,
    syncedAt: noon,
    upstreamAt: at(1),
    ...given,
  };
}
