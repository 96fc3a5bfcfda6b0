import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { failureOf, type Failure } from '../failure.ts';

/** Rows fetched at a time. */
export const pageOfDuplicates = 200;

/** Pending duplicates, as many as there are, of which only looked-at pages are fetched. */
export interface Duplicates {
  /** Null until the first answer. */
  readonly count: number | null;
  /** One place per pending duplicate; undefined where its page was not fetched. */
  readonly rows: readonly (PendingDuplicate | undefined)[];
  readonly failure: Failure | null;
}

type Answer = { readonly pending: readonly PendingDuplicate[]; readonly count: number };
export type LoadDuplicates = (page: { limit: number; offset: number }) => Promise<Answer>;

export interface DuplicatesStore extends StoreApi<Duplicates> {
  /** Fetches the looked-at pages again; the others are dropped. */
  reload(): Promise<void>;
  /** Says which rows are on screen, so that their pages are fetched. */
  look(first: number, last: number): void;
}

/** Puts one fetched page into the rows, cut or grown to the count that came with it. */
export function placePage(rows: Duplicates['rows'], answer: Answer, offset: number): Duplicates['rows'] {
  const placed: (PendingDuplicate | undefined)[] = Array.from({ length: answer.count }, (_, i) => rows[i]);
  answer.pending.forEach((row, i) => {
    if (offset + i < placed.length) placed[offset + i] = row;
  });
  return placed;
}

/** A store that fetches pages as they come into view. */
export function createDuplicatesStore(load: LoadDuplicates): DuplicatesStore {
  const store = createStore<Duplicates>(() => ({ count: null, rows: [], failure: null }));
  const fetching = new Set<number>();
  let looked: readonly [number, number] = [0, 0];
  let generation = 0;

  async function fetchPage(page: number): Promise<void> {
    if (fetching.has(page)) return;
    fetching.add(page);
    const mine = generation;
    const offset = page * pageOfDuplicates;
    try {
      const answer = await load({ limit: pageOfDuplicates, offset });
      if (mine !== generation) return;
      store.setState(({ rows }) => ({
        count: answer.count,
        rows: placePage(rows, answer, offset),
        failure: null,
      }));
    } catch (error) {
      if (mine === generation) store.setState({ failure: failureOf(error) });
    } finally {
      if (mine === generation) fetching.delete(page);
    }
  }

  const pagesInView = (): number[] => {
    const first = Math.floor(looked[0] / pageOfDuplicates);
    const last = Math.floor(Math.max(looked[0], looked[1]) / pageOfDuplicates);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  };

  return Object.assign(store, {
    async reload(): Promise<void> {
      generation += 1;
      fetching.clear();
      const pages = pagesInView();
      const kept = new Set(pages);
      store.setState(({ rows }) => ({
        rows: rows.map((row, i) => (kept.has(Math.floor(i / pageOfDuplicates)) ? row : undefined)),
      }));
      await Promise.all(pages.map(fetchPage));
    },
    look(first: number, last: number): void {
      looked = [first, last];
      const { rows, failure } = store.getState();
      if (failure !== null) return;
      for (const page of pagesInView()) {
        const start = page * pageOfDuplicates;
        if (start < rows.length && rows[start] === undefined) void fetchPage(page);
      }
    },
  });
}
