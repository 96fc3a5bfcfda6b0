import { open, rename, rm } from 'node:fs/promises';
import type { FileContent } from './csv.ts';
import { OpsdeckError } from './errors.ts';

/**
 * Writes a file whole or not at all: beside its place first, named only when it is complete, so that what was there
 * before stays where anything fails. INTERNAL with a sentence where the disk refuses; what makes the content fails as it
 * does.
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  let file;
  try {
    file = await open(beside, 'w');
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
    await file.close();
    await rename(beside, path).catch((error: unknown) => {
      throw notWritten(error);
    });
  } catch (error) {
    await file.close().catch(() => {});
    await rm(beside, { force: true });
    throw error;
  }
}

function notWritten(cause: unknown): OpsdeckError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OpsdeckError('INTERNAL', `The file could not be written (${why}). Choose another place.`, {
    cause,
  });
}
