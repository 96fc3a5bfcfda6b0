import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

const root = join(import.meta.dirname, '../..');
/** `real`: the program itself. `fake`: the same program with services that only record what they are asked. */
export type Program = 'real' | 'fake';

export interface LaunchedConsole {
  app: ElectronApplication;
  page: Page;
  dataFolder: string;
  /** What main has written to its terminal since it was driven; its log file has the very first lines too. */
  output(): string;
  close(): Promise<void>;
}

export interface LaunchOptions {
  program: Program;
  dataFolder?: string;
  env?: Record<string, string>;
  args?: readonly string[];
}

/** The Electron that development uses here: the official one, or the fallback of the bootstrap. */
export function electronPath(): string {
  return createRequire(import.meta.url)('electron') as string;
}

/** Builds a program into `out/`; about a second. */
export async function buildConsole(program: Program): Promise<void> {
  const cli = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const config =
    program === 'real' ? 'electron.vite.config.ts' : 'test/e2e/fake-console/electron.vite.config.ts';
  const env = { ...process.env, NODE_ENV: 'production' };
  await finish(spawn(process.execPath, [cli, 'build', '--config', join(root, config)], { cwd: root, env }));
  if (program === 'real') return;
  const manifest = { name: 'opsdeck', version: '0.0.0', type: 'module', main: 'main/index.js' };
  writeFileSync(join(root, 'out/fake-console/package.json'), JSON.stringify(manifest));
}

/** Starts a built program with a data folder of its own and drives it; its first window has loaded. */
export async function launchConsole(options: LaunchOptions): Promise<LaunchedConsole> {
  const dataFolder = options.dataFolder ?? temporaryFolder();
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: programArguments(options),
    cwd: root,
    env: await programEnvironment(dataFolder, options.env),
    // Otherwise Playwright shows every page a light system.
    colorScheme: null,
  });
  const lines: string[] = [];
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  }
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  return { app, page, dataFolder, output: () => lines.join(''), close: () => app.close() };
}

export interface SpawnedConsole {
  process: ChildProcess;
  dataFolder: string;
  output(): string;
  /** Resolves once main has written `text`; rejects when it ends first or 30 s pass. */
  says(text: string): Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a built program as a terminal would, without anything attached: for signals and ways to end. */
export async function spawnConsole(options: LaunchOptions): Promise<SpawnedConsole> {
  const dataFolder = options.dataFolder ?? temporaryFolder();
  const child = spawn(electronPath(), programArguments(options), {
    cwd: root,
    env: await programEnvironment(dataFolder, options.env),
    detached: true,
  });
  return { dataFolder, ...follow(child) };
}

/** Follows a started process: what it writes, and how it ends. */
export function follow(child: ChildProcess): Omit<SpawnedConsole, 'dataFolder'> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    process: child,
    ended,
    output: () => text,
    says: (wanted) => waitFor(() => text.includes(wanted), `"${wanted}" in:\n${text}`, child),
  };
}

/** Polls until `check` holds; fails with what was waited for after 30 s or when `child` has ended. */
export async function waitFor(
  check: () => boolean | Promise<boolean>,
  what: string,
  child?: ChildProcess,
): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await check()) return;
    if (child && child.exitCode !== null && !(await check())) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${what}`);
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'opsdeck-e2e-'));
}

/** Files of a data folder as text, for looking for what must not be in them. */
export function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function programArguments(options: LaunchOptions): string[] {
  const target = options.program === 'real' ? root : join(root, 'out/fake-console');
  // Chromium refuses its sandbox to root; only tests and the bootstrap ever say so.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...asRoot, ...(options.args ?? []), target];
}

async function programEnvironment(
  dataFolder: string,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !entry[0].startsWith('VITEST') && entry[0] !== 'NODE_COMPILE_CACHE',
  );
  return {
    ...Object.fromEntries(own),
    NODE_ENV: 'production',
    NODE_OPTIONS: '',
    DISPLAY: await display(),
    OPSDECK_DATA_DIR: dataFolder,
    FAKE_DATA_FOLDER: dataFolder,
    ...more,
  };
}

let started: Promise<string> | null = null;

/** The display of the session, or one of our own that ends with the tests. */
export function display(): Promise<string> {
  return process.env['DISPLAY'] ? Promise.resolve(process.env['DISPLAY']) : openDisplay();
}

/** A display of our own that every user of this machine may draw on; one that was given may be its owner's alone. */
export function openDisplay(): Promise<string> {
  started ??= startDisplay();
  return started;
}

async function startDisplay(): Promise<string> {
  if (process.platform !== 'linux') return '';
  const server = 'Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp -ac';
  // The shell waits for its input to end, which it does however these tests end: no display is left behind.
  const child = spawn('sh', ['-c', `${server} & display=$!; read -r _; kill $display`], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.unref();
  const number = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => reject(new Error('Xvfb did not start; install it with: apt-get install -y xvfb')));
    child.stdio[3]?.on('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return `:${number}`;
}

async function finish(child: ChildProcess): Promise<void> {
  const { output, ended } = follow(child);
  const { code } = await ended;
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} failed:\n${output()}`);
}
