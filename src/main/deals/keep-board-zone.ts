import type { Database } from '../storage/postgres.ts';
import { readRollupZone, rebuildRollup } from './boards-store.ts';

/**
 * Counts the rollup anew where it is in another zone than the office. Of several consoles the leader decides: others
 * leave it as it is while there is one. Answers whether anything was done.
 */
export async function keepBoardZone(
  database: Database,
  zone: string,
  options: { leads: boolean },
): Promise<boolean> {
  const kept = await readRollupZone(database);
  if (kept.zone === zone || (kept.led && !options.leads)) return false;
  await rebuildRollup(database, zone);
  return true;
}
