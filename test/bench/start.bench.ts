/*
 * From spawning the program to the first real row on screen, out of the local copy with the database unreachable, beside
 * an empty Electron window started and looked at in the same way, in turns.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import {
  buildConsole,
  display,
  electronPath,
  launchConsole,
  temporaryFolder,
  type LaunchedConsole,
} from '../e2e/launch-console.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median } from './support/figures.ts';
import { race, ratioOf } from './support/measure.ts';
import { startReport } from './support/report.ts';

const runs = 7;
const deals = 300;

const report = startReport('start');
const dataFolder = temporaryFolder();
await buildConsole('real');
const url = await fillMirror();
const empty = emptyProgram();
const env = { ...process.env, DISPLAY: await display() } as Record<string, string>;

let console_: LaunchedConsole | null = null;
let window_: ElectronApplication | null = null;
const times = await race(
  {
    console: {
      async run() {
        console_ = await launch();
        await console_.page.getByText('Agent Nummer 1', { exact: true }).first().waitFor();
      },
      check: () => console_?.close(),
    },
    empty: {
      async run() {
        const args = process.getuid?.() === 0 ? ['--no-sandbox', empty] : [empty];
        window_ = await _electron.launch({ executablePath: electronPath(), args, env });
        const page = await window_.firstWindow();
        await page.getByText('Nothing').waitFor();
      },
      check: () => window_?.close(),
    },
  },
  runs,
);
const ratio = ratioOf(times.console, times.empty);
report.figure({
  what: 'spawn to the first real row',
  value: median(times.console),
  unit: 'ms',
  reference: { what: 'an empty window with a word in it', value: median(times.empty) },
  ratio,
  target: { words: '≤ 1.8', met: ratio <= 1.8 },
  note: `${deals} deals of today in the copy`,
});
report.say(
  'Both are started and watched by Playwright and drawn by software on a display without a screen. The server of the ' +
    'database was stopped before: its address refuses connections.',
);
report.print();
// The display of our own that the windows were drawn on would keep this process alive.
process.exit();

function launch(): Promise<LaunchedConsole> {
  return launchConsole({ program: 'real', dataFolder, env: { OPSDECK_DATABASE_URL: url } });
}

/** Runs the console once on a database with deals of today, then stops the server; answers its address. */
async function fillMirror(): Promise<string> {
  const server = await startBenchServer(report);
  const database = await server.open('start');
  await database.query(
    `insert into agents (user_id, name, group_name) select 1000 + n, 'Agent Nummer ' || n, 'Grupp' from generate_series(0, 49) n`,
  );
  await database.query(
    `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
     select n::text, 1000 + n % 50, 1000, now(), 'success', now() from generate_series(1, $1::int) n`,
    [deals],
  );
  const { user, password, host, port } = await server.connect('start');
  const address = `postgres://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/start`;
  const filling = await launchConsole({
    program: 'real',
    dataFolder,
    env: { OPSDECK_DATABASE_URL: address },
  });
  await filling.page.getByText('Agent Nummer 1', { exact: true }).first().waitFor();
  await filling.page.waitForTimeout(4_000);
  await filling.close();
  await server.close();
  return address;
}

/** An Electron program with one window and one word. */
function emptyProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-bench-empty-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.js' }));
  writeFileSync(
    join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
     app.whenReady().then(() => new BrowserWindow().loadURL('data:text/html,<p>Nothing</p>'));`,
  );
  return folder;
}
