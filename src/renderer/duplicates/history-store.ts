import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClosedDuplicate, DuplicateCase, HistoryFilter } from '../../shared/contract/duplicates.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';
import { createCaseStore, type CaseStore } from './case-store.ts';

/** What is asked of the history, and the closed case shown. */
export interface History {
  readonly filter: HistoryFilter;
  readonly chosen: ClosedDuplicate | null;
}

export interface HistoryCalls {
  history(input: HistoryFilter & { limit: number; offset: number }): Promise<{
    readonly closed: readonly ClosedDuplicate[];
    readonly count: number;
  }>;
  case(id: number): Promise<DuplicateCase>;
}

export interface HistoryStore extends StoreApi<History> {
  readonly list: PagedStore<ClosedDuplicate>;
  readonly shown: CaseStore;
  /** Fetches the history for the first time; later calls do nothing, as it is kept fresh. */
  open(): void;
  choose(id: number | null): void;
  /** Changes what is asked; undefined or an empty text lifts a condition. */
  ask(changes: { [Key in keyof HistoryFilter]?: HistoryFilter[Key] | undefined }): void;
}

/** The filter with changes, without conditions that say nothing. */
export function changeFilter(
  filter: HistoryFilter,
  changes: { [Key in keyof HistoryFilter]?: HistoryFilter[Key] | undefined },
): HistoryFilter {
  const all = { ...filter, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}

/** Decided and withdrawn cases, newest first; nothing is fetched before the history is opened. */
export function createHistory(calls: HistoryCalls, options: { pauseMs?: number } = {}): HistoryStore {
  const store = createStore<History>(() => ({ filter: {}, chosen: null }));
  const shown = createCaseStore((id) => calls.case(id), options.pauseMs);
  const list = createPagedStore<ClosedDuplicate>(
    async (page) => {
      const { closed, count } = await calls.history({ ...store.getState().filter, ...page });
      return { rows: closed, count, extra: null };
    },
    { untilLookedAt: true },
  );
  list.subscribe(({ rows }) => {
    const { chosen } = store.getState();
    const fresh = rows.find((row) => row?.id === chosen?.id);
    if (fresh !== undefined && fresh !== chosen) store.setState({ chosen: fresh });
  });
  let opened = false;

  return Object.assign(store, {
    list,
    shown,
    open(): void {
      if (opened) return;
      opened = true;
      void list.startOver();
    },
    choose(id: number | null): void {
      const row = list.getState().rows.find((one) => one?.id === id);
      store.setState({ chosen: row ?? null });
      shown.show(row?.id ?? null);
    },
    ask(changes: { [Key in keyof HistoryFilter]?: HistoryFilter[Key] | undefined }): void {
      store.setState(({ filter }) => ({ filter: changeFilter(filter, changes), chosen: null }));
      shown.show(null);
      void list.startOver();
    },
  });
}
