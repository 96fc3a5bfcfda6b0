import type { SystemMode } from '../shared/contract/mode.ts';
import type { Clock } from './clock.ts';
import { openAlertLedger } from './alerts/alert-ledger-store.ts';
import { createAlerts, type Alerts, type AlertsParts } from './alerts/raise-alert.ts';
import { openCaseKeys } from './deals/cases-store.ts';
import type { Log } from './log.ts';
import type { Operations } from './operations.ts';
import { startHealth, type ProcessHealth } from './start-health.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';

/** What the desktop gives: where to show what, and how it is set. */
export interface AlertDesktop {
  log: Log;
  clock: Clock;
  consoleSettings: AlertsParts['settings'];
  language: AlertsParts['language'];
  showNotification: AlertsParts['show'];
  /** What tray and badge show. */
  showState(state: {
    awaySince: string | null;
    waiting: number;
    leads: boolean;
    mode: SystemMode | null;
    stopped: boolean;
  }): void;
}

/** The timeline as this console writes to it, and all that notifies here. */
export interface ConsoleAlerts extends ProcessHealth {
  alerts: Alerts;
}

/** Starts them at once: what happens while the database is away is told and kept too. */
export function startAlerts(parts: {
  desktop: AlertDesktop;
  durable: SharedDurableFile;
  random(): number;
  running(): Operations | null;
}): ConsoleAlerts {
  const { desktop, durable } = parts;
  const { clock } = desktop;
  const log = desktop.log.child('alerts');
  const alerts = createAlerts({
    clock,
    log,
    settings: desktop.consoleSettings,
    language: desktop.language,
    ledger: () => openAlertLedger(durable.open()),
    show: desktop.showNotification,
  });
  const own = startHealth({
    ...{ durable, clock, log, random: parts.random, running: parts.running },
    wasAway: (incident) => alerts.isOpen(incident),
  });
  own.health.onRaised((event) => alerts.raised(event));

  return {
    health: own.health,
    alerts,
    follow(operations) {
      own.follow(operations);
      operations.subscribe((event) => {
        if (event.type === 'change' || event.type === 'status' || event.type === 'reload')
          void showState(desktop, operations, log);
      });
      alerts.follow({
        databaseId: operations.workspace.databaseId,
        database: operations.workspace.database,
        timeZone: () => operations.settings().timeZone,
        subscribe: operations.subscribe,
        openCases: async () => [...(await openCaseKeys(operations.workspace.database)).keys()],
      });
      void showState(desktop, operations, log);
    },
    noteStart: own.noteStart,
    async close() {
      await alerts.close();
      await own.close();
    },
  };
}

/** Tray and badge; what waits is left out while it cannot be counted. */
async function showState(desktop: AlertDesktop, operations: Operations, log: Log): Promise<void> {
  const awaySince = operations.awaySince()?.toISOString() ?? null;
  const leads = operations.leader.state().kind === 'leader';
  try {
    const waiting = awaySince === null ? await operations.waiting() : 0;
    const stopped = operations.switches().stopped !== null;
    const { mode } = await operations.workspace.accounts.mode.read();
    desktop.showState({ awaySince, waiting, leads, mode, stopped });
  } catch (error) {
    log.debug('What waits could not be counted for the tray', { error: String(error) });
  }
}
