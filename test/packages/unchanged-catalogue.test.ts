import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

/*
 * A pass that finds answer and packages as the last one left them compares no rows. It must notice whatever somebody
 * else wrote meanwhile; here that is asked of every way to write, and of a naive rule that counts rows only.
 */
let office: PackageOffice;
beforeEach(async () => {
  office = await openPackageOffice();
  await office.pass();
});
afterEach(() => office.close());

const swedish = 'esim-sweden-1days-1gb-all';
const content = () => office.rows('select * from packages order by reseller_id');
const withoutStamps = async () =>
  office.rows(
    `select to_jsonb(p) - 'synced_at' - 'first_run_id' - 'created_at' as row from packages p order by reseller_id`,
  );
const staged = async () => office.count('stage_packages');

describe('an answer that was seen before', () => {
  it('is not compared again while the packages stand as they were', async () => {
    await office.database.query('truncate stage_packages');
    const before = await content();
    expect(await office.pass()).toMatchObject({
      inserted: 0,
      updated: 0,
      removed: 0,
      unchanged: before.length,
    });
    expect(await staged()).toBe(0);
    expect(await content()).toEqual(before);
  });

  it('is the same in whatever order its places come', async () => {
    await office.database.query('truncate stage_packages');
    const turn = (body: string) => {
      const answer = JSON.parse(body) as { data: { packages: unknown[] } };
      answer.data.packages.reverse();
      return JSON.stringify(answer);
    };
    office.vendor.faults.add({ path: '/packages', do: { kind: 'rewrite', body: turn } });
    expect(await office.pass()).toMatchObject({ inserted: 0, updated: 0, removed: 0 });
    expect(await staged()).toBe(0);
  });

  const writes: [string, string][] = [
    ['a price', `update packages set price = price + 1 where reseller_id = '${swedish}'`],
    ['a place', `update packages set place = 'norway' where reseller_id = '${swedish}'`],
    ['a retirement', `update packages set retired_at = now() where reseller_id = '${swedish}'`],
    ['a package that is gone', `delete from packages where reseller_id = '${swedish}'`],
    [
      'one that is another',
      `with gone as (delete from packages where reseller_id = '${swedish}' returning *)
       insert into packages (id, reseller_id, name, place, country_codes, unlimited, days, price)
       select gen_random_uuid(), 'esim-other', name, place, country_codes, unlimited, days, price from gone`,
    ],
    [
      'two that have changed places',
      `update packages p set price = q.price from packages q
        where p.reseller_id <> q.reseller_id and p.reseller_id in ('${swedish}', 'esim-sweden-3days-1gb-all')
          and q.reseller_id in ('${swedish}', 'esim-sweden-3days-1gb-all')`,
    ],
  ];
  it.each(writes)('is compared when somebody wrote %s', async (_name, sql) => {
    const before = await withoutStamps();
    await office.database.query(sql);
    expect(await withoutStamps()).not.toEqual(before);
    const result = await office.pass();
    expect(result.inserted + result.updated + result.removed).toBeGreaterThan(0);
    const active = (rows: Record<string, unknown>[]) =>
      rows.filter((row) => (row['row'] as { retired_at: unknown }).retired_at === null);
    expect(active(await withoutStamps())).toEqual(before);
  });

  it('would pass over most of these by a rule that counts rows (mutant)', async () => {
    let missed = 0;
    for (const [, sql] of writes) {
      const before = await office.count('packages');
      await office.database.query(sql);
      if ((await office.count('packages')) === before) missed += 1;
      await office.pass();
    }
    expect(missed).toBeGreaterThan(3);
  });

  it('is compared while retirements are held or a record is on the shelf', async () => {
    office.vendor.catalogue.remove(...office.vendor.catalogue.ids.slice(0, 100));
    expect(await office.pass()).toMatchObject({ removed: 0, held: 100 });
    expect(await office.pass()).toMatchObject({ removed: 0, held: 100 });
    const [hold] = await office.rows<{ n: number }>(
      `select cardinality(lead_ids) as n from held_removals where state = 'held'`,
    );
    expect(hold!.n).toBe(100);
    await office.database.query(
      `insert into rejected_records (source, key, reason, payload, first_seen, last_seen)
       values ('packages', 'old', 'price', '{}', now(), now())`,
    );
    await office.pass();
    expect(await office.count('rejected_records')).toBe(0);
  });
});
