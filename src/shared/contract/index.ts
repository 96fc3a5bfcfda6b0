import { boardsContract } from './boards.ts';
import { dealsContract } from './deals.ts';
import { duplicatesContract } from './duplicates.ts';
import { syncContract } from './sync.ts';
import { systemContract } from './system.ts';

/** Everything a console window may ask of main. */
export const consoleContract = {
  boards: boardsContract,
  deals: dealsContract,
  duplicates: duplicatesContract,
  sync: syncContract,
  system: systemContract,
};
export type ConsoleContract = typeof consoleContract;
