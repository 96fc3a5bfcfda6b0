import type { DealView } from '../../shared/contract/deals.ts';

/**
 * The instant whose age a deal shows: when it was ordered, which is also how the feed is sorted. Where the vendor gave
 * only the day, or an hour still to come, it is when the deal was first seen here.
 */
export function instantOfDeal(
  deal: Pick<DealView, 'order_date' | 'order_date_source' | 'created_at'>,
): string {
  if (deal.order_date_source === 'day') return deal.created_at;
  return Date.parse(deal.order_date) > Date.parse(deal.created_at) ? deal.created_at : deal.order_date;
}
