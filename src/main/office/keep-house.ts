import { keepBoardZone } from '../deals/keep-board-zone.ts';
import { pruneRequests } from '../http/requests-store.ts';
import type { Log } from '../log.ts';
import { pruneChanges } from '../system/change-log.ts';
import { closeAbandonedRuns } from '../system/sync-runs.ts';
import type { Workspace } from '../workspace.ts';

const housekeepingMs = 600_000;

export interface Housekeeper {
  /** Whoever leads keeps the boards' rollup in the office's zone; until then boards are counted from the rows. */
  keepZone(): Promise<void>;
  /** Resolves when it has ended, after `closing`. */
  ended: Promise<void>;
}

/** Closes abandoned runs and, where it leads, prunes what nobody asks for any more, every ten minutes until `closing`. */
export function startHousekeeping(parts: {
  workspace: Workspace;
  log: Log;
  closing: AbortSignal;
  isLeader(): boolean;
  timeZone(): string;
}): Housekeeper {
  const { workspace, log, closing, isLeader } = parts;
  const { database } = workspace;
  const { clock } = workspace.passes;

  async function keepZone(): Promise<void> {
    if (!isLeader()) return;
    const zone = parts.timeZone();
    try {
      if (await keepBoardZone(database, zone, { leads: true })) {
        log.info(`Boards: counted anew in the days of ${zone}`);
      }
    } catch (error) {
      log.warn('Boards could not be counted anew in the new zone yet', { error: String(error) });
    }
  }

  async function keepHouse(): Promise<void> {
    while (!closing.aborted) {
      try {
        await closeAbandonedRuns(database);
        if (isLeader()) await pruneChanges(database);
        if (isLeader()) await pruneRequests(database);
        await keepZone();
      } catch (error) {
        log.debug('Housekeeping was put off', { error: String(error) });
      }
      await clock.sleep(housekeepingMs, closing).catch(() => {});
    }
  }

  return { keepZone, ended: keepHouse() };
}
