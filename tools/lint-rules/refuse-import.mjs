import { posix } from 'node:path';
import { folderPlaces, isRootFile } from './folder-places.mjs';
import { allowedPackages, packagePlaces, refusedPackages } from './package-places.mjs';

const NO_EXTENSION =
  'Write the file with its ending (./clock.ts): Node runs these files as they are and looks for no other.';

/**
 * Why the file `importer` (a path from the repository's root, with /) may not import `specifier`, as a sentence that
 * names the right place; null when it may. `typeOnly` imports are gone at run time, and some places allow just those.
 */
export function refuseImport(importer, specifier, typeOnly) {
  if (!importer.startsWith('src/')) return null;
  if (specifier.startsWith('.')) {
    const imported = resolve(importer, specifier);
    if (posix.extname(imported) === '') return NO_EXTENSION;
    return refuseFile(importer, imported);
  }
  return refusePackage(importer, specifier, typeOnly);
}

function refuseFile(importer, imported) {
  const row = folderPlaces.find(({ in: place }) => importer.startsWith(place));
  if (row === undefined) return null;
  if (row.in.endsWith('/') && imported.startsWith(row.in) && !isRefused(row, imported)) return null;
  if (row.from.includes('root') && isRootFile(importer, imported)) return null;
  if (row.from.some((place) => place !== 'root' && isIn(place, imported)) && !isRefused(row, imported))
    return null;
  return row.message;
}

function isRefused(row, imported) {
  return (row.not ?? []).some((place) => isIn(place, imported));
}

function refusePackage(importer, specifier, typeOnly) {
  for (const row of packagePlaces) {
    if (!row.packages.some((name) => isPackage(name, specifier))) continue;
    const places = typeOnly ? [...row.in, ...(row.typesIn ?? [])] : row.in;
    if (!places.some((place) => isIn(place, importer))) return row.message;
  }
  const allowed = allowedPackages.find((row) => isIn(row.in, importer));
  if (allowed !== undefined && !allowed.packages.some((name) => isPackage(name, specifier)))
    return allowed.message;
  const refused = refusedPackages.find(
    (row) => isIn(row.in, importer) && row.packages.some((name) => isPackage(name, specifier)),
  );
  return refused?.message ?? null;
}

function resolve(importer, specifier) {
  return posix.join(posix.dirname(importer), specifier.replace(/[?#].*$/, ''));
}

function isIn(place, path) {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}

/** `electron` is `electron` and `electron/main`, not `electron-log`; `node:` is every module of Node. */
function isPackage(name, specifier) {
  if (name.endsWith(':')) return specifier.startsWith(name);
  return specifier === name || specifier.startsWith(`${name}/`);
}
