import type { HeldDeal } from '../../shared/contract/sync.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';

/** The deals that one hold would take away; `extra` is what they are worth together. */
export interface HeldDealsStore extends PagedStore<HeldDeal, number> {
  /** Says whose deals are shown; null where nothing is held. */
  show(holdId: number | null): void;
}

type LoadHeldDeals = (page: { id: number; limit: number; offset: number }) => Promise<{
  readonly deals: readonly HeldDeal[];
  readonly count: number;
  readonly commission: number;
}>;

/** A list of one hold's deals; nothing is fetched before one is shown. */
export function createHeldDeals(load: LoadHeldDeals): HeldDealsStore {
  let shown: number | null = null;
  const store = createPagedStore<HeldDeal, number>(
    async (page) => {
      if (shown === null) return { rows: [], count: 0, extra: 0 };
      const { deals, count, commission } = await load({ id: shown, ...page });
      return { rows: deals, count, extra: commission };
    },
    { untilLookedAt: true },
  );
  return Object.assign(store, {
    show(holdId: number | null): void {
      if (holdId === shown) return;
      shown = holdId;
      void store.startOver();
    },
  });
}
