import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdversus, type AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import { appendChange } from '../../src/main/system/change-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  buildConsole,
  launchConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';

const pictures = join(import.meta.dirname, '../../test-results');
const dataFolder = temporaryFolder();
/** Longer than deals are gathered, in ms: what would be told has been. */
const settled = 6_000;

let adversus: AdversusSandbox;
let database: TestDatabase;
let running: LaunchedConsole;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  adversus = await startAdversus({ office: 'empty', limits: 'off' });
  database = await createTestDatabase();
  for (const index of [0, 1, 2]) addLead(index, 1_000 * (index + 1));
  await launch();
});

afterAll(async () => {
  await running?.close();
  await adversus?.close();
  await database?.drop();
});

function addLead(agent: number, commission: number): void {
  adversus.state.addLead({
    agentId: officeAgents[agent]!.id,
    commission: String(commission),
    orderDate: new Date(Date.now() - 60_000),
  });
}

async function launch(): Promise<void> {
  running = await launchConsole({
    program: 'real',
    dataFolder,
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
}

const pageAt = (name: string): Page | undefined =>
  running.app.windows().find((page) => page.url().endsWith(name));

async function consolePage(): Promise<Page> {
  await waitFor(() => pageAt('/console.html') !== undefined, 'the console');
  return pageAt('/console.html')!;
}

/** Asks the wall's page through main, which works after its process was replaced too; null: there is none. */
async function onWall<T>(read: string): Promise<T | null> {
  return running.app.evaluate(async ({ BrowserWindow }, code) => {
    const wall = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('/wall.html'));
    if (!wall || wall.webContents.isCrashed() || wall.webContents.isLoading()) return null;
    return wall.webContents.executeJavaScript(code) as Promise<never>;
  }, read);
}

/** What the wall says, with plain spaces. */
const wallText = async () =>
  ((await onWall<string>('document.body.innerText')) ?? '').replaceAll('\u00a0', ' ');
const counts = async () =>
  (await onWall<{ celebrated?: string; sounded?: string }>('({ ...document.documentElement.dataset })')) ??
  {};
const rows = async () => (await onWall<number>(`document.querySelectorAll('.row').length`)) ?? 0;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the ledger holds, by state. */
function ledger(): Record<string, number> {
  const sqlite = openSqlite(join(dataFolder, 'durable.sqlite'));
  const found = sqlite
    .prepare<[], { state: string; count: number }>(
      'select state, count(*) as count from plings group by state',
    )
    .all();
  sqlite.close();
  return Object.fromEntries(found.map(({ state, count }) => [state, count]));
}

/** Commits a deal of today as another process would, and says so. */
async function commitDeal(lead: string): Promise<void> {
  await database.transaction(async (tx) => {
    const inserted = await tx.query<{ id: number }>(
      `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
       select $1, user_id, 7000, now(), 'success', now() from agents order by user_id limit 1 returning id`,
      [lead],
    );
    const { id } = inserted.rows[0]!;
    const data = { source: 'sync', runId: null, inserted: 1, updated: 0, removed: 0 } as const;
    await appendChange(tx, 'deals', { ...data, ids: [id], removedIds: [], new: [id] });
  });
}

async function seeWall(): Promise<void> {
  await waitFor(async () => (await rows()) === 3, 'three rows on the wall');
}

test('is opened from the settings, over its whole display, and is silent about what was there', async () => {
  const page = await consolePage();
  await expect
    .poll(() => page.getByRole('grid', { name: 'Board today' }).getByRole('row').count(), { timeout: 30_000 })
    .toBe(4);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Open the wall' }).click();
  await seeWall();
  const place = await running.app.evaluate(({ BrowserWindow, screen }) => {
    const wall = BrowserWindow.getAllWindows().find((one) =>
      one.webContents.getURL().endsWith('/wall.html'),
    )!;
    return { wall: wall.getBounds(), display: screen.getPrimaryDisplay().bounds };
  });
  expect(place.wall).toEqual(place.display);
  await pause(settled);
  expect((await counts()).celebrated).toBeUndefined();
  expect(ledger()).toEqual({ seeded: 3 });
  await page.locator('label', { has: page.getByRole('switch', { name: 'Open at start' }) }).click();
  await expect.poll(() => page.getByRole('switch', { name: 'Open at start' }).isChecked()).toBe(true);
});

test('plings a new deal once, with its name, its amount and a sound', async () => {
  addLead(3, 4_500);
  const page = await consolePage();
  await page.getByRole('button', { name: 'Today' }).first().click();
  await page.getByRole('button', { name: 'Sync deals now' }).click();

  await waitFor(async () => (await wallText()).includes('New deal'), 'the celebration');
  const text = await wallText();
  expect(text).toContain(officeAgents[3]!.firstname);
  expect(text).toContain('4,500 kr');
  await pageAt('/wall.html')!.screenshot({ path: join(pictures, 'wall-pling.png') });
  await waitFor(async () => !(await wallText()).includes('New deal'), 'the end of the celebration');
  await pause(settled);
  expect(await counts()).toEqual({ celebrated: '1', deals: '1', sounded: '1' });
  expect(await rows()).toBe(4);
  await pageAt('/wall.html')!.screenshot({ path: join(pictures, 'wall.png') });
});

test('comes back by itself when its process dies, and plings nothing again', async () => {
  for (let times = 1; times <= 2; times += 1) {
    await running.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()
        .find((one) => one.webContents.getURL().endsWith('/wall.html'))!
        .webContents.forcefullyCrashRenderer();
    });
    await waitFor(
      () => running.output().split('The process of a window died').length > times,
      'the crash to be noticed',
    );
    await waitFor(async () => (await rows()) === 4, 'the revived wall');
  }
  await pause(settled);
  expect((await counts()).celebrated).toBeUndefined();
});

