import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LogLine, LogNews, LogPage, LogQuestion } from '../../shared/contract/log.ts';
import { failureOf, type Failure } from '../failure.ts';

export const linesOfPage = 200;
/** Fewer found lines than this do not fill a window, so the search goes on by itself. */
const enough = 60;
/** Lines held at most: of those that come, the oldest are let go; further back nothing is fetched. */
const mostFollowed = 5_000;
const mostRead = 20_000;

export interface LogState {
  readonly query: LogQuestion;
  /** The newest line stays in view. */
  readonly follow: boolean;
  /** Oldest first; null: nothing was answered yet. */
  readonly lines: readonly LogLine[] | null;
  /** Where older lines end; null: there are none. */
  readonly before: string | null;
  readonly after: string | null;
  readonly lookedBackTo: string | null;
  readonly parts: readonly string[];
  readonly logs: LogPage['logs'];
  /** Something is being fetched that a person waits for. */
  readonly searching: boolean;
  readonly failure: Failure | null;
}

export interface LogStore extends StoreApi<LogState> {
  /** Another question: its first answer replaces all lines. */
  ask(changes: Partial<LogQuestion>): void;
  follow(on: boolean): void;
  /** Reads the end of the log anew. */
  startOver(): Promise<void>;
  /** Fetches older lines, until some are found or the log ends. */
  older(): Promise<void>;
  /** Fetches what was written since, while the end is followed. */
  reload(): Promise<void>;
}

/** The program's log as a window shows it; nothing is fetched before the screen is opened. */
export function createLogStore(calls: {
  page(query: LogQuestion & { before: string | null; limit: number }): Promise<LogPage>;
  news(query: LogQuestion & { after: string }): Promise<LogNews>;
}): LogStore {
  const store = createStore<LogState>(() => ({
    query: { log: 'console', level: 'info', search: '', part: null },
    follow: true,
    lines: null,
    before: null,
    after: null,
    lookedBackTo: null,
    parts: [],
    logs: [],
    searching: false,
    failure: null,
  }));
  let generation = 0;
  let fetching = false;

  const known = (parts: readonly string[]): readonly string[] => {
    const before = store.getState().parts;
    const added = parts.filter((part) => !before.includes(part));
    return added.length === 0 ? before : [...before, ...added].toSorted();
  };

  async function fetchBefore(mine: number, before: string | null): Promise<boolean> {
    const { query } = store.getState();
    const page = await calls.page({ ...query, before, limit: linesOfPage });
    if (mine !== generation) return false;
    store.setState(({ lines, lookedBackTo, after }) => ({
      lines: before === null ? page.lines : [...page.lines, ...(lines ?? [])],
      before: page.before,
      after: before === null ? page.after : after,
      lookedBackTo: page.looked_back_to ?? lookedBackTo,
      parts: known(page.parts),
      logs: page.logs,
      failure: null,
    }));
    return true;
  }

  /** Fetches from `before` on until so many more lines are there, or there are no older ones. */
  async function search(mine: number, before: string | null, wanted: number): Promise<void> {
    store.setState({ searching: true });
    try {
      let place = before;
      do {
        if (!(await fetchBefore(mine, place))) return;
        place = store.getState().before;
      } while (place !== null && (store.getState().lines?.length ?? 0) < wanted);
    } catch (error) {
      if (mine === generation) store.setState({ failure: failureOf(error) });
    } finally {
      if (mine === generation) store.setState({ searching: false });
    }
  }

  async function startOver(): Promise<void> {
    generation += 1;
    await search(generation, null, enough);
  }

  async function reload(): Promise<void> {
    const { follow, after, searching } = store.getState();
    if (!follow || fetching || searching) return;
    if (after === null) return startOver();
    fetching = true;
    const mine = generation;
    try {
      for (let place: string | null = after, more = true; more && place !== null;) {
        const news = await calls.news({ ...store.getState().query, after: place });
        if (mine !== generation) return;
        if (news.lost) return await startOver();
        take(news);
        ({ after: place, more } = news);
      }
    } catch (error) {
      if (mine === generation) store.setState({ failure: failureOf(error) });
    } finally {
      fetching = false;
    }
  }

  function take(news: LogNews): void {
    store.setState(({ lines, before }) => {
      if (news.lines.length === 0) return { after: news.after, parts: known(news.parts), failure: null };
      const all = [...(lines ?? []), ...news.lines];
      const kept = all.slice(-mostFollowed);
      return {
        lines: kept,
        before: kept.length < all.length ? kept[0]!.place : before,
        after: news.after,
        parts: known(news.parts),
        failure: null,
      };
    });
  }

  return Object.assign(store, {
    ask(changes: Partial<LogQuestion>): void {
      const isOther = changes.log !== undefined && changes.log !== store.getState().query.log;
      store.setState(({ query }) => ({
        query: { ...query, ...changes, ...(isOther ? { part: null } : {}) },
        ...(isOther ? { parts: [], lines: null } : {}),
        lookedBackTo: null,
      }));
      void startOver();
    },
    follow(on: boolean): void {
      if (on === store.getState().follow) return;
      store.setState({ follow: on });
      if (on) void startOver();
    },
    startOver,
    async older(): Promise<void> {
      const { before, searching, lines, failure } = store.getState();
      if (before === null || searching || failure !== null || (lines?.length ?? 0) >= mostRead) return;
      await search(generation, before, (lines?.length ?? 0) + 1);
    },
    reload,
  });
}
