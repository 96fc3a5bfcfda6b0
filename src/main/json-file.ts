import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a JSON file held when it was read. `bad`: it is there and is not JSON, or could not be read. */
export type JsonFile =
  { kind: 'absent' } | { kind: 'read'; value: unknown } | { kind: 'bad'; reason: string };

/** Reads a small file at once (for what is needed before the first window). Never throws. */
export function readJsonFile(path: string): JsonFile {
  try {
    return { kind: 'read', value: JSON.parse(readFileSync(path, 'utf8')) as unknown };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'bad', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Writes aside, flushes, then renames: a reader sees the old file or the new one, also after a power cut. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Moves an unreadable file out of the way and keeps it for a person; null when it could not be moved. */
export function setAside(path: string, wall: number): string | null {
  const kept = `${path}.bad-${wall}`;
  try {
    renameSync(path, kept);
    return kept;
  } catch {
    return null;
  }
}
