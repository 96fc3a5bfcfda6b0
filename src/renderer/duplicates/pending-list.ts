import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';

/** The queue as shown; `extra` is the length of the whole queue, whatever is searched for. */
export type PendingRows = PagedStore<PendingDuplicate, number>;

/** Pending duplicates, of which some are decided here and not yet gone there. */
export interface PendingList {
  readonly rows: PendingRows;
  /** The place of a case; -1 where it is not among the fetched rows. */
  indexOf(id: number): number;
  /** Leaves a case out; only a later version of it is shown again. */
  takeOut(duplicate: PendingDuplicate): void;
  /** Shows a case again at its former place. */
  putBack(duplicate: PendingDuplicate, index: number): void;
  /** Leaves out many at once and fetches what is left. */
  hide(cases: readonly { id: number; version: number }[]): void;
  /** Shows many again. */
  unhide(ids: readonly number[]): void;
}

type LoadPending = (page: { limit: number; offset: number; search?: string }) => Promise<{
  readonly pending: readonly PendingDuplicate[];
  readonly count: number;
}>;

/** The list for what `search` presently answers; an empty search is the whole queue. */
export function createPendingList(load: LoadPending, search: () => string): PendingList {
  /** Cases decided here, with the version they had. */
  const hidden = new Map<number, number>();
  const isShown = (row: PendingDuplicate): boolean => row.version > (hidden.get(row.id) ?? 0);
  const rows = createPagedStore<PendingDuplicate, number>(
    async (page) => {
      const sought = search();
      const [found, all] = await Promise.all([
        load({ ...page, ...(sought === '' ? {} : { search: sought }) }),
        sought === '' ? null : load({ limit: 1, offset: 0 }),
      ]);
      const decided = found.pending.filter((row) => !isShown(row)).length;
      return { rows: found.pending, count: found.count, extra: (all ?? found).count - decided };
    },
    { isShown },
  );
  const indexOf = (id: number): number => rows.getState().rows.findIndex((row) => row?.id === id);

  /** Both counts follow a row that comes or goes. */
  function replaceRows(next: readonly (PendingDuplicate | undefined)[]): void {
    rows.setState(({ rows: former, count, extra }) => {
      const more = next.length - former.length;
      return { rows: next, count: (count ?? 0) + more, extra: extra === null ? null : extra + more };
    });
  }

  return {
    rows,
    indexOf,
    takeOut(duplicate) {
      hidden.set(duplicate.id, duplicate.version);
      const index = indexOf(duplicate.id);
      if (index >= 0) replaceRows(rows.getState().rows.toSpliced(index, 1));
    },
    putBack(duplicate, index) {
      hidden.delete(duplicate.id);
      if (indexOf(duplicate.id) >= 0) return;
      const former = rows.getState().rows;
      replaceRows(former.toSpliced(Math.min(index, former.length), 0, duplicate));
    },
    hide(cases) {
      for (const { id, version } of cases) hidden.set(id, version);
      replaceRows(rows.getState().rows.filter((row) => row === undefined || isShown(row)));
      void rows.reload();
    },
    unhide(ids) {
      for (const id of ids) hidden.delete(id);
      void rows.reload();
    },
  };
}
