import { hostname } from 'node:os';
import { incidentOf } from '../shared/contract/alerts.ts';
import type { Clock } from './clock.ts';
import { watchConditions, type ConditionWatch } from './alerts/watch-conditions.ts';
import { watchDatabase } from './alerts/watch-database.ts';
import { watchReading } from './alerts/watch-reading.ts';
import * as sync from './deals/answer-sync.ts';
import { listOpenHolds } from './deals/held-store.ts';
import type { Log } from './log.ts';
import type { Operations, OperationsEvent } from './operations.ts';
import { openHold as openPackagesHold } from './packages/held-store.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';
import type { KeptHealthEvent } from './system/health-events.ts';
import { createHealthLog, type HealthLog } from './system/health-log.ts';
import { readStoredError } from './system/tasks/task-error.ts';

/** The timeline as a process that stays writes to it, through an outage too, and what it raises by itself. */
export interface ProcessHealth {
  health: HealthLog;
  /** Follows running operations; again after a start that failed. */
  follow(operations: Operations): void;
  /** Says since when no start goes well; null: one did. */
  noteStart(failedSince: Date | null): void;
  close(): Promise<void>;
}

/** Starts it at once, for a console or an agent host. */
export function startHealth(parts: {
  durable: SharedDurableFile;
  clock: Clock;
  log: Log;
  random(): number;
  running(): Operations | null;
  /** True where an earlier run of this process left the incident open. */
  wasAway(incident: string): boolean;
}): ProcessHealth {
  const { clock, log } = parts;
  const health = createHealthLog({
    ...{ durable: parts.durable, clock, log, random: parts.random },
    target() {
      const operations = parts.running();
      return operations && operations.awaySince() === null ? operations.workspace.database : null;
    },
  });
  const database = watchDatabase({
    ...{ health, host: hostname() },
    wasAway: (incident) => leftOpen(health.waiting(), incident) ?? parts.wasAway(incident),
  });
  let conditions: ConditionWatch | null = null;

  function take(operations: Operations, event: OperationsEvent): void {
    if (event.type === 'status') {
      database.note(operations.awaySince());
      health.wake();
    }
    if (event.type === 'change' && (event.change.kind === 'run' || event.change.kind === 'held'))
      conditions?.wake();
  }

  return {
    health,
    follow(operations) {
      database.note(null);
      health.wake();
      operations.subscribe((event) => take(operations, event));
      conditions ??= startConditions(operations, { clock, log });
    },
    noteStart: (failedSince) => database.note(failedSince),
    async close() {
      await conditions?.close();
      await health.close();
    },
  };
}

/** Whether events that an earlier run kept and did not send leave an incident open; null: they say nothing of it. */
function leftOpen(kept: readonly KeptHealthEvent[], incident: string): boolean | null {
  const latest = kept.findLast(({ metadata }) => incidentOf(metadata) === incident);
  return latest ? latest.metadata['solved'] !== true : null;
}

function startConditions(operations: Operations, parts: { clock: Clock; log: Log }): ConditionWatch {
  const { database, accounts } = operations.workspace;
  const reading = watchReading(parts.clock);
  return watchConditions({
    ...parts,
    database,
    mayLook() {
      const state = operations.leader.state();
      return operations.awaySince() === null && (state.kind === 'leader' || state.leader === null);
    },
    async gather() {
      const [state, holds, packages, causes] = await Promise.all([
        sync.state(operations),
        listOpenHolds(database),
        openPackagesHold(database),
        accounts.queue.causes().catch(() => null),
      ]);
      return {
        sync: state,
        deltaSeconds: operations.plan().deltaSeconds,
        heldOpen: holds.filter((hold) => hold.state === 'held').length,
        heldPackages: packages === null ? 0 : 1,
        parkedCauses: causes && new Set(causes.filter(({ parked }) => parked > 0).map(causeName)),
        ...reading.look(operations.switches()),
        now: new Date(parts.clock.wall()),
      };
    },
  });
}

const causeName = ({ lastError }: { lastError: string }) => readStoredError(lastError).code;
