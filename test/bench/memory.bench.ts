/*
 * Memory of the desktop program, as PSS of all its processes: with few and with many deals in Postgres, and beside an
 * empty Electron window. BENCH_DEALS=10000000 makes the larger database as large as the target speaks of.
 */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from 'playwright';
import {
  buildConsole,
  display,
  electronPath,
  launchConsole,
  temporaryFolder,
} from '../e2e/launch-console.ts';
import { startBenchServer, type BenchServer } from './support/bench-server.ts';
import { median } from './support/figures.ts';
import { startReport } from './support/report.ts';

const few = 100_000;
const many = Number(process.env['BENCH_DEALS'] ?? 1_000_000);
const todays = 300;
const runs = Number(process.env['BENCH_RUNS'] ?? 3);
/** A program that was just started still collects its garbage, in ms. */
const restMs = 15_000;

interface Memory {
  main: number;
  all: number;
}

const report = startReport('memory');
await buildConsole('real');
const server = await startBenchServer(report);
const fillSeconds = { few: await fill(server, 'few', few), many: await fill(server, 'many', many) };
const found: Record<'few' | 'many' | 'empty', Memory[]> = { few: [], many: [], empty: [] };
for (let run = 0; run < runs; run += 1) {
  found.few.push(await ofConsole(await addressOf('few')));
  found.many.push(await ofConsole(await addressOf('many')));
  found.empty.push(await ofEmptyWindow());
}
const middle = (name: keyof typeof found, part: keyof Memory) => median(found[name].map((one) => one[part]));
const more = middle('many', 'main') - middle('few', 'main');
report.figure({
  what: `main process with ${many.toLocaleString('en')} deals instead of ${few.toLocaleString('en')}`,
  value: middle('many', 'main'),
  unit: 'MB',
  reference: { what: 'with the fewer', value: middle('few', 'main') },
  target: { words: 'difference ≤ 10 MB', met: more <= 10 },
  note: `difference ${more.toFixed(1)} MB; ${todays} deals are today's in both`,
});
const ratio = middle('few', 'all') / middle('empty', 'all');
report.figure({
  what: 'idle console, main and one window',
  value: middle('few', 'all'),
  unit: 'MB',
  reference: { what: 'an empty Electron window', value: middle('empty', 'all') },
  ratio,
  target: { words: '≤ 1.6', met: ratio <= 1.6 },
});
report.say(
  `PSS (smaps_rollup) of every process of the program, ${restMs / 1_000} s after the first row stood on screen; Postgres is a server of its own. Medians of ${runs}.`,
);
report.say(`Filling took ${fillSeconds.few} s and ${fillSeconds.many} s.`);
report.print();
await server.close();
process.exit();

async function addressOf(name: string): Promise<string> {
  const { user, password, host, port } = await server.connect(name);
  return `postgres://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${name}`;
}

/** So many deals over three years, the last of them today's; answers how many seconds that took. */
async function fill(at: BenchServer, name: string, deals: number): Promise<number> {
  const started = performance.now();
  await at.open(name);
  const bare = await at.connect(name);
  await bare.query(
    `insert into agents (user_id, name, group_name) select 1000 + n, 'Agent Nummer ' || n, 'Grupp' from generate_series(0, 49) n`,
  );
  // Without triggers: the boards of earlier days are not what is measured.
  await bare.query('set session_replication_role = replica');
  await bare.query(
    `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
     select n::text, 1000 + n % 50, 1000, t, 'success', t
       from generate_series(1, $1::int) n, lateral (select now() - interval '2 days' - n * interval '9 seconds' as t) o`,
    [deals],
  );
  await bare.query('set session_replication_role = origin');
  await bare.query(
    `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
     select 'today ' || n, 1000 + n % 50, 1000, now(), 'success', now() from generate_series(1, $1::int) n`,
    [todays],
  );
  await bare.query('analyze');
  return Math.round((performance.now() - started) / 1_000);
}

async function ofConsole(url: string): Promise<Memory> {
  const dataFolder = temporaryFolder();
  const one = await launchConsole({ program: 'real', dataFolder, env: { OPSDECK_DATABASE_URL: url } });
  await one.page.getByText('Agent Nummer 1', { exact: true }).first().waitFor();
  await sleep(restMs);
  const memory = memoryOf(one.app.process().pid!);
  await one.close();
  return memory;
}

async function ofEmptyWindow(): Promise<Memory> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-bench-empty-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.js' }));
  writeFileSync(
    join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
     app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<p>Nothing</p>'));`,
  );
  const env = { ...process.env, DISPLAY: await display() } as Record<string, string>;
  const args = process.getuid?.() === 0 ? ['--no-sandbox', folder] : [folder];
  const app = await _electron.launch({ executablePath: electronPath(), args, env });
  await (await app.firstWindow()).getByText('Nothing').waitFor();
  await sleep(restMs);
  const memory = memoryOf(app.process().pid!);
  await app.close();
  return memory;
}

/** PSS in MB of a program's first process, and of all of them. */
function memoryOf(pid: number): Memory {
  const all = [pid, ...descendantsOf(pid)].map(pssOf);
  return { main: all[0] ?? 0, all: all.reduce((sum, one) => sum + one, 0) };
}

function pssOf(pid: number): number {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1_024;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

function descendantsOf(parent: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === parent);
  return children.flatMap((name) => [Number(name), ...descendantsOf(Number(name))]);
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
