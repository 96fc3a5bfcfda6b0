import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A file or folder that ships with the program (`migrations`, `resources`, `out`), by its path from the project's
 * root. The root is looked for upwards from this module, so it is found from the sources, from a bundle at any
 * depth and from inside a package, whatever the current directory is.
 */
export function resourcePath(...parts: string[]): string {
  return join(findRoot(import.meta.dirname), ...parts);
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'migrations'))) return folder;
    if (dirname(folder) === folder) throw new Error(`No Opsdeck files were found above ${from}`);
  }
}
