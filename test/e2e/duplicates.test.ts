import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdversus, type AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { runCli } from '../cli/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { buildConsole, launchConsole, waitFor, type LaunchedConsole } from './launch-console.ts';

const pictures = join(import.meta.dirname, '../../test-results');
const patience = { timeout: 15_000 };

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
  leads = [1, 2, 3, 4, 5, 6].map(
    (n) =>
      adversus.state.addLead({
        agentId: officeAgents[n]!.id,
        commission: String(1_000 * n),
        orderDate: new Date(now - 1_000),
        updatedAt: now - n * 1_000,
      }).id,
  );
  console = await launchConsole({ program: 'real', env: environment() });
  await console.page.evaluate(() => window.resizeTo(1280, 800));
  await syncDeals();
  await waitFor(async () => (await stored('select count(*)::int from deals')) === 6, 'six deals');
  for (const lead of leads) adversus.state.reassign(lead, officeAgents[8]!.id);
  await syncDeals();
  await waitFor(async () => (await waiting()) === 6, 'six cases');
});

afterAll(async () => {
  await console?.close();
  await adversus?.close();
  await database?.drop();
});

function environment(): Record<string, string> {
  return {
    OPSDECK_DATABASE_URL: database.url,
    OPSDECK_ADVERSUS_URL: adversus.url,
    OPSDECK_ADVERSUS_USER: adversus.user,
    OPSDECK_ADVERSUS_PASSWORD: adversus.password,
    OPSDECK_ADVERSUS_COMMISSION_FIELD: String(fieldIds.commission),
    OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: String(fieldIds.multiDeals),
    OPSDECK_ADVERSUS_ORDER_DATE_FIELD: fieldLabels.orderDate,
    OPSDECK_DELTA_SECONDS: '600',
  };
}

async function syncDeals(): Promise<void> {
  await console.page.getByRole('button', { name: 'Sync deals now' }).click();
}

async function stored<T>(sql: string, values: (string | number)[] = []): Promise<T> {
  const rows = await database.query<Record<string, unknown>>(sql, values);
  return Object.values(rows.rows[0] ?? {})[0] as T;
}
const waiting = () => stored<number>(`select count(*)::int from pending_duplicates where status = 'pending'`);
const resolution = (lead: string) =>
  stored<string | null>('select resolution from pending_duplicates where lead_id = $1', [lead]);

const list = () => console.page.getByRole('grid', { name: 'Duplicates' });
const shownLead = async (): Promise<string> =>
  (await console.page.getByRole('heading', { name: /^Lead \d+$/ }).textContent())?.replace('Lead ', '') ?? '';

test('the queue shows each case with both sides and what each decision would do', async () => {
  await console.page.keyboard.press('2');
  await expect.poll(() => list().getByRole('row').count(), patience).toBe(6);
  const comparison = console.page.getByRole('table').first();
  await expect.poll(() => comparison.getByRole('row').count()).toBe(6);
  // The new agent has no deal yet: approving brings them onto today's board.
  await expect
    .poll(() => console.page.getByText(/not on it → .+\+1 deal/).count(), patience)
    .toBeGreaterThan(0);
  await console.page.screenshot({ path: join(pictures, 'duplicates-light-en.png') });
});

test('a key decides, moves on, and u brings the case back', async () => {
  const first = await shownLead();
  await console.page.keyboard.press('a');
  await expect.poll(() => resolution(first), patience).toBe('approved');
  const second = await shownLead();
  expect(second).not.toBe(first);
  await console.page.keyboard.press('x');
  await expect.poll(() => resolution(second), patience).toBe('rejected');
  await expect.poll(() => list().getByRole('row').count()).toBe(4);
  await console.page.keyboard.press('u');
  await expect.poll(() => resolution(second), patience).toBeNull();
  await expect.poll(() => shownLead(), patience).toBe(second);
  expect(await stored('select count(*)::int from deals where lead_id = $1', [first])).toBe(2);
});

test('a note goes with the decision, and a merge takes over what was chosen', async () => {
  const lead = await shownLead();
  await console.page.keyboard.press('n');
  await console.page.keyboard.type('Anna rang om det');
  await console.page.keyboard.press('Escape');
  await console.page.keyboard.press('m');
  await console.page.keyboard.press('1');
  await console.page.keyboard.press('Enter');
  await expect.poll(() => resolution(lead), patience).toBe('merged');
  expect(await stored('select user_id from deals where lead_id = $1', [lead])).toBe(officeAgents[8]!.id);
  expect(await stored('select resolution_note from pending_duplicates where lead_id = $1', [lead])).toBe(
    'Anna rang om det',
  );
});

test('a case that somebody else decided meanwhile says so and cannot be decided again', async () => {
  const lead = await shownLead();
  const id = await stored<number>('select id from pending_duplicates where lead_id = $1', [lead]);
  const done = await runCli(['duplicates', 'resolve', String(id), 'reject', '--as', 'Erik'], environment());
  expect(done.code).toBe(0);
  await expect.poll(() => console.page.getByText(/Erik.* decided this/).count(), patience).toBe(1);
  await console.page.keyboard.press('a');
  expect(await console.page.getByRole('button', { name: /^Approve/ }).isDisabled()).toBe(true);
  await console.page.keyboard.press('Enter');
  await expect.poll(() => shownLead()).not.toBe(lead);
  expect(await resolution(lead)).toBe('rejected');
});

test('all alike are decided together', async () => {
  const before = await waiting();
  await console.page.keyboard.press('l');
  const dialog = console.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Reject' }).check();
  await dialog.getByRole('button', { name: `Reject ${before} cases` }).click();
  await expect.poll(() => dialog.getByText(`${before} cases decided`).count(), patience).toBe(1);
  expect(await waiting()).toBe(0);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect.poll(() => console.page.getByText('Nothing waiting').count()).toBe(1);
});

test('the history finds a decision, shows its trail and takes it back', async () => {
  await console.page.keyboard.press('h');
  const history = console.page.getByRole('grid', { name: 'History' });
  await expect.poll(() => history.getByRole('row').count(), patience).toBe(7);
  await console.page.keyboard.press('/');
  await console.page.keyboard.type('Anna rang');
  await expect.poll(() => history.getByRole('row').count(), patience).toBe(2);
  await console.page.keyboard.press('Enter');
  await console.page.keyboard.press('j');
  await expect
    .poll(() => console.page.getByRole('region', { name: 'What happened' }).count(), patience)
    .toBe(1);
  await console.page.screenshot({ path: join(pictures, 'history-light-en.png') });
  await console.page.keyboard.press('u');
  await console.page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => waiting(), patience).toBe(1);
});

test('held removals and rejected records have screens that say that there are none', async () => {
  await console.page.keyboard.press('3');
  await expect.poll(() => console.page.getByText('No held removals').count()).toBe(1);
  await console.page.keyboard.press('4');
  await expect.poll(() => console.page.getByText('No rejected records').count()).toBe(1);
});

test('no error reached the console log of the page or of main', () => {
  expect(console.output()).not.toMatch(/^\S+ ERROR|Unhandled|Electron Security Warning/im);
});
