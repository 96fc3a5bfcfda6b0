import { hostname } from 'node:os';
import type { Clock } from './clock.ts';
import { openAlertLedger } from './alerts/alert-ledger-store.ts';
import { createAlerts, type Alerts, type AlertsParts } from './alerts/raise-alert.ts';
import { watchConditions, type ConditionWatch } from './alerts/watch-conditions.ts';
import { watchDatabase } from './alerts/watch-database.ts';
import * as sync from './deals/answer-sync.ts';
import { openCaseKeys } from './deals/cases-store.ts';
import { listOpenHolds } from './deals/held-store.ts';
import type { Log } from './log.ts';
import type { Operations, OperationsEvent } from './operations.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';
import { createHealthLog, type HealthLog } from './system/health-log.ts';

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
    mode: string | null;
    stopped: boolean;
  }): void;
}

/** The timeline as this console writes to it, and all that notifies here. */
export interface ConsoleAlerts {
  health: HealthLog;
  alerts: Alerts;
  /** Follows running operations; again after a start that failed. */
  follow(operations: Operations): void;
  /** Says since when no start goes well; null: one did. */
  noteStart(failedSince: Date | null): void;
  close(): Promise<void>;
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
  const host = hostname();
  const health = createHealthLog({
    durable,
    clock,
    log,
    random: parts.random,
    target() {
      const operations = parts.running();
      return operations && operations.awaySince() === null ? operations.workspace.database : null;
    },
  });
  const alerts = createAlerts({
    clock,
    log,
    settings: desktop.consoleSettings,
    language: desktop.language,
    ledger: () => openAlertLedger(durable.open()),
    show: desktop.showNotification,
  });
  health.onRaised((event) => alerts.raised(event));
  const database = watchDatabase({ health, host, wasAway: (incident) => alerts.isOpen(incident) });
  let conditions: ConditionWatch | null = null;

  function take(operations: Operations, event: OperationsEvent): void {
    if (event.type === 'status') {
      database.note(operations.awaySince());
      health.wake();
    }
    if (event.type === 'change' && (event.change.kind === 'run' || event.change.kind === 'held'))
      conditions?.wake();
    if (event.type === 'change' || event.type === 'status' || event.type === 'reload')
      void showState(desktop, operations, log);
  }

  return {
    health,
    alerts,
    follow(operations) {
      database.note(null);
      health.wake();
      operations.subscribe((event) => take(operations, event));
      alerts.follow({
        databaseId: operations.workspace.databaseId,
        database: operations.workspace.database,
        timeZone: () => operations.settings().timeZone,
        subscribe: operations.subscribe,
        openCases: async () => [...(await openCaseKeys(operations.workspace.database)).keys()],
      });
      conditions ??= startConditions(operations, { clock, log });
      void showState(desktop, operations, log);
    },
    noteStart: (failedSince) => database.note(failedSince),
    async close() {
      await conditions?.close();
      await alerts.close();
      await health.close();
    },
  };
}

function startConditions(operations: Operations, parts: { clock: Clock; log: Log }): ConditionWatch {
  const { database } = operations.workspace;
  return watchConditions({
    ...parts,
    database,
    mayLook() {
      const state = operations.leader.state();
      return operations.awaySince() === null && (state.kind === 'leader' || state.leader === null);
    },
    async gather() {
      const [state, holds] = await Promise.all([sync.state(operations), listOpenHolds(database)]);
      return {
        sync: state,
        deltaSeconds: operations.plan().deltaSeconds,
        heldOpen: holds.filter((hold) => hold.state === 'held').length,
        now: new Date(parts.clock.wall()),
      };
    },
  });
}

/** Tray and badge; what waits is left out while it cannot be counted. */
async function showState(desktop: AlertDesktop, operations: Operations, log: Log): Promise<void> {
  const awaySince = operations.awaySince()?.toISOString() ?? null;
  const leads = operations.leader.state().kind === 'leader';
  try {
    const waiting = awaySince === null ? await operations.waiting() : 0;
    const stopped = operations.switches().stopped !== null;
    desktop.showState({ awaySince, waiting, leads, mode: null, stopped });
  } catch (error) {
    log.debug('What waits could not be counted for the tray', { error: String(error) });
  }
}
