import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importMyPackages } from '../../src/main/packages/import-my-packages.ts';
import { myPackagesCsv, readMyPackagesCsv } from '../../src/main/packages/my-packages-csv.ts';
import { allMappings, type MappingRow } from '../../src/main/packages/my-packages-store.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

const text = fc
  .string({
    unit: fc.constantFrom('a', 'å', ' ', ',', ';', '"', "'", '=', '+', '-', '@', '\n', '😀', '0'),
    maxLength: 12,
  })
  .map((value) => value.trim());
const mapping = fc.record({
  resellerId: fc.uuid().map((id) => `esim-${id}`),
  // An empty name is written as none; what looks quoted by hand cannot be told from what we quoted.
  name: fc.option(
    text.filter((value) => value !== '' && !/^'+[=+\-@]/.test(value)),
    { nil: null },
  ),
  price: fc.option(
    fc.integer({ min: 0, max: 10_000_000 }).map((cents) => cents / 100),
    { nil: null },
  ),
  visible: fc.boolean(),
});

describe('the file of what is sold', () => {
  it('reads back as it was written, whatever the names (2 000 random lists)', () => {
    const lists = fc.uniqueArray(mapping, { selector: (one) => one.resellerId, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lists, (mappings) => {
        const rows = readMyPackagesCsv(
          myPackagesCsv(
            mappings.map(
              (one) => ({ ...one, countryCode: null, region: null, dataMb: null, days: null }) as MappingRow,
            ),
          ),
        );
        expect(
          rows.map(({ resellerId, name, price, visible }) => ({
            resellerId,
            name: name ?? null,
            price,
            visible,
          })),
        ).toEqual(mappings.map((one) => ({ ...one })));
        expect(rows.flatMap((row) => row.problems)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('would not by a writer that only joins with commas (mutant)', () => {
    const found = fc.check(
      fc.property(mapping, ({ resellerId, name, price, visible }) => {
        const naive = `reseller_id,name,price,visible\n${resellerId},${name ?? ''},${price ?? ''},${visible}\n`;
        let read: (string | null | undefined)[];
        try {
          read = readMyPackagesCsv(naive).map((row) => row.name);
        } catch {
          return false;
        }
        return read.length === 1 && (read[0] ?? null) === name;
      }),
      { numRuns: 2_000 },
    );
    expect(found.failed).toBe(true);
  });

  it.each([
    [
      'semicolons and a byte order mark',
      '\ufeffreseller_id;price;visible\r\nx;"4,50";nej\r\n',
      { price: 4.5, visible: false },
    ],
    ['columns in any order and case', 'Visible,RESELLER_ID\nja,x\n', { visible: true, price: undefined }],
    ['an empty price', 'reseller_id,price\nx,\n', { price: null }],
  ])('may have %s', (_name, file, fields) => {
    expect(readMyPackagesCsv(file)[0]).toMatchObject({ resellerId: 'x', problems: [], ...fields });
  });

  it.each([
    ['no column reseller_id', 'name,price\na,1\n'],
    ['an open quote', 'reseller_id,name\nx,"open\n'],
  ])('is refused with %s', (_name, file) => {
    expect(() => readMyPackagesCsv(file)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });

  it('tells what is wrong in each line', () => {
    const rows = readMyPackagesCsv(
      'reseller_id,price,visible\nx,cheap,true\n,1,true\nx,1,maybe\ny,-1,true\n',
    );
    expect(rows.map((row) => row.problems.length)).toEqual([1, 1, 2, 1]);
  });
});

describe('bringing a file in', () => {
  let office: PackageOffice;
  let ids: string[];
  beforeAll(async () => {
    office = await openPackageOffice({ vendor: { size: 60 } });
    await office.pass();
    ids = office.vendor.catalogue.ids.slice(0, 5);
  });
  afterAll(() => office.close());
  beforeEach(async () => {
    await office.database.query('delete from my_packages');
  });
  const bring = (file: string, dryRun = false) => importMyPackages(office.changes, { text: file, dryRun });
  const sold = () =>
    office.rows('select reseller_id, price::float8 as price, visible from my_packages order by id');

  it('adds, changes and skips; a dry run only tells', async () => {
    const file = `reseller_id,price,visible\n${ids[0]},9,true\n${ids[1]},8.5,false\n`;
    expect(await bring(file, true)).toMatchObject({ added: 2, applied: false, dry_run: true });
    expect(await sold()).toEqual([]);
    expect(await bring(file)).toMatchObject({ added: 2, changed: 0, skipped: 0, refused: 0, applied: true });
    expect(await bring(file)).toMatchObject({ added: 0, changed: 0, skipped: 2, applied: true });
    expect(await bring(`reseller_id,price\n${ids[0]},7\n${ids[1]},8.5\n`)).toMatchObject({
      changed: 1,
      skipped: 1,
    });
    expect(await sold()).toEqual([
      { reseller_id: ids[0], price: 7, visible: true },
      { reseller_id: ids[1], price: 8.5, visible: false },
    ]);
    const exported = myPackagesCsv(await allMappings(office.database));
    expect(await bring(exported)).toMatchObject({ added: 0, changed: 0, skipped: 2 });
  });

  it('is whole or not at all: one refused line keeps the rest out', async () => {
    const file = `reseller_id,price\n${ids[0]},9\nesim-nowhere,1\n`;
    expect(await bring(file)).toMatchObject({ added: 1, refused: 1, applied: false });
    expect(await sold()).toEqual([]);
    // Taking line by line would have let the first one in (mutant).
    const lines = readMyPackagesCsv(file).filter((row) => row.resellerId !== 'esim-nowhere');
    expect(lines).toHaveLength(1);
  });
});
