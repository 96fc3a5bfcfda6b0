import { randomUUID } from 'node:crypto';
import type { HealthMetadata } from '../../shared/contract/alerts.ts';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SharedDurableFile } from '../storage/durable-file.ts';
import type { Database } from '../storage/postgres.ts';
import { writeKeptEvents, type HealthEventType, type KeptHealthEvent } from './health-events.ts';
import * as store from './kept-events-store.ts';

/** Read from the durable file, and written in one transaction, at a time. */
const batch = 200;
/** An event that the database refuses so often is left behind, and those behind it go on. */
const mostTries = 5;
/** Pauses between rounds that left something, in ms: doubled up to the longest, each shortened by chance up to half. */
const firstPauseMs = 250;
const longestPauseMs = 10_000;
const longestMessage = 2_000;

/**
 * The timeline as whatever is not itself a transaction writes to it: an event is on disk here first, then in Postgres
 * once, in the order in which events were raised, as soon as that is there.
 */
export interface HealthLog {
  /** Raises an event and answers its key. Never throws and never waits: what cannot be kept on disk is kept in memory. */
  raise(type: HealthEventType, message: string, metadata?: HealthMetadata): string;
  /** Told at once of every event raised here, whether the database is there or not. */
  onRaised(listener: (event: KeptHealthEvent) => void): () => void;
  /** Events that are not in Postgres yet, oldest first. */
  waiting(): KeptHealthEvent[];
  /** Says that the database may be there. */
  wake(): void;
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>;
}

export interface HealthLogParts {
  durable: Pick<SharedDurableFile, 'open' | 'close'>;
  clock: Clock;
  log: Log;
  /** Between 0 and 1. */
  random(): number;
  /** The database, while it is there. */
  target(): Database | null;
}

export function createHealthLog(parts: HealthLogParts): HealthLog {
  const { clock, log } = parts;
  const listeners = new Set<(event: KeptHealthEvent) => void>();
  const closing = new AbortController();
  /** What the disk would not take. */
  let unkept: KeptHealthEvent[] = [];
  let pause = new AbortController();
  let woken = true;
  let failures = 0;

  function keep(event: KeptHealthEvent): void {
    try {
      store.insertKeptEvent(parts.durable.open(), event);
    } catch (error) {
      parts.durable.close();
      unkept.push(event);
      log.error('A health event could not be kept on disk', { message: event.message, error });
    }
  }

  function kept(limit: number): store.KeptRow[] {
    try {
      return store.listKeptEvents(parts.durable.open(), limit);
    } catch (error) {
      log.error('Kept health events could not be read', { error });
      return [];
    }
  }

  async function sendUnkept(database: Database): Promise<void> {
    const sent = unkept;
    if (sent.length === 0) return;
    await writeKeptEvents(database, sent);
    unkept = unkept.filter((event) => !sent.includes(event));
  }

  /** Writes everything that waits; rejects at the first that the database did not take. */
  async function send(database: Database): Promise<void> {
    for (let rows = kept(batch); rows.length > 0 && !closing.signal.aborted; rows = kept(batch)) {
      const whole = rows.flatMap(({ event }) => (event ? [event] : []));
      try {
        await writeKeptEvents(database, whole);
      } catch (error) {
        if (isAway(error)) throw error;
        await sendOneByOne(database, whole);
      }
      for (const { key, event } of rows)
        if (!event) log.error('A kept health event was damaged on disk and is lost', { key });
      store.deleteKeptEvents(
        parts.durable.open(),
        rows.map(({ key }) => key),
      );
    }
    await sendUnkept(database);
  }

  /** One of them is refused: found by itself, tried a few rounds, and then left behind with a word in the log. */
  async function sendOneByOne(database: Database, events: readonly KeptHealthEvent[]): Promise<void> {
    for (const event of events) {
      try {
        await writeKeptEvents(database, [event]);
      } catch (error) {
        if (isAway(error) || store.noteEventTry(parts.durable.open(), event.key) < mostTries) throw error;
        log.error('The database refuses a health event; it is in this log only', { ...event, error });
      }
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const database = woken ? parts.target() : null;
      woken = false;
      pause = new AbortController();
      if (database) {
        try {
          await send(database);
          failures = 0;
        } catch (error) {
          failures += 1;
          woken = true;
          log.debug('Kept health events could not be written yet', { error: String(error) });
        }
      }
      if (woken && failures === 0) continue;
      const wait = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) * (1 - parts.random() / 2);
      const signal = failures === 0 ? AbortSignal.any([pause.signal, closing.signal]) : closing.signal;
      await clock.sleep(failures === 0 ? longestPauseMs : wait, signal).catch(() => {});
      // Looked at now and then even when nobody says that it moved.
      woken = true;
    }
  }
  const running = run();

  const wake = () => {
    woken = true;
    pause.abort();
  };
  return {
    raise(type, message, metadata = {}) {
      // Postgres takes no NUL in a text.
      const text = message.replaceAll('\u0000', '').slice(0, longestMessage);
      const event = { key: randomUUID(), type, message: text, metadata, at: new Date(clock.wall()) };
      keep(event);
      for (const listener of listeners) listener(event);
      wake();
      return event.key;
    },
    onRaised(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    waiting: () => [...kept(10_000).flatMap(({ event }) => (event ? [event] : [])), ...unkept],
    wake,
    async close() {
      closing.abort();
      await running;
    },
  };
}

function isAway(error: unknown): boolean {
  return error instanceof OpsdeckError && error.code === 'DATABASE_AWAY';
}
