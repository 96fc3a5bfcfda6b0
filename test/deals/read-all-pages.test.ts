import { expect, test } from 'vitest';
import fc from 'fast-check';
import type { Page } from '../../src/main/deals/adversus-client.ts';
import type { PageMeta } from '../../src/main/deals/adversus-envelope.ts';
import { UpstreamError } from '../../src/main/upstream/upstream-error.ts';
import { readAllPages, type PageReader, type ReadResult } from '../../src/main/deals/read-all-pages.ts';
import { partOf, shiftingList, type Weather } from './shifting-list.ts';

interface Tally {
  runs: number;
  complete: number;
  /** Runs called complete in which a row that was there all the while is missing. */
  wrong: number;
}

type Read = (reader: PageReader, pageSize: number) => Promise<Pick<ReadResult, 'complete' | 'records'>>;

const ours: Read = (reader, pageSize) => readAllPages(reader, 'leads', {}, { pageSize });

/** What the usual client does: page on until the vendor's last page, and believe it. */
function believing(isComplete: (ids: number[], last: Page) => boolean): Read {
  return async (reader, pageSize) => {
    const records: unknown[] = [];
    for (let page = 1; ; page++) {
      const got = await reader.readPage('leads', { page, pageSize }, {});
      records.push(...got.records);
      const done = got.meta?.pageCount ? page >= got.meta.pageCount : got.records.length === 0;
      if (done) return { records, complete: isComplete(idsOf(records), got) };
    }
  };
}

function idsOf(records: readonly unknown[]): number[] {
  return records.map((record) => (record as { id: number }).id);
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Says = readonly (keyof PageMeta)[];
const allItSays: Says = ['page', 'pageCount', 'pageSize', 'total', 'hasNext'];

async function simulate(
  read: Read,
  runs: number,
  weather: Weather,
  withMeta = true,
  says: Says = allItSays,
): Promise<Tally> {
  const tally: Tally = { runs, complete: 0, wrong: 0 };
  for (let seed = 1; seed <= runs; seed++) {
    const random = seeded(seed * 7_919);
    const size = Math.floor(random() * 24);
    const pageSize = 1 + Math.floor(random() * 5);
    // The vendor may answer smaller pages than asked for.
    const mostPerPage = 1 + Math.floor(random() * 5);
    const list = shiftingList(size, weather, random, { withMeta, mostPerPage, says });
    const result = await read(list, pageSize);
    if (!result.complete) continue;
    tally.complete += 1;
    const seen = new Set(idsOf(result.records));
    if (list.steadyIds().some((id) => !seen.has(id))) tally.wrong += 1;
  }
  return tally;
}

const calm: Weather = { inserts: 0.1, deletes: 0.1, updates: 0.1, tieSwaps: 0.1, insertsAt: 'front' };
const stormy: Weather = { inserts: 0.5, deletes: 0.5, updates: 0.3, tieSwaps: 0.5, insertsAt: 'front' };
const balanced: Weather = { inserts: 0.4, deletes: 0.4, updates: 0, tieSwaps: 0, insertsAt: 'front' };

test.each([
  ['calm', calm],
  ['stormy', stormy],
  ['balanced', balanced],
])(
  'whenever a read is complete, no row that was there all the while is missing (%s)',
  async (_name, weather) => {
    const tally = await simulate(ours, 8_000, weather);
    expect(tally.wrong).toBe(0);
    // Not by never calling anything complete.
    expect(tally.complete).toBeGreaterThan(400);
  },
);

test('the same without the vendor counting, by reading twice', async () => {
  for (const weather of [calm, stormy, balanced]) {
    const tally = await simulate(ours, 4_000, weather, false);
    expect(tally.wrong).toBe(0);
    expect(tally.complete).toBeGreaterThan(100);
  }
});

test.each([
  ['the total alone', ['total']],
  ['the page count alone', ['pageCount']],
  ['whether there is a next page', ['hasNext']],
  ['everything but the total', ['page', 'pageCount', 'pageSize', 'hasNext']],
  ['everything but the page count', ['page', 'pageSize', 'total']],
  ['page and page size', ['page', 'pageSize']],
] as [string, Says][])('the same where the vendor says %s', async (_name, says) => {
  for (const weather of [calm, stormy, balanced]) {
    const tally = await simulate(ours, 3_000, weather, true, says);
    expect(tally.wrong).toBe(0);
    expect(tally.complete).toBeGreaterThan(50);
  }
});

test('where even paging with counts can be fooled, it hardly ever is', async () => {
  const updateStorm: Weather = {
    inserts: 0.2,
    deletes: 0.3,
    updates: 0.9,
    tieSwaps: 0.3,
    insertsAt: 'front',
  };
  for (const weather of [updateStorm, { ...calm, insertsAt: 'anywhere' as const }]) {
    const tally = await simulate(ours, 8_000, weather);
    expect(tally.complete).toBeGreaterThan(400);
    expect(tally.wrong / tally.complete).toBeLessThan(0.01);
  }
});

test('rows that enter the first page while the others are read show in the end', async () => {
  const { reader, asked } = scripted((page, call) => ({ ids: call === 4 ? [7, 1] : sixRows(page) }));
  const result = await readAllPages(reader, 'leads', {}, { pageSize: 2 });
  expect(result).toMatchObject({ complete: false, shifted: true, why: 'front-moved', pages: 3 });
  expect(asked).toEqual([1, 2, 3, 1]);
  expect(idsOf(result.records)).toContain(7);
});

test('a client that believes the last page, or the last count, loses live rows', async () => {
  const lastPage = await simulate(
    believing(() => true),
    4_000,
    stormy,
  );
  expect(lastPage.wrong / lastPage.runs).toBeGreaterThan(0.2);
  const lastCount = await simulate(
    believing((ids, last) => ids.length === last.meta?.total),
    4_000,
    stormy,
  );
  expect(lastCount.wrong).toBeGreaterThan(40);
  const emptyPage = await simulate(
    believing((ids) => new Set(ids).size === ids.length),
    4_000,
    stormy,
    false,
  );
  expect(emptyPage.wrong).toBeGreaterThan(40);
});

test('a list that stands still is complete, whatever page size the vendor makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.subarray([...allItSays]),
      async (size, asked, most, withMeta, says) => {
        const still: Weather = { inserts: 0, deletes: 0, updates: 0, tieSwaps: 0, insertsAt: 'front' };
        const list = shiftingList(size, still, () => 0, { withMeta, mostPerPage: most, says });
        const result = await readAllPages(list, 'leads', {}, { pageSize: asked });
        expect(result).toMatchObject({
          complete: true,
          shifted: false,
          why: null,
          total: withMeta && says.includes('total') ? size : null,
        });
        expect(idsOf(result.records)).toEqual(Array.from({ length: size }, (_, i) => i + 1));
      },
    ),
    { numRuns: 300 },
  );
});

