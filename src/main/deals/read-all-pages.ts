import type { Page, RequestContext } from './adversus-client.ts';
import { recordId, type PageMeta } from './adversus-envelope.ts';
import type { ListQuery, PageQuery, Resource } from './adversus-query.ts';
import { cancelled, UpstreamError } from '../upstream/upstream-error.ts';

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
  | 'front-moved' // rows entered the first page while we read the others
  | 'second-read-differs'
  | 'too-many-pages';

/** A list as read to its end, or to where it made no sense any more. Failures of a page are thrown instead. */
export interface ReadResult<Kept = unknown> {
  /** Each id once, as last read; records without a usable id all. */
  records: Kept[];
  /** Pages that were read, which the next read will cost as well; looking at the first once more does not count. */
  pages: number;
  /** The whole list, as far as paging can tell. Only then may a row's absence mean anything. */
  complete: boolean;
  /** The list changed while we read it (or the vendor's paging cannot be trusted). */
  shifted: boolean;
  /** As many as the vendor counts, if it does. */
  total: number | null;
  /** Null when complete. */
  why: ReadFlaw | null;
}

export interface ReadOptions<Kept = unknown> extends RequestContext {
  pageSize?: number;
  /** Pages after which reading stops, incomplete; default 2000. */
  maxPages?: number;
  /** Progress: pages read, how many there seem to be (null: unknown), records so far. */
  onPage?: (progress: { pages: number; pageCount: number | null; records: number }) => void | Promise<void>;
  /**
   * What is kept of each record of a page, in order; the records themselves by default. A hundred thousand whole
   * records make the garbage collector stop main for longer than a window may wait.
   */
  condense?: (records: readonly unknown[]) => Promise<readonly Kept[]>;
  /** Whether of two readings of one record the first is the newer state; by default the later read counts. */
  isNewer?: (known: Kept, next: Kept) => boolean;
}

/**
 * Reads a list to its explicit end. Complete means: every page was the one asked for, the vendor counted the same
 * total on each, exactly that many different ids came, none twice, and at the end the first page still holds the
 * same ids. In a list sorted by last-updated stamp, newest first, rows only ever enter at the front: one that
 * leaves lowers the total, one that enters or is updated shows on the first page.
 *
 * That is strong, not proof. In simulated lists of tiny pages that changed up to nine times between two of them,
 * 1 of 46 978 reads called complete lacked a row that was there all the while, and 47 of 16 345 where rows
 * entered anywhere (paging to the last page and believing it: 42 to 75 % of all reads). So what a complete read
 * lacks is still only a candidate for removal, to be looked up by its id.
 *
 * Without the vendor's count a row that leaves shows nowhere (the rest moves up, one is skipped), so such a list
 * is read twice, and is complete when both reads found the same ids. Whatever else the vendor says (which page this
 * is, how many there are, whether there is a next one) counts as far as it goes.
 */
export async function readAllPages<Kept = unknown>(
  reader: PageReader,
  resource: Resource,
  query: ListQuery,
  options: ReadOptions<Kept>,
): Promise<ReadResult<Kept>> {
  const first = await readOnce(reader, resource, query, options, options.maxPages ?? mostPages, 0);
  if (first.why !== null) return answer(first, first.why);
  if (first.total !== null) {
    if (first.pages === 1) return answer(first, null);
    const front = await readOnce(reader, resource, query, { ...options, onPage: () => {} }, 1, 0);
    const same = front.total === first.total && sameIds(first.front, front.front);
    return answer({ ...first, records: merged(first, front, options) }, same ? null : 'front-moved');
  }
  const second = await readOnce(reader, resource, query, options, options.maxPages ?? mostPages, first.pages);
  const why = second.why ?? (sameIds(first.records, second.records) ? null : 'second-read-differs');
  const pages = first.pages + second.pages;
  return answer({ ...second, pages, records: merged(first, second, options) }, why);
}

/** Two million rows: no list of ours is that long. */
const mostPages = 2_000;

interface Read<Kept> {
  /** By id; records without one by position. */
  records: Map<string, Kept>;
  /** Those of the first page. */
  front: ReadonlyMap<string, Kept>;
  pages: number;
  total: number | null;
  why: ReadFlaw | null;
}

async function readOnce<Kept>(
  reader: PageReader,
  resource: Resource,
  query: ListQuery,
  options: ReadOptions<Kept>,
  most: number,
  pagesBefore: number,
): Promise<Read<Kept>> {
  const { pageSize = 1_000, maxPages: _most, onPage, condense, isNewer: _isNewer, ...context } = options;
  const read: Read<Kept> = { records: new Map(), front: new Map(), pages: 0, total: null, why: null };
  let previous: Page | null = null;
  let size = pageSize;
  for (let page = 1; ; page++) {
    if (options.signal?.aborted) throw cancelled(options.signal.reason);
    const got = await readOrEnd(reader, resource, { ...query, page, pageSize: size }, context, previous);
    size = got.pageSize ?? size;
    read.pages = page;
    read.total = got.meta?.total ?? null;
    const kept = condense ? await condense(got.records) : (got.records as readonly Kept[]);
    const added = addRecords(read.records, got.records, kept, page, options.isNewer);
    if (page === 1) read.front = new Map(read.records);
    const flaw = findFlaw(page, got, previous, added);
    read.why ??= flaw;
    previous = got;
    await onPage?.({
      pages: pagesBefore + page,
      pageCount: got.meta?.pageCount ?? null,
      records: read.records.size,
    });
    if (flaw === 'wrong-page' || flaw === 'looping' || isEnd(page, got, read.records.size)) break;
    if (page >= most) {
      read.why ??= 'too-many-pages';
      break;
    }
  }
  if (read.total !== null && read.records.size !== read.total) read.why ??= 'count-differs';
  return read;
}

