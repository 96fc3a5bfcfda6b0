import { dirname } from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { runCommand } from './run-command.mjs';

const PACKAGES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libnotify4',
  'libxss1',
  'libatk-bridge2.0-0',
];

/** Makes sure the system has what Electron's binary links to (Linux). */
export async function ensureLibraries(electron) {
  if (process.platform !== 'linux') return;
  const { output } = await runCommand('ldd', [electron], { cwd: dirname(electron) });
  if (!output.includes('not found')) return;
  await installDebianPackages(PACKAGES, "Electron's system libraries");
}
