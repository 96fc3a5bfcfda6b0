import { mkdirSync, statSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, for this user alone; nothing happens where it is there. Throws the system's error,
 * ENOTDIR where a file is in its place. Level by level: Node's own way never ends where a parent is there and yet
 * answers ENOENT, as below /proc.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const one of missing.reverse()) makeOne(one);
  if (statSync(folder).isDirectory()) return;
  throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
