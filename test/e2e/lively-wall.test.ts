import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdversus, type AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  buildConsole,
  launchConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';

/* A console restarted again and again while the office sells, also by kills: each deal is celebrated once. */

const restarts = Number(process.env['OPSDECK_WALL_RESTARTS'] ?? 2);
const sellEveryMs = 900;
const dataFolder = temporaryFolder();

let adversus: AdversusSandbox;
let database: TestDatabase;
let running: LaunchedConsole;
let sold = 0;
let selling: NodeJS.Timeout;
/** Deals that walls have shown, those of processes that were ended among them. */
let shownBefore = 0;

beforeAll(async () => {
  await buildConsole('real');
  adversus = await startAdversus({ office: 'empty', limits: 'off' });
  database = await createTestDatabase();
  writeFileSync(join(dataFolder, 'console-settings.json'), JSON.stringify({ wallAtStart: true }));
  await launch();
  await waitFor(async () => (await onWall('document.title')) !== null, 'the wall');
  selling = setInterval(sell, sellEveryMs);
});

afterAll(async () => {
  clearInterval(selling);
  await running?.close();
  await adversus?.close();
  await database?.drop();
});

function sell(): void {
  sold += 1;
  adversus.state.addLead({
    agentId: officeAgents[sold % 5]!.id,
    commission: String(1_000 + sold),
    orderDate: new Date(Date.now() - 1_000),
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
      OPSDECK_DELTA_SECONDS: '15',
    },
  });
}

/** Asks the wall's page; null: there is none. */
async function onWall(read: string): Promise<string | null> {
  return running.app.evaluate(async ({ BrowserWindow }, code) => {
    const wall = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('/wall.html'));
    if (!wall || wall.webContents.isCrashed() || wall.webContents.isLoading()) return null;
    return (wall.webContents.executeJavaScript(code) as Promise<unknown>).then(String);
  }, read);
}

const shown = async () => Number((await onWall('document.documentElement.dataset.deals ?? 0')) ?? 0);

/** Deals in the ledger by state; its key lets each order in once. */
function ledger(): Record<string, number> {
  if (!existsSync(join(dataFolder, 'durable.sqlite'))) return {};
  const sqlite = openSqlite(join(dataFolder, 'durable.sqlite'));
  const rows = sqlite
    .prepare<[], { state: string; count: number }>(
      'select state, count(*) as count from plings group by state',
    )
    .all();
  sqlite.close();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

const ledgered = () => Object.values(ledger()).reduce((sum, count) => sum + count, 0);

test(`plings each deal of a lively day once over ${restarts} restarts`, { timeout: 900_000 }, async () => {
  for (let restart = 1; restart <= restarts; restart += 1) {
    const atStart = sold;
    await waitFor(() => ledgered() > atStart, 'a deal of this run in the ledger');
    await waitFor(async () => (await shown()) > 0, 'a celebration');
    shownBefore += await shown();
    if (restart % 2 === 1) await running.close();
    else {
      const ended = new Promise((resolve) => running.app.process().once('exit', resolve));
      running.app.process().kill('SIGKILL');
      await ended;
    }
    await launch();
  }
  clearInterval(selling);
  await waitFor(() => ledgered() === sold, 'every deal in the ledger');
  await waitFor(
    async () => (await onWall(`document.body.innerText`))?.includes('ew deal') === false,
    'its end',
  );
  const stored = await database.query<{ count: number }>('select count(*)::int as count from deals');
  expect(stored.rows[0]!.count).toBe(sold);
  expect(ledgered()).toBe(sold);
  // A kill between the ledger's commit and the screen may cost a celebration; it never repeats one.
  expect(shownBefore + (await shown())).toBeLessThanOrEqual(sold);
  process.stderr.write(
    `lively wall: ${restarts} restarts, ${sold} deals, ledger ${JSON.stringify(ledger())}, shown ${shownBefore + (await shown())}\n`,
  );
});
