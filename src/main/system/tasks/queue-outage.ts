import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Database } from '../../storage/postgres.ts';
import { raiseHealthEvent } from '../health-events.ts';
import { beginOutage, endOutage } from './outage-store.ts';
import { restMs } from './task-queue.ts';

/** Knows whether the task queue is away, and raises it once for each outage, whichever process meets it first. */
export interface QueueOutage {
  /** The queue failed a moment ago: it is not asked again just now. */
  resting(): boolean;
  /** The queue failed. Raises CRITICAL where no other did; where the database is away too, it is raised later. */
  failed(error: unknown): Promise<void>;
  /** The queue answered. Says so where an outage was raised. */
  answered(): Promise<void>;
}

export function createQueueOutage(deps: {
  database: Database;
  clock: Clock;
  log: Log;
  label: string;
}): QueueOutage {
  const { database, clock, log, label } = deps;
  let restUntil = -Infinity;
  /** Null: not known whether one is stored, since this process has not met the queue yet. */
  let isOut: boolean | null = null;
  /** Raised already; false while it could not be stored. */
  let isRaised = false;

  return {
    resting: () => clock.monotonic() < restUntil,
    async failed(error) {
      restUntil = clock.monotonic() + restMs;
      isOut = true;
      if (isRaised) return;
      const why = error instanceof Error ? error.message : String(error);
      try {
        await database.transaction(async (tx) => {
          if (!(await beginOutage(tx, label))) return;
          await raiseHealthEvent(
            tx,
            'CRITICAL',
            `The task queue failed; requests for accounts are carried out directly until it is back. ${why}`,
            { kind: 'queue-fell-back', queue: label },
          );
        });
        isRaised = true;
      } catch (cause) {
        log.warn('The failure of the task queue could not be stored', { error: String(cause) });
      }
    },
    async answered() {
      restUntil = -Infinity;
      if (isOut === false) return;
      try {
        await database.transaction(async (tx) => {
          if (!(await endOutage(tx))) return;
          await raiseHealthEvent(tx, 'INFO', 'The task queue answers again; requests are queued.', {
            kind: 'queue-fell-back',
            solved: true,
            queue: label,
          });
        });
        isOut = false;
        isRaised = false;
      } catch (error) {
        log.debug('The end of the outage could not be stored yet', { error: String(error) });
      }
    },
  };
}
