import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, type Failure } from './failure.ts';

/** Rows fetched at a time. */
export const pageOfRows = 100;
/** Pages are fetched when their rows come this near to the view. */
const ahead = 40;
/** Pages come into view this far apart, in ms: of a list that flies past only some are fetched, and those where it rests. */
const apartMs = 120;

/** A list of any length, of which only looked-at pages are fetched. */
export interface Paged<T, Extra = null> {
  /** Null until the first answer. */
  readonly count: number | null;
  /** One place per row there is; undefined where its page was not fetched. */
  readonly rows: readonly (T | undefined)[];
  /** What the newest answer told beside its rows. */
  readonly extra: Extra | null;
  /** The rows answer a former question; those of the present one are on their way. */
  readonly stale: boolean;
  readonly failure: Failure | null;
}

export interface PagedAnswer<T, Extra = null> {
  readonly rows: readonly T[];
  readonly count: number;
  readonly extra: Extra;
}
export type LoadPage<T, Extra = null> = (page: {
  limit: number;
  offset: number;
}) => Promise<PagedAnswer<T, Extra>>;

export interface PagedStore<T, Extra = null> extends StoreApi<Paged<T, Extra>> {
  /** Fetches the looked-at pages again; the others are dropped. Does nothing while nobody ever looked. */
  reload(): Promise<void>;
  /** Says which rows are on screen, so that their pages are fetched. */
  look(first: number, last: number): void;
  /** Another question: its first answer replaces all rows. */
  startOver(): Promise<void>;
}

/**
 * Puts one fetched page into the rows, cut or grown to the count that came with it. Rows that `isShown` refuses are
 * left out and not counted: they are decided here and not yet gone there.
 */
export function placePage<T>(
  rows: readonly (T | undefined)[],
  answer: { readonly rows: readonly T[]; readonly count: number },
  offset: number,
  isShown: (row: T) => boolean = () => true,
): { rows: readonly (T | undefined)[]; count: number } {
  const shown = answer.rows.filter(isShown);
  const count = Math.max(offset + shown.length, answer.count - (answer.rows.length - shown.length));
  const placed: (T | undefined)[] = Array.from({ length: count }, (_, i) => rows[i]);
  for (let i = 0; i < answer.rows.length && offset + i < count; i++) placed[offset + i] = shown[i];
  return { rows: placed, count };
}

/** A store that fetches pages as they come into view. */
export function createPagedStore<T, Extra = null>(
  load: LoadPage<T, Extra>,
  options: { isShown?: (row: T) => boolean; untilLookedAt?: boolean } = {},
): PagedStore<T, Extra> {
  const store = createStore<Paged<T, Extra>>(() => ({
    count: null,
    rows: [],
    extra: null,
    stale: false,
    failure: null,
  }));
  const fetching = new Set<number>();
  /** Pages that had rows not to be shown: the places left open at their end are filled by the next reload. */
  const short = new Set<number>();
  let looked: readonly [number, number] = [0, 0];
  let sleeping = options.untilLookedAt === true;
  let generation = 0;
  /** Pages were fetched a moment ago; `movedOn`: others are looked at since. */
  let resting = false;
  let movedOn = false;

  async function fetchPage(page: number): Promise<void> {
    if (fetching.has(page)) return;
    fetching.add(page);
    const mine = generation;
    const offset = page * pageOfRows;
    try {
      const answer = await load({ limit: pageOfRows, offset });
      if (mine !== generation) return;
      if (!answer.rows.every(options.isShown ?? (() => true))) short.add(page);
      store.setState(({ rows, stale }) => ({
        ...placePage(stale ? [] : rows, answer, offset, options.isShown),
        extra: answer.extra,
        stale: false,
        failure: null,
      }));
    } catch (error) {
      if (mine === generation) store.setState({ failure: failureOf(error) });
    } finally {
      if (mine === generation) fetching.delete(page);
    }
  }

  const pagesInView = (): number[] => {
    const first = Math.floor(Math.max(0, looked[0] - ahead) / pageOfRows);
    const end = Math.max(looked[0], Math.min(looked[1] + ahead, store.getState().rows.length - 1));
    const last = Math.floor(end / pageOfRows);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  };

  function fetchLooked(): void {
    const { rows, failure, stale } = store.getState();
    if (failure !== null || stale) return;
    const isOpen = (page: number): boolean =>
      rows.slice(page * pageOfRows, (page + 1) * pageOfRows).some((row) => row === undefined);
    const open = pagesInView().filter((page) => !short.has(page) && !fetching.has(page) && isOpen(page));
    if (open.length === 0) return;
    resting = true;
    movedOn = false;
    setTimeout(() => {
      resting = false;
      if (movedOn) fetchLooked();
    }, apartMs);
    for (const page of open) void fetchPage(page);
  }

  function begin(): number[] {
    sleeping = false;
    generation += 1;
    fetching.clear();
    short.clear();
    return pagesInView();
  }

  return Object.assign(store, {
    async reload(): Promise<void> {
      if (sleeping) return;
      const pages = begin();
      const kept = new Set(pages);
      store.setState(({ rows }) => ({
        rows: rows.map((row, i) => (kept.has(Math.floor(i / pageOfRows)) ? row : undefined)),
      }));
      await Promise.all(pages.map(fetchPage));
    },
    look(first: number, last: number): void {
      looked = [first, last];
      if (resting) movedOn = true;
      else fetchLooked();
    },
    async startOver(): Promise<void> {
      looked = [0, 0];
      begin();
      store.setState({ stale: true });
      await fetchPage(0);
    },
  });
}
