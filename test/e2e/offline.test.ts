import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdversus, type AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { findPostgresBinaries } from '../../src/main/storage/embedded/postgres-binaries.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import {
  buildConsole,
  launchConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';

/* A console on a team database that goes away: three decisions, a restart without it, and what becomes of them. */

const pictures = join(import.meta.dirname, '../../test-results');
const patience = { timeout: 20_000, interval: 50 };
const dataFolder = temporaryFolder();
const folder = mkdtempSync(join(tmpdir(), 'opsdeck-offline-'));

let adversus: AdversusSandbox;
let port: number;
let server: ChildProcess | null = null;
let database: Database;
let console: LaunchedConsole;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  port = await freePort();
  const [initdb, args] = findPostgresBinaries().command('initdb', [
    '-D',
    join(folder, 'data'),
    '--encoding=UTF8',
    '--locale=C',
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
  ]);
  await promisify(execFile)(initdb, args, { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } });
  await startServer();
  database = openDatabase({ url: url('postgres'), applicationName: 'test' });
  adversus = await startAdversus({ office: 'empty', limits: 'off' });
  const leads = [1, 2, 3, 4, 5].map(
    (n) =>
      adversus.state.addLead({
        agentId: officeAgents[n]!.id,
        commission: String(1_000 * n),
        orderDate: new Date(Date.now() - 1_000),
        updatedAt: Date.now() - n * 1_000,
      }).id,
  );
  console = await launch();
  await waitFor(async () => (await stored('select count(*)::int from deals')) === 5, 'five deals');
  for (const lead of leads) adversus.state.reassign(lead, officeAgents[8]!.id);
  await console.page.getByRole('button', { name: 'Sync deals now' }).click();
  await waitFor(
    async () => (await stored(`select count(*)::int from pending_duplicates where status = 'pending'`)) === 5,
    'five cases',
  );
});

afterAll(async () => {
  await console?.close();
  await database?.close();
  await adversus?.close();
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
});

