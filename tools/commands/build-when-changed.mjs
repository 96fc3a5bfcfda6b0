import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolderLock } from '../bootstrap/folder-lock.mjs';
import { lastLines, runCommand } from '../bootstrap/run-command.mjs';
import { say, StepFailed } from '../bootstrap/say.mjs';

const SOURCES = [
  'src',
  'resources',
  'migrations',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const STAMP = join('out', '.sources');

/** Builds `out/` when any source differs from what it was built from: by path, size and time of change. */
export async function buildWhenChanged(repository, environment) {
  if (isCurrent(repository)) return;
  await withFolderLock(join(repository, '.tmp', 'build.lock'), async () => {
    if (isCurrent(repository)) return;
    say('building (electron-vite build)');
    const fingerprint = fingerprintOf(repository);
    const { code, output } = await runCommand('electron-vite', ['build'], {
      cwd: repository,
      env: { ...environment, NODE_ENV: 'production' },
      shell: process.platform === 'win32',
    });
    if (code !== 0) throw new StepFailed(`The build failed:\n${lastLines(output, 40)}`, 'npm run build');
    writeFileSync(join(repository, STAMP), fingerprint);
  });
}

function isCurrent(repository) {
  const stamp = join(repository, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprintOf(repository);
}

function fingerprintOf(repository) {
  const hash = createHash('sha256');
  for (const source of SOURCES) addToHash(hash, join(repository, source));
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) addToHash(hash, join(path, name));
    return;
  }
  hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
}
