import { fileURLToPath } from 'node:url';
import { ensureElectron } from './bootstrap/electron.mjs';
import { ensureLibraries } from './bootstrap/libraries.mjs';
import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { runTool } from './bootstrap/say.mjs';
import { ensureSqliteBinding } from './bootstrap/sqlite.mjs';

/*
 * Everything a fresh clone needs before the program can run, on plain Node 20 or later and without packages. Each
 * step is silent and quick when nothing is missing, says one line on stderr when it does something, and fails with
 * the command to run where it may not install something itself. `node tools/bootstrap.mjs` runs all steps alone.
 */

/** All of it, with Electron; the environment tells the program which SQLite binding to load. */
export async function bootstrapElectron() {
  const { node, environment } = await bootstrapNode();
  const electron = await ensureElectron(REPOSITORY, node);
  await ensureLibraries(electron.executable);
  const binding = await ensureSqliteBinding(REPOSITORY, node, electron);
  if (binding !== undefined) environment.OPSDECK_SQLITE_BINDING = binding;
  return { node, electron, environment };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runTool(async () => {
    await bootstrapElectron();
    return 0;
  });
}
