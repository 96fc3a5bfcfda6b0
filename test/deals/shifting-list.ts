import type { Page } from '../../src/main/deals/adversus-client.ts';
import type { PageMeta } from '../../src/main/deals/adversus-envelope.ts';
import type { PageReader } from '../../src/main/deals/read-all-pages.ts';

/** Chances of each change before a page is answered, and where rows may enter. */
export interface Weather {
  inserts: number;
  deletes: number;
  updates: number;
  /** Neighbours with the same stamp that change places. */
  tieSwaps: number;
  /** 'front': as in a list sorted by last-updated, newest first. 'anywhere': a vendor that sorts by something else. */
  insertsAt: 'front' | 'anywhere';
}

interface Row {
  id: number;
  stamp: number;
}

/** A vendor's list, sorted by stamp, newest first, that changes between pages. */
export interface ShiftingList extends PageReader {
  /** Rows that were in the list before the first page and after the last, and never left. */
  steadyIds(): number[];
}

/** Builds a list of `size` rows; `random` decides everything, so a seed repeats it. */
export function shiftingList(
  size: number,
  weather: Weather,
  random: () => number,
  shape: { withMeta: boolean; mostPerPage: number; says?: readonly (keyof PageMeta)[] },
): ShiftingList {
  // Few stamps, so that many rows tie.
  const rows: Row[] = Array.from({ length: size }, (_, i) => ({
    id: i + 1,
    stamp: Math.floor((size - i) / 3),
  }));
  const gone = new Set<number>();
  const first = rows.map((row) => row.id);
  let nextId = size + 1;
  let nextStamp = size;
  const pick = () => Math.floor(random() * rows.length);

  function change(): void {
    if (random() < weather.inserts) {
      const at = weather.insertsAt === 'front' ? 0 : Math.floor(random() * (rows.length + 1));
      rows.splice(at, 0, { id: nextId++, stamp: nextStamp++ });
    }
    if (rows.length > 0 && random() < weather.deletes) gone.add(rows.splice(pick(), 1)[0]!.id);
    if (rows.length > 0 && random() < weather.updates) {
      const [row] = rows.splice(pick(), 1);
      rows.unshift({ id: row!.id, stamp: nextStamp++ });
    }
    if (rows.length > 1 && random() < weather.tieSwaps) {
      const at = Math.min(pick(), rows.length - 2);
      const [one, other] = [rows[at]!, rows[at + 1]!];
      if (one.stamp === other.stamp) rows.splice(at, 2, other, one);
    }
  }

  return {
    steadyIds: () => first.filter((id) => !gone.has(id)),
    async readPage(_resource, query): Promise<Page> {
      for (let i = Math.floor(random() * 4); i > 0; i--) change();
      const pageSize = Math.min(query.pageSize, shape.mostPerPage);
      const start = (query.page - 1) * pageSize;
      const total = rows.length;
      const pageCount = Math.ceil(total / pageSize);
      const whole = { page: query.page, pageCount, pageSize, total, hasNext: query.page < pageCount };
      const meta = shape.says ? partOf(whole, shape.says) : whole;
      return {
        records: rows.slice(start, start + pageSize).map((row) => ({ ...row })),
        meta: shape.withMeta ? meta : null,
        updatedField: null,
      };
    },
  };
}

/** What a vendor says that does not say everything. */
export function partOf(meta: PageMeta, says: readonly (keyof PageMeta)[]): PageMeta {
  const said = (field: 'page' | 'pageCount' | 'pageSize' | 'total') =>
    says.includes(field) ? meta[field] : null;
  return {
    page: said('page'),
    pageCount: said('pageCount'),
    pageSize: said('pageSize'),
    total: said('total'),
    ...(says.includes('hasNext') && meta.hasNext !== undefined ? { hasNext: meta.hasNext } : {}),
  };
}
