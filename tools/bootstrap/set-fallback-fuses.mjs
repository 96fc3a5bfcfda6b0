import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * `node set-fallback-fuses.mjs REPOSITORY ELECTRON_FOLDER`, a program of its own because the fuse library needs the
 * product's Node. Playwright drives Electron by its inspector; the snapshot fuse belongs to a file that is removed.
 */

const [repository, folder] = process.argv.slice(2);
const library = createRequire(join(repository, 'package.json')).resolve('@electron/fuses');
const { flipFuses, FuseV1Options, FuseVersion } = await import(pathToFileURL(library).href);
await flipFuses(join(folder, 'electron'), {
  version: FuseVersion.V1,
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
});
