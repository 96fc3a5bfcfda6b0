import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogName } from '../../../shared/contract/log.ts';

/** A file of a log, open: rotation may rename it meanwhile, and it stays this one. */
export interface LogFile {
  /** Names it on its disk, whatever it is called. */
  inode: string;
  size: number;
  handle: FileHandle;
}

/** So many files of a log are looked for; the program keeps five. */
const mostFiles = 20;

const pathOf = (folder: string, name: LogName, age: number) =>
  join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);

/**
 * Runs with the files of a log, the newest first, and closes them after. They are opened from the newest on, the way
 * that rotation moves them: one that is moved meanwhile is met twice, never missed.
 */
export async function withLogFiles<T>(
  folder: string,
  name: LogName,
  work: (files: readonly LogFile[]) => Promise<T>,
): Promise<T> {
  const files: LogFile[] = [];
  try {
    for (let age = 0; age < mostFiles; age += 1) {
      const handle = await openIfThere(pathOf(folder, name, age));
      if (!handle) {
        // The newest is missing for the moment between two steps of a rotation, or was deleted by a person.
        if (age === 0) continue;
        break;
      }
      const { ino, size } = await handle.stat({ bigint: true });
      const inode = String(ino);
      if (files.some((file) => file.inode === inode)) await handle.close();
      else files.push({ inode, size: Number(size), handle });
    }
    return await work(files);
  } finally {
    await Promise.all(files.map(({ handle }) => handle.close()));
  }
}

/** How long a log is with all its files, in bytes; 0: there is none. */
export async function sizeOfLog(folder: string, name: LogName): Promise<number> {
  let bytes = 0;
  for (let age = 0; age < mostFiles; age += 1) {
    const found = await stat(pathOf(folder, name, age)).catch(() => null);
    if (found) bytes += found.size;
    else if (age > 0) break;
  }
  return bytes;
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
