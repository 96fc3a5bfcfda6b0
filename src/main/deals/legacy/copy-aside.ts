import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OpsdeckError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';

/** Copies files into a folder, each onto the disk and under a name of this moment; answers where they are. */
export async function copyAside(paths: readonly string[], folder: string, now: Date): Promise<string[]> {
  const stamp = now.toISOString().replaceAll(':', '').replace(/\..*/, 'Z');
  try {
    makeFolder(folder);
    const copies = paths.map((path) => join(folder, `${stamp}-${basename(path)}`));
    for (const [index, path] of paths.entries()) await copyOne(path, copies[index]!);
    return copies;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsdeckError(
      'BAD_REQUEST',
      `The files could not be copied to ${folder} (${why}). Nothing was imported: name another folder for the copies.`,
      { cause: error },
    );
  }
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
