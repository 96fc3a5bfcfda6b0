import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';

/** The whole shelf, whatever is asked for. */
export interface Shelf {
  readonly total: number;
  /** Most first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

export interface RejectedFilter {
  readonly search: string;
  readonly reason: string | null;
}

export interface RejectedStore extends PagedStore<RejectedRecord, Shelf> {
  readonly filter: StoreApi<RejectedFilter>;
  ask(changes: Partial<RejectedFilter>): void;
}

type LoadRejected = (page: {
  limit: number;
  offset: number;
  search?: string;
  reason?: string;
}) => Promise<Shelf & { readonly records: readonly RejectedRecord[]; readonly count: number }>;

/** Records that could not be read, of one reason or all. */
export function createRejected(load: LoadRejected): RejectedStore {
  const filter = createStore<RejectedFilter>(() => ({ search: '', reason: null }));
  const store = createPagedStore<RejectedRecord, Shelf>(async (page) => {
    const { search, reason } = filter.getState();
    const { records, count, total, reasons } = await load({
      ...page,
      ...(search === '' ? {} : { search }),
      ...(reason === null ? {} : { reason }),
    });
    return { rows: records, count, extra: { total, reasons } };
  });
  return Object.assign(store, {
    filter,
    ask(changes: Partial<RejectedFilter>): void {
      filter.setState(changes);
      void store.startOver();
    },
  });
}