/** A vendor that answers what the test says, by page number. */
function scripted(
  answer: (
    page: number,
    call: number,
  ) => { ids: (number | null)[]; meta?: Partial<Page['meta'] & object> | null },
) {
  const asked: number[] = [];
  const reader: PageReader = {
    async readPage(_resource, query) {
      asked.push(query.page);
      const { ids, meta } = answer(query.page, asked.length);
      return {
        records: ids.map((id) => (id === null ? { name: 'nameless' } : { id })),
        meta: meta === null ? null : { page: query.page, pageCount: 3, pageSize: 2, total: 6, ...meta },
        updatedField: null,
      };
    },
  };
  return { reader, asked };
}

const fivePages = { page: 1, pageCount: 5, pageSize: 2, total: 10, hasNext: true };
const sixRows = (page: number) => [page * 2 - 1, page * 2];

test.each([
  [
    'the total changes',
    (page: number) => ({ ids: sixRows(page), meta: { total: page === 2 ? 7 : 6 } }),
    'total-changed',
    3,
  ],
  [
    'the page size changes',
    (page: number) => ({ ids: sixRows(page), meta: { pageSize: page } }),
    'page-size-changed',
    3,
  ],
  ['an id comes twice', (page: number) => ({ ids: page === 2 ? [2, 3] : sixRows(page) }), 'id-repeated', 3],
  [
    'an id comes twice in a page',
    () => ({ ids: [1, 1], meta: { pageCount: 1, total: 2 } }),
    'id-repeated',
    1,
  ],
  ['a page is short', (page: number) => ({ ids: page === 2 ? [3] : sixRows(page) }), 'count-differs', 3],
  ['a page is missing', (page: number) => ({ ids: page === 2 ? [] : sixRows(page) }), 'count-differs', 2],
  ['the list claims to be empty', () => ({ ids: [] }), 'count-differs', 1],
  [
    'there are more than counted',
    (page: number) => ({ ids: sixRows(page), meta: { total: 5 } }),
    'count-differs',
    3,
  ],
  [
    'the page count stops early',
    (page: number) => ({ ids: sixRows(page), meta: { pageCount: 2 } }),
    'count-differs',
    2,
  ],
  [
    'another page is answered',
    (page: number) => ({ ids: sixRows(page), meta: { page: 1 } }),
    'wrong-page',
    2,
  ],
  ['every page is the first', () => ({ ids: [1, 2] }), 'looping', 2],
  [
    'the counts come and go',
    (page: number) => ({ ids: sixRows(page), ...(page === 2 ? { meta: null } : {}) }),
    'meta-came-and-went',
    3,
  ],
  [
    'an uncounted list has an empty page before its last',
    (page: number) => ({ ids: page === 2 ? [] : sixRows(page), meta: { total: null } }),
    'count-differs',
    2,
  ],
  [
    'an uncounted list is cut on its last page',
    (page: number) => ({ ids: page === 3 ? [] : sixRows(page), meta: { total: null } }),
    'count-differs',
    3,
  ],
  [
    'the page count of an uncounted list shrinks',
    (page: number) => ({ ids: sixRows(page), meta: { total: null, pageCount: page === 1 ? 5 : 2 } }),
    'total-changed',
    2,
  ],
  [
    'a page that names a next one is empty',
    (page: number) => ({
      ids: page === 3 ? [] : sixRows(page),
      meta: { total: null, pageCount: null, hasNext: true },
    }),
    'count-differs',
    3,
  ],
  [
    'a list with a page count alone ignores the page',
    () => ({ ids: [1, 2], meta: { page: null, total: null } }),
    'looping',
    2,
  ],
  ['an uncounted list ignores the page', () => ({ ids: [1, 2], meta: null }), 'looping', 2],
  [
    'an uncounted list shifts',
    (page: number) => ({ ids: [[1, 2], [2, 3], []][page - 1] ?? [], meta: null }),
    'id-repeated',
    3,
  ],
] as const)('not complete when %s', async (_name, answer, why, pages) => {
  const { reader, asked } = scripted(answer);
  const result = await readAllPages(reader, 'leads', {}, { pageSize: 2 });
  expect(result).toMatchObject({ complete: false, shifted: true, why, pages });
  expect(asked).toHaveLength(pages);
});

