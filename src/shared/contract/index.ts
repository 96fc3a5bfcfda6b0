import { backupsContract } from './backups.ts';
import { boardsContract } from './boards.ts';
import { dealsContract } from './deals.ts';
import { duplicatesContract } from './duplicates.ts';
import { outboxContract } from './outbox.ts';
import { syncContract } from './sync.ts';
import { systemContract } from './system.ts';
import { wallPreviewContract } from './wall-preview.ts';
import { wallWindowContract } from './wall-window.ts';

/** Everything a console window may ask of main. A wall window has its own, smaller one: wall.ts. */
export const consoleContract = {
  backups: backupsContract,
  boards: boardsContract,
  deals: dealsContract,
  duplicates: duplicatesContract,
  outbox: outboxContract,
  sync: syncContract,
  system: systemContract,
  wallPreview: wallPreviewContract,
  wallWindow: wallWindowContract,
};
export type ConsoleContract = typeof consoleContract;
