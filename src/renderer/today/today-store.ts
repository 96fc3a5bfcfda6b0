import type { DealView, TodayView } from '../../shared/contract/deals.ts';

/** Today as held here, with the deals that arrived since the last fetch. */
export interface TodayData extends TodayView {
  /** Ids to show softly as new; empty after the first fetch, a new day or a reload of much. */
  readonly arrived: ReadonlySet<number>;
}

/** More than this at once is a bulk pass, not a moment worth motion. */
const mostArrivals = 20;

/** Ids of the deals in `fresh` that `former` did not show. */
export function findArrivals(
  fresh: readonly DealView[],
  former: readonly DealView[] | null,
): ReadonlySet<number> {
  if (former === null) return new Set();
  const known = new Set(former.map((deal) => deal.id));
  // One that was shown before it was saved comes again by the id that it has now.
  const unsaved = new Set(former.filter((deal) => deal.unsaved).map(sameSale));
  const arrived = fresh
    .filter((deal) => !known.has(deal.id) && !unsaved.has(sameSale(deal)))
    .map((deal) => deal.id);
  return new Set(arrived.length > mostArrivals ? [] : arrived);
}

function sameSale(deal: DealView): string {
  return `${deal.lead_id} ${deal.user_id} ${deal.order_date}`;
}

/** Today with its arrivals. An answer older than what is shown (by change number, same day) is not taken. */
export function mergeToday(fresh: TodayView, former: TodayData | null): TodayData {
  if (former !== null && former.day === fresh.day && fresh.seq < former.seq) return former;
  const sameDay = former !== null && former.day === fresh.day;
  return { ...fresh, arrived: findArrivals(fresh.feed, sameDay ? former.feed : null) };
}