test('an uncounted list whose second read finds other rows is not complete', async () => {
  const { reader } = scripted((page, call) => ({
    ids: page > 1 ? [] : call === 1 ? [1, 2] : [1, 3],
    meta: null,
  }));
  const result = await readAllPages(reader, 'leads', {}, { pageSize: 2 });
  expect(result).toMatchObject({ complete: false, why: 'second-read-differs', pages: 4 });
  expect(idsOf(result.records)).toEqual([1, 2, 3]);
});

test('an uncounted list may end with 404 past its last page, a counted one may not', async () => {
  const { reader } = scripted((page) => ({ ids: sixRows(page), meta: null }));
  const ending: PageReader = {
    readPage: (resource, query, context) =>
      query.page > 3
        ? Promise.reject(new UpstreamError('UPSTREAM_REFUSED', 'no such page', { status: 404 }))
        : reader.readPage(resource, query, context),
  };
  const result = await readAllPages(ending, 'leads', {}, { pageSize: 2 });
  // Both reads, of three pages and the 404 each.
  expect(result).toMatchObject({ complete: true, pages: 8 });
  expect(idsOf(result.records)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await readAllPages(cutAfter3(['page']), 'leads', {}, { pageSize: 2 })).toMatchObject({
    complete: true,
  });
  for (const says of [['pageCount'], ['hasNext'], ['page', 'hasNext']] as const)
    await expect(readAllPages(cutAfter3(says), 'leads', {}, { pageSize: 2 })).rejects.toThrow('no such page');
});

/** Five pages of which the last two answer 404, and what it says of them. */
function cutAfter3(says: readonly (keyof typeof fivePages)[]): PageReader {
  const counted = scripted((page) => ({ ids: sixRows(page), meta: partOf({ ...fivePages, page }, says) }));
  return {
    readPage: (resource, query, context) =>
      query.page > 3
        ? Promise.reject(new UpstreamError('UPSTREAM_REFUSED', 'no such page', { status: 404 }))
        : counted.reader.readPage(resource, query, context),
  };
}

