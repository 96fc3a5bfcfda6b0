import { createHash } from 'node:crypto';
import { z } from 'zod';
import { healthEventType } from '../../shared/contract/health.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import type { KeptHealthEvent } from './health-events.ts';

/** A row of the durable file. Null event: it is damaged, and never sent. */
export interface KeptRow {
  seq: number;
  key: string;
  event: KeptHealthEvent | null;
  tries: number;
}

interface Row {
  seq: number;
  event_key: string;
  payload: string;
  checksum: string;
  tries: number;
}

const payloadSchema = z.object({
  type: healthEventType,
  message: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  at: z.iso.datetime().transform((text) => new Date(text)),
});

/** Writes an event down; on disk when the call returns. Throws where it could not be written. */
export function insertKeptEvent(sqlite: Sqlite, { key, ...event }: KeptHealthEvent): void {
  const payload = JSON.stringify(event);
  sqlite
    .prepare('insert into kept_events (event_key, payload, checksum) values (?, ?, ?)')
    .run(key, payload, checksumOf(key, payload));
}

/** Up to `limit` events, the oldest first. */
export function listKeptEvents(sqlite: Sqlite, limit: number): KeptRow[] {
  const rows = sqlite.prepare<[number], Row>('select * from kept_events order by seq limit ?').all(limit);
  return rows.map((row) => ({ seq: row.seq, key: row.event_key, event: eventOf(row), tries: row.tries }));
}

/** Counts a try that failed although the database answered; answers how many there were. */
export function noteEventTry(sqlite: Sqlite, key: string): number {
  return sqlite
    .prepare<[string], { tries: number }>(
      'update kept_events set tries = tries + 1 where event_key = ? returning tries',
    )
    .get(key)!.tries;
}

/** Forgets events that are in Postgres, or never will be. */
export function deleteKeptEvents(sqlite: Sqlite, keys: readonly string[]): void {
  const remove = sqlite.prepare('delete from kept_events where event_key = ?');
  sqlite.transaction(() => {
    for (const key of keys) remove.run(key);
  })();
}

/** Puts what is whole in a damaged file into the new one; answers how many. Never throws over the damaged file. */
export function salvageKeptEvents(damaged: Sqlite, into: Sqlite): number {
  const rows = new Map<string, Row>();
  for (const direction of ['asc', 'desc']) {
    try {
      for (const row of damaged
        .prepare<[], Row>(`select * from kept_events order by seq ${direction}`)
        .iterate())
        rows.set(row.event_key, row);
    } catch {
      // The rows before the damage are in hand; the other direction brings those behind it.
    }
  }
  const whole = [...rows.values()].filter((row) => eventOf(row) !== null).sort((a, b) => a.seq - b.seq);
  const insert = into.prepare(
    'insert into kept_events (event_key, payload, checksum) values (?, ?, ?) on conflict do nothing',
  );
  into.transaction(() => {
    for (const row of whole) insert.run(row.event_key, row.payload, row.checksum);
  })();
  return whole.length;
}

function checksumOf(key: string, payload: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, payload]))
    .digest('hex');
}

function eventOf(row: Row): KeptHealthEvent | null {
  if (typeof row.payload !== 'string' || checksumOf(row.event_key, row.payload) !== row.checksum) return null;
  try {
    return { key: row.event_key, ...payloadSchema.parse(JSON.parse(row.payload)) };
  } catch {
    return null;
  }
}
