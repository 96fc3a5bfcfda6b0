import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRoamify, type RoamifySandbox } from '../../src/main/sandbox/roamify/start-roamify.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { buildConsole, launchConsole, waitFor, type LaunchedConsole } from './launch-console.ts';

const pictures = join(import.meta.dirname, '../../test-results');
const patience = { timeout: 20_000 };
const sold = 'esim-sweden-30days-3gb-all';

let vendor: RoamifySandbox;
let database: TestDatabase;
let console: LaunchedConsole;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  vendor = await startRoamify({ changesByDay: false, switches: { failureMs: 0 } });
  database = await createTestDatabase();
  console = await launchConsole({
    program: 'real',
    env: {
      OPSDECK_DATABASE_URL: database.url,
      OPSDECK_ROAMIFY_URL: vendor.url,
      OPSDECK_ROAMIFY_TOKEN: vendor.token,
    },
  });
  await console.page.evaluate(() => window.resizeTo(1280, 800));
});
afterAll(async () => {
  await console?.close();
  await vendor?.close();
  await database?.drop();
});

async function stored<T>(sql: string): Promise<T> {
  const rows = await database.query<Record<string, unknown>>(sql);
  return Object.values(rows.rows[0] ?? {})[0] as T;
}
const press = async (...keys: string[]) => {
  for (const key of keys) await console.page.keyboard.press(key);
};
const rowsOf = (list: string) =>
  console.page.getByRole('grid', { name: list }).getByRole('rowgroup').getByRole('row');
const passes = () =>
  stored<number>(`select count(*)::int from sync_runs where source = 'packages' and state = 'complete'`);
const picture = (name: string) =>
  console.page.screenshot({ path: join(pictures, `packages-${name}-light-en.png`) });

test('the whole catalogue is read by a thread of the built program, and shown', async () => {
  await press('6');
  await expect.poll(() => console.page.getByRole('heading', { name: 'Packages' }).count(), patience).toBe(1);
  const reader = console.page.getByRole('button', { name: 'Read the catalogue' });
  await expect.poll(() => reader.isEnabled(), patience).toBe(true);
  await press('r');
  await waitFor(async () => (await passes()) > 0, 'a whole pass');
  expect(await stored('select count(*)::int from packages')).toBe(vendor.catalogue.ids.length);
  expect(vendor.catalogue.ids.length).toBeGreaterThan(10_000);
  await press('l', 'l', 'l');
  await expect.poll(() => rowsOf('Catalogue').count(), patience).toBeGreaterThan(10);
  await picture('catalogue');
});

test('a package is found and put on sale by keys alone', async () => {
  await press('/');
  await console.page.keyboard.type(sold);
  await expect.poll(() => console.page.getByText(/^1$/).count(), patience).toBeGreaterThan(0);
  await press('Enter', 'j', 's');
  await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(1);
  await console.page.keyboard.type('49');
  await press('Enter');
  await waitFor(
    async () => (await stored('select count(*)::int from my_packages')) === 1,
    'a package on sale',
  );
  expect(await stored('select price::float8 from my_packages')).toBe(49);
});

test('one that is retired is proposed another, which is accepted and taken back', async () => {
  await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(0);
  vendor.catalogue.remove(sold);
  await press('r');
  await waitFor(
    async () => (await stored('select count(*)::int from packages where retired_at is not null')) === 1,
    'its retirement',
  );
  await waitFor(
    async () => (await stored('select count(*)::int from package_validations where not valid')) === 1,
    'what is sold to be found invalid',
  );
  await press('h', 'h');
  await expect.poll(() => rowsOf('Invalid').count(), patience).toBe(1);
  await press('f');
  await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(1);
  await press('Enter');
  await waitFor(
    async () => (await stored(`select count(*)::int from package_proposals where status = 'pending'`)) === 1,
    'a proposal',
  );
  await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(0);
  // Nothing was changed yet: what stands in for it is not the same by every rule.
  expect(await stored('select reseller_id from my_packages')).toBe(sold);
  await press('j');
  const accept = console.page.getByRole('button', { name: 'Accept' });
  await expect.poll(() => accept.count(), patience).toBe(1);
  await picture('proposal');
  await press('a');
  await waitFor(
    async () => (await stored('select reseller_id from my_packages')) !== sold,
    'another package',
  );
  expect(await stored('select reseller_id from my_packages')).toMatch(/^esim-sweden-/);
  await press('c');
  await expect.poll(() => rowsOf('Changes made').count(), patience).toBe(1);
  await press('j', 'u');
  await waitFor(
    async () => (await stored('select reseller_id from my_packages')) === sold,
    'the old package',
  );
});

test('an order is placed once, whatever is asked again', async () => {
  await press('l', 'l', 'l', 'l', 'l');
  await expect.poll(() => console.page.getByText('No orders yet').count(), patience).toBe(1);
  for (const _time of [1, 2]) {
    await press('o');
    await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(1);
    // Its first field has the keys only once it has come in.
    await expect
      .poll(() => console.page.evaluate(() => document.activeElement?.tagName), patience)
      .toBe('INPUT');
    await console.page.keyboard.type('esim-sweden-7days-1gb-all');
    await press('Tab');
    await console.page.keyboard.type('office-1');
    await press('Enter');
    await expect.poll(() => console.page.getByRole('dialog').count(), patience).toBe(0);
    await expect.poll(() => stored('select state from package_orders'), patience).toBe('completed');
  }
  expect(vendor.orders.bought('office-1')).toBe(1);
  await expect.poll(() => rowsOf('Orders').count(), patience).toBe(1);
  await press('j');
  await picture('order');
});
