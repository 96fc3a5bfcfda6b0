import type { Page, RequestContext } from './adversus-client.ts';
import { recordId, type PageMeta } from './adversus-envelope.ts';
import type { ListQuery, PageQuery, Resource, UpdatedField } from './adversus-query.ts';
import { cancelled } from '../upstream/upstream-error.ts';

/** Anything that reads one page: the client, or a list that a test changes underneath. */
export interface PageReader {
  readPage(resource: Resource, query: PageQuery, context: RequestContext): Promise<Page>;
}

/** Why a read cannot be called complete; the first sign counts. */
export type ReadFlaw =
  | 'wrong-page' // the vendor answered another page than asked for
  | 'looping' // a page of nothing but records already read
  | 'id-repeated' // rows moved to later pages while we read
  | 'total-changed'
  | 'page-size-changed'
  | 'meta-came-and-went'
  | 'field-changed' // the last-updated stamp went by another name from some page on
  | 'count-differs' // not as many records as the vendor counts
  | 'second-read-differs'
  | 'too-many-pages';

/** A list as read to its end, or to where it made no sense any more. Failures of a page are thrown instead. */
export interface ReadAllResult {
  /** Each id once, as last read; records without a usable id all. */
  records: unknown[];
  /** Pages asked for. */
  pages: number;
  /** Every row that was in the list all the while is in `records`. Only then may absence mean anything. */
  complete: boolean;
  /** The list changed while we read it (or the vendor's paging cannot be trusted). */
  shifted: boolean;
  /** As many as the vendor counts, if it does. */
  total: number | null;
  /** Null when complete. */
  why: ReadFlaw | null;
}

export interface ReadOptions extends RequestContext {
  pageSize?: number;
  /** Pages after which reading stops, incomplete: no list of ours is that long. */
  maxPages?: number;
  /** Progress: pages read, how many there seem to be (null: unknown), records so far. */
  onPage?: (progress: {
    pages: number;
    pagesExpected: number | null;
    records: number;
  }) => void | Promise<void>;
}

/**
 * Reads a list to its explicit end. Complete means: every page was the one asked for, the vendor counted the same
 * total on each, and exactly that many different ids came, none twice. In a list sorted by last-updated stamp,
 * newest first, where rows only ever enter at the front, no row that was there all the while can then be missing:
 * a row that leaves a read page lowers the total, and one that enters pushes a read row onto a later page.
 *
 * Without the vendor's count that does not hold (a row leaves, the rest moves up, one is skipped, and nothing
 * shows it), so such a list is read twice, and is complete when both reads found the same ids.
 */
export async function readAllPages(
  reader: PageReader,
  resource: Resource,
  query: ListQuery,
  options: ReadOptions,
): Promise<ReadAllResult> {
  const first = await readOnce(reader, resource, query, options, 0);
  if (first.why !== null || first.total !== null) return answer(first, first.pages, first.why);
  const second = await readOnce(reader, resource, query, options, first.pages);
  const why = second.why ?? (sameIds(first, second) ? null : 'second-read-differs');
  const records = new Map([...first.records, ...second.records]);
  return answer({ ...second, records }, first.pages + second.pages, why);
}

interface Read {
  /** By id; records without one by position. */
  records: Map<string, unknown>;
  pages: number;
  total: number | null;
  why: ReadFlaw | null;
}

interface PreviousPage {
  meta: PageMeta | null;
  updatedField: UpdatedField | null;
}

async function readOnce(
  reader: PageReader,
  resource: Resource,
  query: ListQuery,
  options: ReadOptions,
  pagesBefore: number,
): Promise<Read> {
  const { pageSize = 1_000, maxPages = 2_000, onPage, ...context } = options;
  const read: Read = { records: new Map(), pages: 0, total: null, why: null };
  let previous: PreviousPage | null = null;
  for (let page = 1; ; page++) {
    if (options.signal?.aborted) throw cancelled(options.signal.reason);
    const got = await reader.readPage(resource, { ...query, page, pageSize }, context);
    read.pages = page;
    read.total = got.meta?.total ?? null;
    const added = addRecords(read.records, got.records, page);
    const flaw = findFlaw(page, got, previous, added);
    read.why ??= flaw;
    previous = got;
    await onPage?.({
      pages: pagesBefore + page,
      pagesExpected: got.meta ? got.meta.pageCount : null,
      records: read.records.size,
    });
    if (flaw === 'wrong-page' || flaw === 'looping' || isEnd(page, got)) break;
    if (page >= maxPages) {
      read.why ??= 'too-many-pages';
      break;
    }
  }
  if (read.total !== null && read.records.size !== read.total) read.why ??= 'count-differs';
  return read;
}

/** Adds a page's records, later ones in place of earlier ones; answers how many ids were new. */
function addRecords(records: Map<string, unknown>, page: readonly unknown[], number: number): number {
  const before = records.size;
  page.forEach((record, position) => {
    const id = recordId(record);
    records.set(id === null ? `at ${number}:${position}` : `id ${id}`, record);
  });
  return records.size - before;
}

function findFlaw(asked: number, page: Page, previous: PreviousPage | null, added: number): ReadFlaw | null {
  const { meta } = page;
  if (meta && meta.page !== asked) return 'wrong-page';
  if (page.records.length > 0 && added === 0) return 'looping';
  if (previous) {
    if ((meta === null) !== (previous.meta === null)) return 'meta-came-and-went';
    if (meta?.total !== previous.meta?.total) return 'total-changed';
    if (meta?.pageSize !== previous.meta?.pageSize) return 'page-size-changed';
    if (page.updatedField !== previous.updatedField) return 'field-changed';
  }
  return added < page.records.length ? 'id-repeated' : null;
}

/** An empty page ends any list; otherwise only the vendor's page count does, never a page that is not full. */
function isEnd(page: number, { meta, records }: Page): boolean {
  return records.length === 0 || (meta !== null && page >= meta.pageCount);
}

function sameIds(one: Read, other: Read): boolean {
  return (
    one.records.size === other.records.size && [...one.records.keys()].every((key) => other.records.has(key))
  );
}

function answer(read: Read, pages: number, why: ReadFlaw | null): ReadAllResult {
  return {
    records: [...read.records.values()],
    pages,
    complete: why === null,
    shifted: why !== null && why !== 'too-many-pages',
    total: read.total,
    why,
  };
}
