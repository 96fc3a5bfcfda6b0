import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import type { FileContent } from './csv.ts';
import { OpsdeckError } from './errors.ts';

/**
 * Writes a file whole or not at all: beside its place first, named only when it is complete, so that what was there
 * before stays where anything fails. A link stays one, a file keeps who may read it, and a new one is its owner's alone.
 * A pipe or a device is written to as it is. INTERNAL with a sentence where the disk refuses; what makes the content
 * fails as it does.
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => null);
  const isDirect = there !== null && !there.isFile();
  const beside = isDirect ? target : `${target}.${randomUUID().slice(0, 8)}.part`;
  let file;
  try {
    file = await open(beside, isDirect ? 'w' : 'wx', 0o600);
  } catch (error) {
    throw notWritten(error);
  }
  const write = async (part: string | Uint8Array): Promise<void> => {
    await file.writeFile(part, 'utf8').catch((error: unknown) => {
      throw notWritten(error);
    });
  };
  try {
    if (typeof content === 'function') await content(write);
    else await write(content);
    if (!isDirect) await settle(file, there?.mode ?? null);
    await file.close();
    if (!isDirect)
      await rename(beside, target).catch((error: unknown) => {
        throw notWritten(error);
      });
  } catch (error) {
    await file.close().catch(() => {});
    if (!isDirect) await rm(beside, { force: true });
    throw error;
  }
}

/** On disk before it takes its name, and readable by whom the file before it was. */
async function settle(file: FileHandle, mode: number | null): Promise<void> {
  try {
    await file.sync();
    if (mode !== null) await file.chmod(mode & 0o777);
  } catch (error) {
    throw notWritten(error);
  }
}

function notWritten(cause: unknown): OpsdeckError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OpsdeckError('INTERNAL', `The file could not be written (${why}). Choose another place.`, {
    cause,
  });
}
