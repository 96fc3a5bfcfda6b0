import { closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface RotatingFile {
  /** Appends one line. Never throws: what cannot be written is counted, and told once writing works again. */
  write(line: string): void;
  close(): void;
}

interface OpenFile {
  descriptor: number;
  size: number;
}

/**
 * `folder/name.log`, at most `maxBytes` long; older ones become `name.1.log` … and the oldest goes. Several processes
 * may append to one file: whoever finds it moved opens the new one.
 */
export function openRotatingFile(options: {
  folder: string;
  name: string;
  maxBytes?: number;
  files?: number;
}): RotatingFile {
  const { folder, name, maxBytes = 5 * 1024 * 1024, files = 5 } = options;
  const path = (age: number) => join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  let file: OpenFile | null = null;
  let lost = 0;

  function open(): OpenFile {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(path(0), 'a', 0o600);
    return { descriptor, size: fstatSync(descriptor).size };
  }

  function rotate(full: OpenFile): void {
    const moved = inode(path(0)) !== fstatSync(full.descriptor).ino;
    closeSync(full.descriptor);
    file = null;
    if (moved) return;
    for (let age = files - 2; age >= 0; age -= 1) moveIfThere(path(age), path(age + 1));
  }

  function append(line: string): void {
    file ??= open();
    if (file.size > 0 && file.size + line.length > maxBytes) rotate(file);
    file ??= open();
    file.size += writeSync(file.descriptor, line);
  }

  return {
    write(line) {
      try {
        if (lost > 0) {
          append(`{"level":"warn","message":"Lines could not be written to this log","lost":${lost}}\n`);
          lost = 0;
        }
        append(line);
      } catch {
        // The disk may be full or the folder gone: a log that stops the program would be worse than a gap.
        lost += 1;
        file = null;
      }
    },
    close() {
      if (file !== null) closeSync(file.descriptor);
      file = null;
    },
  };
}

function inode(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