const url = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`;

async function startServer(): Promise<void> {
  const [program, args] = findPostgresBinaries().command('postgres', [
    '-D',
    join(folder, 'data'),
    '-p',
    String(port),
    '-k',
    '',
    '-c',
    'listen_addresses=127.0.0.1',
  ]);
  server = spawn(program, args, { stdio: 'ignore' });
  const probe = openDatabase({ url: url('postgres'), applicationName: 'probe' });
  await waitFor(
    () =>
      probe.query('select 1').then(
        () => true,
        () => false,
      ),
    'the server',
  );
  await probe.close();
}

async function stopServer(): Promise<void> {
  const ended = new Promise((resolve) => server?.once('exit', resolve));
  if (!server?.kill('SIGINT')) return;
  await ended;
  server = null;
}

function launch(): Promise<LaunchedConsole> {
  return launchConsole({
    program: 'real',
    dataFolder,
    env: {
      OPSDECK_DATABASE_URL: url('postgres'),
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

async function stored<T>(sql: string): Promise<T | null> {
  const rows = await database.query<Record<string, unknown>>(sql).catch(() => null);
  return rows ? (Object.values(rows.rows[0] ?? {})[0] as T) : null;
}

function keptCases(): number {
  const mirror = openSqlite(join(dataFolder, 'mirror.sqlite'));
  try {
    return mirror.prepare<[], number>(`select count(*) from rows where topic = 'cases'`).pluck().get() ?? 0;
  } finally {
    mirror.close();
  }
}

const queue = () => console.page.getByRole('grid', { name: 'Duplicates' });
const sent = () => console.page.getByRole('grid', { name: 'Decided while the database was away' });
const banner = () => console.page.getByText('The database does not answer.');

test('with the database stopped three cases are decided by key, and said to be kept', async () => {
  await console.page.keyboard.press('2');
  await expect.poll(() => queue().getByRole('row').count(), patience).toBe(5);
  // The copy is written a moment after the screen: what is not in it yet could not be shown without the database.
  await waitFor(() => Promise.resolve(keptCases() === 5), 'five cases in the local copy');
  await stopServer();
  await expect.poll(() => banner().count(), patience).toBe(1);
  for (const [index, key] of ['a', 'x', 'r'].entries()) {
    await console.page.keyboard.press(key);
    await expect.poll(() => queue().getByRole('row').count(), patience).toBe(4 - index);
    await expect.poll(() => console.page.getByText(/is saved on this computer/).count(), patience).toBe(1);
  }
  await console.page.keyboard.press('o');
  await expect.poll(() => sent().getByText('Waits').count(), patience).toBe(3);
  await console.page.screenshot({ path: join(pictures, 'offline-sent.png') });
});

test('what the vendor sells meanwhile is on the board at once, marked as not saved', async () => {
  adversus.state.addLead({
    agentId: officeAgents[6]!.id,
    commission: '7000',
    orderDate: new Date(Date.now() - 1_000),
  });
  await console.page.keyboard.press('1');
  await expect
    .poll(() => console.page.getByText('1 deal was read and waits to be saved.').count(), {
      ...patience,
      timeout: 60_000,
    })
    .toBe(1);
  await expect.poll(() => console.page.getByText('Not saved yet').count(), patience).toBeGreaterThan(0);
  await console.page.screenshot({ path: join(pictures, 'offline-unsaved.png') });
});

test('started again without the database it shows the last known rows at once, and the three still wait', async () => {
  await console.close();
  console = await launch();
  await expect.poll(() => console.page.getByRole('row').count(), patience).toBeGreaterThan(4);
  await expect.poll(() => banner().count(), patience).toBe(1);
  await expect.poll(() => console.page.getByText('3 decisions wait to be sent.').count(), patience).toBe(1);
  await console.page.screenshot({ path: join(pictures, 'offline-today.png') });
  await console.page.keyboard.press('2');
  await expect.poll(() => queue().getByRole('row').count(), patience).toBe(2);
  await console.page.screenshot({ path: join(pictures, 'offline-queue.png') });
  await console.page.keyboard.press('o');
  await expect.poll(() => sent().getByText('Waits').count(), patience).toBe(3);
});

test('a wall opened then has the last known board, what is not saved too, and says since when it stands', async () => {
  await console.page.keyboard.press('Control+k');
  await console.page.getByPlaceholder('Find a screen or a command').fill('Open the wall');
  await console.page.keyboard.press('Enter');
  const wallText = async () => {
    const text = await console.app.evaluate(({ BrowserWindow }) => {
      const wall = BrowserWindow.getAllWindows().find((one) =>
        one.webContents.getURL().endsWith('/wall.html'),
      );
      if (!wall || wall.webContents.isLoading()) return '';
      return wall.webContents.executeJavaScript('document.body.innerText') as Promise<string>;
    });
    return text.replaceAll('\u00a0', ' ');
  };
  await expect.poll(wallText, patience).toContain('7,000');
  await expect.poll(wallText, patience).toContain('The database has not answered since');
  const { windows } = await console.app.evaluate(({ BrowserWindow }) => ({
    windows: BrowserWindow.getAllWindows().length,
  }));
  expect(windows).toBe(2);
  await console.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => one.webContents.getURL().endsWith('/wall.html'))
      ?.close(),
  );
});

test('with the database back they are carried out by themselves, each once, and the log is whole', async () => {
  await startServer();
  await waitFor(
    async () =>
      (await stored(`select count(*)::int from pending_duplicates where status = 'resolved'`)) === 3,
    'three decided cases',
  );
  await console.page.bringToFront();
  await expect.poll(() => sent().getByText('Done').count(), patience).toBe(3);
  await expect.poll(() => banner().count(), patience).toBe(0);
  await console.page.screenshot({ path: join(pictures, 'offline-applied.png') });
  expect(
    await stored(
      `select array_agg(resolution order by resolution) from pending_duplicates where status = 'resolved'`,
    ),
  ).toEqual(['approved', 'rejected', 'replaced']);
  await waitFor(
    async () => (await stored('select count(*)::int from deals')) === 8,
    'the deal read meanwhile',
  );
  expect(await stored('select count(*)::int from deals where commission = 7000')).toBe(1);
  expect(await stored('select count(*)::int from applied_decisions')).toBe(3);
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
}
