import { readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A file that pages may load: where it lies and what it is sent as. */
export interface AppFile {
  path: string;
  type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

/** Every file of a folder by its path inside it (with slashes); unknown kinds are not served. */
export function listAppFiles(folder: string): Map<string, AppFile> {
  const files = new Map<string, AppFile>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (entry.isFile() && type !== undefined)
      files.set(relative(folder, path).split(sep).join('/'), { path, type });
  }
  return files;
}
