import { findProgram, lastLines, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

const ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const INSTALL = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

/** True where this tool may install system packages itself. */
export function mayInstallPackages() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/** Installs Debian packages as root; otherwise, or when that fails, throws with the line to run. */
export async function installDebianPackages(packages, purpose) {
  const names = await withNewNames(packages);
  const command = `apt-get update && apt-get install -y ${names.join(' ')}`;
  if (!mayInstallPackages()) throw new StepFailed(`${purpose} is missing.`, `sudo sh -c '${command}'`);
  say(`${purpose}: installing ${names.join(' ')}`);
  const first = await apt([...INSTALL, ...names]);
  if (first.code === 0) return;
  // A fresh machine has no package lists, an old one outdated ones.
  await apt(['update']);
  const second = await apt([...INSTALL, ...names]);
  if (second.code !== 0)
    throw new StepFailed(`${purpose}: installing failed:\n${lastLines(second.output)}`, command);
}

function apt(args) {
  return runCommand('apt-get', args, { env: ENVIRONMENT });
}

/** Newer Debian and Ubuntu releases call some libraries NAMEt64. */
async function withNewNames(packages) {
  if (findProgram('apt-cache') === undefined) return packages;
  const { output } = await runCommand('apt-cache', ['pkgnames']);
  const known = new Set(output.split('\n'));
  return packages.map((name) => (!known.has(name) && known.has(`${name}t64`) ? `${name}t64` : name));
}
