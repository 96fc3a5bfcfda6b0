import { existsSync } from 'node:fs';
import { OpsdeckError } from '../../errors.ts';
import { openSqlite } from '../../storage/sqlite.ts';
import { countWaiting } from './spool-store.ts';

/**
 * How many readings wait in the durable file of a data folder, which another process may have open. Changes nothing: a
 * file that cannot be read is for the console to set aside.
 */
export function waitingOnDisk(path: string, databaseId: string): number {
  if (!existsSync(path)) return 0;
  try {
    const sqlite = openSqlite(path);
    try {
      const hasSpool = sqlite.prepare(`select 1 from sqlite_master where name = 'spool'`).get() !== undefined;
      return hasSpool ? countWaiting(sqlite, databaseId) : 0;
    } finally {
      sqlite.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsdeckError(
      'INTERNAL',
      `How many deals wait to be saved cannot be told: ${path} cannot be read (${why}). Start Opsdeck, which sets a damaged file aside.`,
      { cause: error },
    );
  }
}
