import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdversus, type AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { buildConsole, launchConsole, type LaunchedConsole } from './launch-console.ts';

const pictures = join(import.meta.dirname, '../../test-results');

let adversus: AdversusSandbox;
let database: TestDatabase;
let console: LaunchedConsole;
let leads: number[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  adversus = await startAdversus({ office: 'empty', limits: 'off' });
  database = await createTestDatabase();
  const now = Date.now();
  leads = [11, 12, 13].map(
    (minutes, index) =>
      adversus.state.addLead({
        agentId: officeAgents[index]!.id,
        commission: String(1_000 * (index + 1)),
        orderDate: new Date(now - 1_000),
        updatedAt: now - minutes * 1_000,
      }).id,
  );
  console = await launchConsole({
    program: 'real',
    env: {
      OPSDECK_DATABASE_URL: database.url,
      OPSDECK_ADVERSUS_URL: adversus.url,
      OPSDECK_ADVERSUS_USER: adversus.user,
      OPSDECK_ADVERSUS_PASSWORD: adversus.password,
      OPSDECK_ADVERSUS_COMMISSION_FIELD: String(fieldIds.commission),
      OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: String(fieldIds.multiDeals),
      OPSDECK_ADVERSUS_ORDER_DATE_FIELD: fieldLabels.orderDate,
      OPSDECK_DELTA_SECONDS: '600',
    },
  });
  await console.page.evaluate(() => window.resizeTo(1280, 800));
});

afterAll(async () => {
  await console?.close();
  await adversus?.close();
  await database?.drop();
});

const board = () => console.page.getByRole('grid', { name: 'Board today' });

async function syncDeals() {
  const { page } = console;
  await page.getByRole('button', { name: 'Sync deals now' }).click();
}

test('the first pass fills the board with what is in the database', async () => {
  const rows = board().getByRole('row');
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(4);
  const stored = await database.query<{ deals: number; commission: string }>(
    'select count(*)::int as deals, sum(commission)::text as commission from deals',
  );
  expect(stored.rows[0]).toEqual({ deals: 3, commission: '6000.00' });
  await expect.poll(() => console.page.getByText('6,000 kr').count()).toBeGreaterThan(0);
  await console.page.screenshot({ path: join(pictures, 'today-light-en.png') });
});

test('a deal that closes upstream is on the screen after "Sync now", without a reload', async () => {
  adversus.state.addLead({
    agentId: officeAgents[4]!.id,
    commission: '4500',
    orderDate: new Date(),
  });
  await syncDeals();
  await expect.poll(() => board().getByText('4,500 kr').count(), { timeout: 15_000 }).toBe(1);
});

test('a deal reassigned upstream waits for a person and leaves the board as it was', async () => {
  const before = await board().textContent();
  adversus.state.reassign(leads[0]!, officeAgents[7]!.id);
  await syncDeals();
  await expect
    .poll(
      () =>
        console.page
          .getByRole('tab', { name: /Waiting/ })
          .first()
          .textContent(),
      { timeout: 15_000 },
    )
    .toContain('1');
  expect(await board().textContent()).toBe(before);
  await console.page
    .getByRole('tab', { name: /Waiting/ })
    .first()
    .click();
  const line = console.page.getByRole('button', { name: /Duplicates.*held until somebody decides/ });
  await expect.poll(() => line.count()).toBe(1);
  await console.page.screenshot({ path: join(pictures, 'waiting-light-en.png') });
  await line.click();
  await expect.poll(() => console.page.getByText('another agent').count()).toBeGreaterThan(0);
  await console.page.getByRole('button', { name: 'Today' }).click();
  await console.page.getByRole('tab', { name: /Board/ }).first().click();
});

test('what another process writes arrives by itself', async () => {
  const seen = await board().getByText('7,777 kr').count();
  expect(seen).toBe(0);
  await database.transaction(async (tx) => {
    const inserted = await tx.query<{ id: number }>(
      `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
       select '777', user_id, 7777, now(), 'success', now() from agents order by user_id desc limit 1 returning id`,
    );
    const { appendChange } = await import('../../src/main/system/change-log.ts');
    await appendChange(tx, 'deals', {
      source: 'sync',
      runId: null,
      inserted: 1,
      updated: 0,
      removed: 0,
      ids: [inserted.rows[0]!.id],
      removedIds: [],
      new: [inserted.rows[0]!.id],
    });
  });
  await expect.poll(() => console.page.getByText('7,777 kr').count(), { timeout: 5_000 }).toBeGreaterThan(0);
});

test('the leaderboard has the same figures, of agents and of groups, and follows what is written', async () => {
  const { page } = console;
  await page.getByRole('button', { name: 'Leaderboard' }).click();
  const standings = page.getByRole('grid', { name: 'Agents' });
  await expect.poll(() => standings.getByText('7,777 kr').count(), { timeout: 15_000 }).toBe(1);
  await page.getByText('Today', { exact: true }).last().click();
  await expect.poll(() => standings.getByText('7,777 kr').count()).toBe(1);
  const counted = await database.query<{ rows: number }>(
    'select count(distinct user_id)::int as rows from deals where not is_duplicate',
  );
  expect(await standings.getByRole('row').count()).toBe(counted.rows[0]!.rows + 1);
  await page.screenshot({ path: join(pictures, 'leaderboard-light-en.png') });
  await page.keyboard.press('h');
  await expect.poll(() => page.getByText('Nothing in these days').count()).toBe(1);
  await page.keyboard.press('l');
  await expect.poll(() => standings.getByText('7,777 kr').count()).toBe(1);
  await page.keyboard.press('g');
  await expect.poll(() => page.getByRole('grid', { name: 'Groups' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Today' }).click();
});

test('the whole console is read in Swedish and in the dark at once, and stays so', async () => {
  const { page } = console;
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.screenshot({ path: join(pictures, 'settings-light-en.png') });
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('Svenska').click();
  await page.getByRole('radiogroup', { name: 'Tema' }).getByText('Mörkt').click();
  await page.getByRole('button', { name: 'Idag' }).click();
  await expect.poll(() => page.getByRole('grid').count(), { timeout: 20_000 }).toBeGreaterThan(0);
  await page.screenshot({ path: join(pictures, 'today-dark-sv.png') });
  await page.reload();
  await expect.poll(() => page.getByRole('button', { name: 'Idag' }).count(), { timeout: 20_000 }).toBe(1);
  expect(await page.locator('html').getAttribute('lang')).toBe('sv');
});

test('no error reached the console log of the page or of main', async () => {
  expect(console.output()).not.toMatch(/^\S+ ERROR|Unhandled|Electron Security Warning/im);
});
