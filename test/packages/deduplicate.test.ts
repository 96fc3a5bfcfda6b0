import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deduplicate, undoDeduplication } from '../../src/main/packages/deduplicate.ts';
import { combinationOf, completeness, findDuplicates } from '../../src/main/packages/find-duplicates.ts';
import type { MappingRow } from '../../src/main/packages/my-packages-store.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: null });
const row: fc.Arbitrary<Omit<MappingRow, 'id'>> = fc.record({
  version: fc.constant(1),
  resellerId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  name: some('Sverige 1 GB'),
  countryCode: some('SE', 'GR'),
  region: some('Europe'),
  place: fc.constant(null),
  dataMb: fc.constantFrom(1_024, 3_072),
  unlimited: fc.constant(false),
  days: fc.constantFrom(7, 30),
  price: some(5),
  calls: some('none'),
  sms: fc.constant(null),
  hotspot: some(true, false),
  throttle: fc.constant(null),
  visible: fc.boolean(),
  updatedAt: fc.integer({ min: 0, max: 3 }).map((n) => new Date(Date.UTC(2026, 10, 1 + n))),
  cost: fc.constant(null),
  valid: fc.constant(null),
  reason: fc.constant(null),
  detail: fc.constant(null),
  checkedAt: fc.constant(null),
});
const rows = fc
  .array(row, { maxLength: 30 })
  .map((list) => list.map((one, index): MappingRow => ({ ...one, id: index + 1 })));

describe('duplicates', () => {
  it('keep the most complete, then the most recent, and are none the second time (10 000 random lists)', () => {
    fc.assert(
      fc.property(rows, (mappings) => {
        const sets = findDuplicates(mappings);
        const gone = new Set(sets.flatMap((set) => set.removed.map((one) => one.id)));
        const left = mappings.filter((one) => !gone.has(one.id));
        expect(findDuplicates(left)).toEqual([]);
        expect(new Set(left.map((one) => one.resellerId)).size).toBe(left.length);
        expect(new Set(left.map(combinationOf)).size).toBe(left.length);
        for (const { kept, removed } of sets) {
          for (const one of removed) {
            const less = completeness(one) < completeness(kept);
            const older = completeness(one) === completeness(kept) && one.updatedAt <= kept.updatedAt;
            expect(less || older).toBe(true);
          }
        }
        // Nothing goes without something that stands for it.
        for (const one of mappings)
          expect(
            left.some((other) => other.resellerId === one.resellerId) ||
              sets.some(
                (set) =>
                  set.level === 'combination' &&
                  [set.kept, ...set.removed].some((each) => each.resellerId === one.resellerId),
              ),
          ).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  it('would lose the more complete by keeping the first (mutant)', () => {
    const found = fc.check(
      fc.property(rows, (mappings) =>
        mappings.every((one) => {
          const first = mappings.find((other) => other.resellerId === one.resellerId)!;
          return completeness(first) >= completeness(one);
        }),
      ),
      { numRuns: 10_000 },
    );
    expect(found.failed).toBe(true);
  });
});

describe('a deduplication', () => {
  let office: PackageOffice;
  beforeAll(async () => {
    office = await openPackageOffice();
    await office.pass();
  });
  afterAll(() => office.close());
  beforeEach(async () => {
    await office.database.query('delete from my_packages');
    await office.database.query('update my_packages_guard set is_on = false');
  });

  const insert = (reseller: string, more = '') =>
    office.database.query(
      `insert into my_packages (reseller_id, name, country_code, region, data_mb, days, price, updated_at)
       values ($1, 'x', 'ZZ', 'R', 1024, 7, 5, now()${more})`,
      [reseller],
    );
  const ids = async () =>
    (await office.rows<{ id: number }>('select id from my_packages order by id')).map((r) => r.id);
  const snapshot = () =>
    office.rows('select to_jsonb(m) - $1 as row from my_packages m order by id', ['guarded']);

  it('counts both levels, changes nothing dry, and keeps duplicates out afterwards', async () => {
    for (const id of ['a', 'a', 'a', 'b']) await insert(id);
    const before = await snapshot();
    const dry = await deduplicate(office.changes, { dryRun: true });
    expect(dry).toMatchObject({ id: null, removed: 3, resellerIdDuplicates: 2, combinationDuplicates: 1 });
    expect(await snapshot()).toEqual(before);
    await insert('c'); // Still possible.
    const done = await deduplicate(office.changes, { dryRun: false });
    expect(done).toMatchObject({ removed: 4, resellerIdDuplicates: 2, combinationDuplicates: 2 });
    expect(await ids()).toHaveLength(1);
    expect(await deduplicate(office.changes, { dryRun: false })).toMatchObject({ id: null, removed: 0 });
    await expect(insert('a')).rejects.toMatchObject({ code: '23505' });
    await expect(insert('c')).rejects.toMatchObject({ code: '23505' });
    expect(await office.count('audit_log', `action = 'my-packages.deduplicate'`)).toBe(1);
  });

  it('is undone whole, once', async () => {
    for (const id of ['a', 'a', 'b']) await insert(id);
    const before = await snapshot();
    const done = await deduplicate(office.changes, { dryRun: false });
    expect(await undoDeduplication(office.changes, done.id!)).toBe(2);
    expect(await snapshot()).toEqual(before);
    await expect(undoDeduplication(office.changes, done.id!)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('takes what is not said from the catalogue before it compares', async () => {
    const [one, other] = ['esim-sweden-1days-1gb-all', 'esim-greece-1days-1gb-all'];
    for (const id of [one, other])
      await office.database.query(
        `insert into my_packages (reseller_id, name, country_code, data_mb, days, price) values ($1, 'x', 'SE', 1024, 1, 5)`,
        [id],
      );
    // Another place is another thing, whatever the rows say of their country.
    expect(await deduplicate(office.changes, { dryRun: true })).toMatchObject({ removed: 0 });
  });
});
