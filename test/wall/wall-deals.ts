import type { WallDeal } from '../../src/main/wall/plan-plings.ts';

/** One of today's deals; what is not given is told from its id. */
export function wallDeal(given: Partial<WallDeal> & { id: number }): WallDeal {
  return {
    leadId: `lead ${given.id}`,
    userId: 900 + (given.id % 5),
    orderDate: new Date(Date.parse('2026-11-22T08:00:00Z') + given.id * 60_000),
    agent: `Agent ${given.id % 5}`,
    campaign: null,
    commission: 1_000,
    multiDeals: 1,
    ...given,
  };
}
