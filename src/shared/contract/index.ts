import { accountsContract } from './accounts.ts';
import { alertsContract } from './alerts.ts';
import { archiveContract } from './archive.ts';
import { backupsContract } from './backups.ts';
import { boardsContract } from './boards.ts';
import { dealsContract } from './deals.ts';
import { diagnosticsContract } from './diagnostics.ts';
import { duplicatesContract } from './duplicates.ts';
import { healthContract } from './health.ts';
import { httpApiContract } from './http-api.ts';
import { modeContract } from './mode.ts';
import { legacyContract } from './legacy.ts';
import { logContract } from './log.ts';
import { outboxContract } from './outbox.ts';
import { packagesContract } from './packages.ts';
import { rulesContract } from './rules.ts';
import { performanceContract } from './performance.ts';
import { schedulesContract } from './schedules.ts';
import { syncContract } from './sync.ts';
import { systemContract } from './system.ts';
import { tasksContract } from './tasks.ts';
import { wallPreviewContract } from './wall-preview.ts';
import { wallWindowContract } from './wall-window.ts';
import { whyProcedure } from './why.ts';

/** Everything a console window may ask of main. A wall window has its own, smaller one: wall.ts. */
export const consoleContract = {
  accounts: accountsContract,
  alerts: alertsContract,
  archive: archiveContract,
  backups: backupsContract,
  boards: boardsContract,
  deals: { ...dealsContract, why: whyProcedure },
  diagnostics: diagnosticsContract,
  duplicates: duplicatesContract,
  health: healthContract,
  httpApi: httpApiContract,
  mode: modeContract,
  legacy: legacyContract,
  log: logContract,
  outbox: outboxContract,
  packages: packagesContract,
  rules: rulesContract,
  performance: performanceContract,
  schedules: schedulesContract,
  sync: syncContract,
  system: systemContract,
  tasks: tasksContract,
  wallPreview: wallPreviewContract,
  wallWindow: wallWindowContract,
};
export type ConsoleContract = typeof consoleContract;
