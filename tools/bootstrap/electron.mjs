import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheEntry, cacheFolder, findCacheEntry } from './cache.mjs';
import { buildFallbackElectron, FALLBACK_ENTRY, FALLBACK_VERSION } from './fallback-electron.mjs';
import { toolEnvironment } from './node.mjs';
import { runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

/** The official download is given up after this long without a single new byte. */
const SILENCE_MILLISECONDS = 20_000;
/** A download that failed is not tried again by every start of every clone. */
const FAILURE_IS_REMEMBERED_MILLISECONDS = 24 * 3_600_000;

/**
 * Makes `npx electron` and `require('electron')` work. Answers the executable and whether it is the older fallback,
 * which is for development and tests only.
 */
export async function ensureElectron(repository, node) {
  const home = join(repository, 'node_modules', 'electron');
  if (!existsSync(home))
    throw new StepFailed('The package electron is not installed.', `cd ${repository} && npm ci`);
  const found = installedElectron(home);
  if (found !== undefined) return found;
  if (await installOfficial(repository, node, home)) return installedElectron(home);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new StepFailed('Electron could not be fetched.', `cd ${repository} && npx install-electron`);
  }
  const dist = await cacheEntry(FALLBACK_ENTRY, (draft) => buildFallbackElectron(draft, repository, node));
  link(home, dist);
  const linked = installedElectron(home);
  if (linked === undefined) throw new StepFailed(`${dist} is damaged.`, `rm -rf ${dist}`);
  return linked;
}

function installedElectron(home) {
  try {
    const executable = join(home, 'dist', readFileSync(join(home, 'path.txt'), 'utf8'));
    if (!existsSync(executable)) return undefined;
    const version = readFileSync(join(home, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const wanted = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;
    if (version !== wanted && version !== FALLBACK_VERSION) return undefined;
    return { executable, version, isFallback: version !== wanted };
  } catch {
    return undefined;
  }
}

async function installOfficial(repository, node, home) {
  const marker = join(cacheFolder(), 'official-electron-failed');
  const failedAt = statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const mayFallBack = process.platform === 'linux' && process.arch === 'x64';
  if (mayFallBack && Date.now() - failedAt < FAILURE_IS_REMEMBERED_MILLISECONDS) return false;
  say('fetching Electron (npx install-electron)');
  const downloads = mkdtempSync(join(tmpdir(), 'opsdeck-electron-'));
  const silence = new AbortController();
  const watch = watchForSilence(downloads, silence);
  try {
    const { code } = await runCommand(node, [join(home, 'install.js')], {
      cwd: repository,
      env: { ...toolEnvironment(node, repository), TMPDIR: downloads },
      signal: silence.signal,
      killSignal: 'SIGKILL',
    });
    if (code === 0 && installedElectron(home) !== undefined) return true;
  } finally {
    clearInterval(watch);
    rmSync(downloads, { recursive: true, force: true });
  }
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(marker, '');
  if (mayFallBack) {
    const again = findCacheEntry(FALLBACK_ENTRY) === undefined ? '' : ' from the cache';
    say(
      `the official Electron cannot be fetched here; using ${FALLBACK_VERSION}${again}, for development and tests only`,
    );
  }
  return false;
}

function watchForSilence(folder, silence) {
  let size = 0;
  let lastGrowth = performance.now();
  return setInterval(() => {
    const now = folderSize(folder);
    if (now !== size) lastGrowth = performance.now();
    size = now;
    if (performance.now() - lastGrowth > SILENCE_MILLISECONDS) silence.abort();
  }, 500);
}

function folderSize(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, entry) => {
    const stat = statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false });
    return sum + (stat?.isFile() === true ? stat.size : 0);
  }, 0);
}

function link(home, dist) {
  const place = join(home, 'dist');
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined)
    rmSync(place, { recursive: true, force: true });
  try {
    symlinkSync(dist, place);
  } catch (error) {
    // Another tool of this clone was faster.
    if (error.code !== 'EEXIST') throw error;
  }
  writeFileSync(join(home, 'path.txt'), 'electron');
}
