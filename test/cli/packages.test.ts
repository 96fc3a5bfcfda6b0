import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startPlainRoamify, wireGroup, wirePackage, type PlainRoamify } from './plain-roamify.ts';
import { documentOf, runCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

let database: TestDatabase;
let vendor: PlainRoamify;
beforeAll(async () => {
  database = await createTestDatabase();
  vendor = await startPlainRoamify();
});
afterAll(async () => {
  await vendor.close();
  await database.drop();
});

async function run(...args: string[]) {
  const result = await runCli([...args, '--json'], {
    OPSDECK_DATABASE_URL: database.url,
    ...vendor.environment,
  });
  expect(result.stderr).toBe('');
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}
const active = async () =>
  (
    await database.query<{ id: string }>(
      'select reseller_id as id from packages where retired_at is null order by 1',
    )
  ).rows.map((r) => r.id);

describe('packages against a supplier of its own making', () => {
  it('reads, sells, validates, orders, removes duplicates, and never takes a short answer for the truth', async () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      wirePackage(`esim-sweden-${n + 1}days-1gb-all`, { day: n + 1 }),
    );
    const europe = wirePackage('esim-europe-30days-3gb-all', { day: 30, dataAmount: 3072, price: 20 });
    vendor.groups = [
      wireGroup('sweden', 'SE', [...many, europe]),
      wireGroup('europe', 'EU', [europe], { geography: 'regional' }),
      wireGroup(
        'africa-adventure',
        'AF',
        [
          wirePackage('esim-africa-adventure-7days-un1gb-all', {
            isUnlimited: true,
            dataAmount: Number.MAX_SAFE_INTEGER,
          }),
        ],
        { region: 'Africa' },
      ),
    ];
    expect(await run('sync', 'packages')).toMatchObject({
      exit: 0,
      inserted: 32,
      removed: 0,
      held: 0,
      folded: 1,
    });
    expect(await run('sync', 'packages')).toMatchObject({ exit: 0, inserted: 0, updated: 0, unchanged: 32 });
    const stored = await database.query(
      `select id, data_mb, unlimited, days, price::float8 as price, country_code from packages where reseller_id = any ($1) order by reseller_id`,
      [['esim-europe-30days-3gb-all', 'esim-africa-adventure-7days-un1gb-all']],
    );
    // Worked out by another program: uuid5 of the URL namespace and 'roamify:' with the id.
    expect(stored.rows).toEqual([
      {
        ...{
          id: 'b5f981c2-faae-5bc4-adec-68f29ba2ab2d',
          data_mb: null,
          unlimited: true,
          days: 7,
          price: 4.5,
        },
        country_code: 'AF',
      },
      {
        ...{
          id: '10bbd9f3-3577-5c2f-b78a-3ea0b5048890',
          data_mb: 3072,
          unlimited: false,
          days: 30,
          price: 20,
        },
        country_code: 'EU',
      },
    ]);

    const all = await active();
    const whole = vendor.groups;
    vendor.groups = [wireGroup('sweden', 'SE', many.slice(0, 5))];
    expect(await run('sync', 'packages')).toMatchObject({ exit: 3, removed: 0, held: 27 });
    vendor.instead = '{"status":"success","data":{"packages":[';
    expect(await run('sync', 'packages')).toMatchObject({
      exit: 1,
      success: false,
      code: 'UPSTREAM_UNREADABLE',
    });
    vendor.instead = '<html>sign in</html>';
    expect(await run('sync', 'packages')).toMatchObject({ exit: 1, success: false });
    vendor.instead = null;
    expect(await active()).toEqual(all);
    vendor.groups = whole;
    expect(await run('sync', 'packages')).toMatchObject({ exit: 0, held: 0 });

    const [one, other] = ['esim-sweden-7days-1gb-all', 'esim-sweden-8days-1gb-all'];
    expect(await run('packages', 'health')).toMatchObject({ totalPackages: 0, healthScore: null });
    expect(await run('packages', 'add', one, '--price', '9')).toMatchObject({
      exit: 0,
      reseller_id: one,
      price: 9,
      data_mb: 1024,
      days: 7,
    });
    expect(await run('packages', 'add', one)).toMatchObject({ exit: 1, code: 'CONFLICT' });
    expect(await run('packages', 'add', 'esim-gr-30days-1gb-all')).toMatchObject({
      exit: 1,
      code: 'NOT_FOUND',
    });
    expect(await run('packages', 'add', other, '--price', '1')).toMatchObject({ exit: 0 });
    expect(await run('packages', 'validate')).toMatchObject({
      ...{ exit: 0, totalPackages: 2, validPackages: 1, invalidPackages: 1, healthScore: 50 },
    });
    expect(await run('packages', 'invalid')).toMatchObject({
      count: 1,
      invalid: [{ reseller_id: other, reason: 'below-cost' }],
    });

    expect(await run('packages', 'order', one, 'sale-1')).toMatchObject({
      exit: 0,
      state: 'completed',
      vendor_order_id: 'o-1',
    });
    expect(await run('packages', 'order', one, 'sale-1')).toMatchObject({
      exit: 0,
      state: 'completed',
      vendor_order_id: 'o-1',
    });
    expect(vendor.orders).toHaveLength(1);
    expect(await run('packages', 'order', 'esim-gr-30days-1gb-all', 'sale-2')).toMatchObject({
      exit: 1,
      state: 'needs-person',
    });

    for (let n = 0; n < 2; n++)
      await database.query(`insert into my_packages (reseller_id, name, price) values ($1, 'again', 9)`, [
        one,
      ]);
    const counts = { removedCount: 2, details: { resellerIdDuplicates: 2, combinationDuplicates: 0 } };
    expect(await run('packages', 'deduplicate', '--dry-run')).toMatchObject({ exit: 0, ...counts });
    expect(await run('packages', 'deduplicate')).toMatchObject({ exit: 0, status: 'success', ...counts });
    expect(await run('packages', 'deduplicate')).toMatchObject({ exit: 0, removedCount: 0 });
  });
});
