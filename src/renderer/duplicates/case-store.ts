import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DuplicateCase } from '../../shared/contract/duplicates.ts';
import { failureOf, type Failure } from '../failure.ts';

/** The case on screen, in full. Old data of the same case stays beside a later failure. */
export interface ShownCase {
  readonly id: number | null;
  readonly data: DuplicateCase | null;
  readonly failure: Failure | null;
}

export interface CaseStore extends StoreApi<ShownCase> {
  /** Shows another case; what was fetched before for it is there at once. */
  show(id: number | null): void;
  /** Fetches a case that will probably be shown next. */
  prepare(id: number): void;
  /** Forgets what was prepared and fetches the shown case again, the old one staying until then. */
  reload(): Promise<void>;
}

/** A store of one shown case. A case passed over within `pauseMs` is not fetched at all. */
export function createCaseStore(load: (id: number) => Promise<DuplicateCase>, pauseMs = 60): CaseStore {
  const store = createStore<ShownCase>(() => ({ id: null, data: null, failure: null }));
  const prepared = new Map<number, Promise<DuplicateCase>>();
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function fetchCase(id: number): Promise<DuplicateCase> {
    const known = prepared.get(id);
    if (known !== undefined) return known;
    const coming = load(id);
    prepared.set(id, coming);
    coming.catch(() => prepared.delete(id));
    return coming;
  }

  async function fill(id: number): Promise<void> {
    const mine = generation;
    const isWanted = (): boolean => mine === generation && store.getState().id === id;
    try {
      const data = await fetchCase(id);
      if (isWanted()) store.setState({ data, failure: null });
    } catch (error) {
      if (isWanted()) store.setState({ failure: failureOf(error) });
    }
  }

  return Object.assign(store, {
    show(id: number | null): void {
      if (store.getState().id === id) return;
      clearTimeout(timer);
      store.setState({ id, data: null, failure: null });
      if (id === null) return;
      if (prepared.has(id)) void fill(id);
      else timer = setTimeout(() => void fill(id), pauseMs);
    },
    prepare(id: number): void {
      fetchCase(id).catch(() => undefined);
    },
    async reload(): Promise<void> {
      generation += 1;
      prepared.clear();
      const { id } = store.getState();
      if (id !== null) await fill(id);
    },
  });
}