/** A page; past the end of a list whose end nobody names, some servers answer 404 in place of an empty page. */
async function readOrEnd(
  reader: PageReader,
  resource: Resource,
  asked: PageQuery,
  context: RequestContext,
  previous: Page | null,
): Promise<Page> {
  try {
    return await reader.readPage(resource, asked, context);
  } catch (error) {
    const mayEnd = previous !== null && !saysEnd(previous.meta) && previous.meta?.hasNext !== true;
    if (!mayEnd || !(error instanceof UpstreamError && error.status === 404)) throw error;
    return { ...previous, records: [], meta: previous.meta && { ...previous.meta, page: null } };
  }
}

/** What a page brought: entries that were not there yet, and how many of them have an id. */
interface Added {
  entries: number;
  ids: number;
}

/** Adds what is kept of a page's records; of two with one id the later read, unless it is known to be older. */
function addRecords<Kept>(
  records: Map<string, Kept>,
  page: readonly unknown[],
  kept: readonly Kept[],
  number: number,
  isNewer: ReadOptions<Kept>['isNewer'],
): Added {
  const added = { entries: 0, ids: 0 };
  page.forEach((record, position) => {
    const id = recordId(record);
    const key = id === null ? `at ${number}:${position}` : `id ${id}`;
    const next = kept[position] as Kept;
    const known = records.get(key);
    if (known !== undefined && isNewer?.(known, next)) return;
    if (!records.has(key)) {
      added.entries += 1;
      if (id !== null) added.ids += 1;
    }
    records.set(key, next);
  });
  return added;
}

/** The first read's records with those of the later one, added to the first's own map. */
function merged<Kept>(
  first: Read<Kept>,
  later: Read<Kept>,
  { isNewer }: ReadOptions<Kept>,
): Map<string, Kept> {
  for (const [id, record] of later.records) {
    const known = first.records.get(id);
    if (known === undefined || !isNewer?.(known, record)) first.records.set(id, record);
  }
  return first.records;
}

function findFlaw(asked: number, page: Page, previous: Page | null, added: Added): ReadFlaw | null {
  const { meta } = page;
  if (meta && meta.page !== null && meta.page !== asked) return 'wrong-page';
  // Without an end to come only new ids show that the list goes on: a record without one looks new on every page.
  if (page.records.length > 0 && (saysEnd(meta) ? added.entries : added.ids) === 0) return 'looping';
  // Nothing where the vendor says there is something: the list was cut.
  if (page.records.length === 0 && asked > 1 && meta?.total === null)
    if (asked <= (meta.pageCount ?? 0) || meta.hasNext === true) return 'count-differs';
  return (
    (previous && findChange(page, previous)) ?? (added.entries < page.records.length ? 'id-repeated' : null)
  );
}

/** What the vendor says of the list that is another than on the page before. */
function findChange(page: Page, previous: Page): ReadFlaw | null {
  const [total, before] = [page.meta?.total ?? null, previous.meta?.total ?? null];
  if ((total === null) !== (before === null)) return 'meta-came-and-went';
  if (total !== before) return 'total-changed';
  const [size, sizeBefore] = [page.meta?.pageSize ?? null, previous.meta?.pageSize ?? null];
  if (size !== null && sizeBefore !== null && size !== sizeBefore) return 'page-size-changed';
  const [pages, pagesBefore] = [page.meta?.pageCount ?? null, previous.meta?.pageCount ?? null];
  if (pages !== null && pagesBefore !== null && pages !== pagesBefore) return 'total-changed';
  return page.updatedField === previous.updatedField ? null : 'field-changed';
}

/**
 * An empty page ends any list; otherwise only what the vendor says does (how many pages, else whether there is a next
 * one, else how many records), never a page that is not full.
 */
function isEnd(page: number, { meta, records }: Page, read: number): boolean {
  if (records.length === 0) return true;
  if (!meta) return false;
  // A next page that is said to be there is looked at, whatever the count says.
  if (meta.pageCount !== null)
    return page >= meta.pageCount && !(meta.total === null && meta.hasNext === true);
  if (meta.hasNext !== undefined) return !meta.hasNext;
  return meta.total !== null && read >= meta.total;
}

/** Whether the vendor says how far the list goes, not only that it goes on. */
function saysEnd(meta: PageMeta | null): boolean {
  return meta !== null && (meta.pageCount !== null || meta.total !== null);
}

function sameIds(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}

function answer<Kept>(read: Read<Kept>, why: ReadFlaw | null): ReadResult<Kept> {
  return {
    records: [...read.records.values()],
    pages: read.pages,
    complete: why === null,
    shifted: why !== null && why !== 'too-many-pages',
    total: read.total,
    why,
  };
}