test('is back after each restart, also after a kill, and plings nothing again', async () => {
  for (const end of ['close', 'kill', 'close'] as const) {
    if (end === 'close') await running.close();
    else {
      const ended = new Promise((resolve) => running.app.process().once('exit', resolve));
      running.app.process().kill('SIGKILL');
      await ended;
    }
    await launch();
    await waitFor(async () => (await rows()) === 4, 'the wall at start');
    await pause(settled);
    expect([end, (await counts()).celebrated]).toEqual([end, undefined]);
  }
  expect(ledger()).toEqual({ seeded: 3, pling: 1 });
});

test('tells what came while the program was not running as one number', async () => {
  await running.close();
  await commitDeal('away-1');
  await commitDeal('away-2');
  await launch();
  await waitFor(async () => (await wallText()).includes('2 new deals since'), 'the summary');
  await pause(settled);
  expect((await counts()).celebrated).toBe('1');
  expect(ledger()).toEqual({ seeded: 3, pling: 1, summary: 2 });
});

test('shows deals of other processes together, in a burst, and muted without a sound', async () => {
  const before = Number((await counts()).sounded);
  await commitDeal('other-1');
  await commitDeal('other-2');
  await waitFor(async () => (await wallText()).includes('2 new deals'), 'the burst');
  expect(Number((await counts()).sounded)).toBe(before + 1);
  await pause(settled);
  const page = await consolePage();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a screen or a command').fill('Mute the wall');
  await page.keyboard.press('Enter');
  await waitFor(async () => (await wallText()).includes('Sound is off'), 'the muted wall');
  await commitDeal('other-3');
  await waitFor(async () => (await wallText()).includes('New deal'), 'the silent celebration');
  await pause(settled);
  expect(Number((await counts()).sounded)).toBe(before + 1);
  expect(ledger()).toEqual({ seeded: 3, pling: 1, summary: 2, burst: 2, muted: 1 });
});

test('sets a damaged ledger aside at the next start and plings on', async () => {
  await running.close();
  writeFileSync(join(dataFolder, 'durable.sqlite'), 'no database at all'.repeat(500));
  await launch();
  await waitFor(async () => (await rows()) === 4, 'the wall');
  await pause(settled);
  expect((await counts()).celebrated).toBeUndefined();
  // Said before the driver listens.
  const log = readFileSync(join(dataFolder, 'logs', 'console.log'), 'utf8');
  expect(log).toContain('was damaged and begun anew');
  await commitDeal('after-damage');
  await waitFor(async () => (await wallText()).includes('New deal'), 'the next pling');
  await pause(settled);
  const said = await database.query("select message from system_health_logs where event_type = 'WARNING'");
  expect(JSON.stringify(said.rows)).toContain('damaged');
});

test('closes with Esc and leaves the console, whose end is the end of both', async () => {
  // A key as the system sends it: the driver's own keys do not pass through main.
  await running.app.evaluate(({ BrowserWindow }) => {
    const wall = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('/wall.html'));
    wall?.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'Escape' });
  });
  await waitFor(() => pageAt('/wall.html') === undefined, 'the end of the wall');
  const page = await consolePage();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a screen or a command').fill('Open the wall');
  await page.keyboard.press('Enter');
  await waitFor(async () => (await rows()) > 0, 'the wall again');
  const ended = new Promise((resolve) => running.app.process().once('exit', resolve));
  await running.app.evaluate(({ BrowserWindow }) => {
    const console = BrowserWindow.getAllWindows().find((one) =>
      one.webContents.getURL().endsWith('/console.html'),
    );
    setTimeout(() => console?.close(), 50);
  });
  expect(await ended).toBe(0);
  expect(running.output()).not.toMatch(/Unhandled|handled by nobody|Electron Security Warning/i);
});