test('goes on in pages of the size that the first was given in', async () => {
  const sizes: number[] = [];
  const reader: PageReader = {
    async readPage(_resource, { page, pageSize }) {
      sizes.push(pageSize);
      const meta = { page, pageCount: 3, pageSize: 1, total: 3 };
      return { records: [{ id: page }], meta, updatedField: null, ...(page === 1 ? { pageSize: 1 } : {}) };
    },
  };
  expect(await readAllPages(reader, 'leads', {}, { pageSize: 5 })).toMatchObject({ complete: true });
  expect(sizes).toEqual([5, 1, 1, 5]);
});

test('a second read does not put an older reading in the place of a newer one', async () => {
  const { reader } = scripted((page, call) => ({ ids: page > 1 ? [] : [call], meta: null }));
  const stamped: PageReader = {
    async readPage(resource, query, context) {
      const page = await reader.readPage(resource, query, context);
      return { ...page, records: idsOf(page.records).map((call) => ({ id: 1, stamp: -call })) };
    },
  };
  const result = await readAllPages<{ id: number; stamp: number }>(
    stamped,
    'leads',
    {},
    {
      condense: async (records) => records as { id: number; stamp: number }[],
      isNewer: (known, next) => known.stamp > next.stamp,
    },
  );
  expect(result).toMatchObject({ complete: true, records: [{ id: 1, stamp: -1 }] });
});

test('one empty page too many is still the end', async () => {
  const { reader } = scripted((page) => ({ ids: page > 3 ? [] : sixRows(page), meta: { pageCount: 4 } }));
  expect(await readAllPages(reader, 'leads', {}, { pageSize: 2 })).toMatchObject({
    complete: true,
    pages: 4,
  });
});

test('stops at the page cap, incomplete but not shifted', async () => {
  const { reader, asked } = scripted((page) => ({
    ids: sixRows(page),
    meta: { pageCount: 99_999, total: 199_998 },
  }));
  const result = await readAllPages(reader, 'leads', {}, { pageSize: 2, maxPages: 20 });
  expect(result).toMatchObject({ complete: false, shifted: false, why: 'too-many-pages', pages: 20 });
  expect(asked).toHaveLength(20);
});

test('records without a usable id count by position and are all kept', async () => {
  const { reader } = scripted(() => ({ ids: [null, null, 1], meta: { pageCount: 1, total: 3 } }));
  const result = await readAllPages(reader, 'leads', {}, {});
  expect(result.complete).toBe(true);
  expect(result.records).toHaveLength(3);
});

test('a record read twice counts as last read', async () => {
  const reader: PageReader = {
    async readPage(_resource, { page }) {
      const meta = { page, pageCount: 2, pageSize: 1, total: 2 };
      return {
        records: [{ id: 1, from: page }, ...(page === 2 ? [{ id: 2 }] : [])],
        meta,
        updatedField: null,
      };
    },
  };
  const result = await readAllPages(reader, 'leads', {}, {});
  expect(result.records).toEqual([{ id: 1, from: 2 }, { id: 2 }]);
  expect(result.complete).toBe(false);
});

test('not complete when the stamp went by another name from some page on', async () => {
  const reader: PageReader = {
    async readPage(_resource, { page }) {
      const updatedField = page === 1 ? 'lastUpdatedTime' : 'lastModifiedTime';
      return { records: [{ id: page }], meta: { page, pageCount: 2, pageSize: 1, total: 2 }, updatedField };
    },
  };
  expect(await readAllPages(reader, 'leads', {}, {})).toMatchObject({
    complete: false,
    why: 'field-changed',
  });
});

test('a page that fails fails the read, and nothing follows it', async () => {
  let calls = 0;
  const reader: PageReader = {
    async readPage(_resource, { page }) {
      calls += 1;
      if (page === 2) throw new Error('500');
      return {
        records: [{ id: page }],
        meta: { page, pageCount: 9, pageSize: 1, total: 9 },
        updatedField: null,
      };
    },
  };
  await expect(readAllPages(reader, 'leads', {}, {})).rejects.toThrow('500');
  expect(calls).toBe(2);
});

test('tells its progress and stops when cancelled', async () => {
  const { reader, asked } = scripted((page) => ({ ids: sixRows(page) }));
  const abort = new AbortController();
  const told: unknown[] = [];
  const reading = readAllPages(
    reader,
    'leads',
    {},
    {
      signal: abort.signal,
      onPage(progress) {
        told.push(progress);
        if (progress.pages === 2) abort.abort();
      },
    },
  );
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(told).toEqual([
    { pages: 1, pageCount: 3, records: 2 },
    { pages: 2, pageCount: 3, records: 4 },
  ]);
  expect(asked).toEqual([1, 2]);
});
