import { incidentOf, type HealthMetadata } from '../../shared/contract/alerts.ts';
import type { ChangeData } from '../../shared/contract/changes.ts';
import type { Database, SqlValue, Transaction } from '../storage/postgres.ts';
import { appendChange } from './change-log.ts';

export type HealthEventType = ChangeData<'health'>['type'];

export interface HealthEvent {
  id: number;
  /** Its own wherever it is kept. */
  key: string;
  type: HealthEventType;
  message: string;
  metadata: Record<string, unknown>;
  createdAt: Date;
  /** What it is part of; null: it stands for itself. */
  incident: string | null;
  /** True: it ends its incident. */
  solved: boolean;
}

/**
 * Writes an event of the timeline and tells every console; answers its id. In a transaction it is among the last
 * writes, since it numbers a change; with a database it is a transaction of its own.
 */
export async function raiseHealthEvent(
  where: Transaction | Database,
  type: HealthEventType,
  message: string,
  metadata: HealthMetadata = {},
): Promise<number> {
  if ('transaction' in where) return where.transaction((tx) => raiseHealthEvent(tx, type, message, metadata));
  const written = await where.query<{ id: number }>(
    `insert into system_health_logs (event_type, message, metadata, created_at, incident, solved)
     values ($1, $2, $3, clock_timestamp(), $4, $5) returning id`,
    [type, message, JSON.stringify(metadata), incidentOf(metadata), metadata['solved'] === true],
  );
  const id = written.rows[0]!.id;
  await appendChange(where, 'health', { id, type });
  return id;
}

/** An event that a console kept before it could be written here. */
export interface KeptHealthEvent {
  key: string;
  type: HealthEventType;
  message: string;
  metadata: Record<string, unknown>;
  /** When it happened. */
  at: Date;
}

/** Writes kept events in their order, each once however often it is sent; answers how many were new. */
export async function writeKeptEvents(
  database: Database,
  events: readonly KeptHealthEvent[],
): Promise<number> {
  return database.transaction(async (tx) => {
    const written: { id: number; type: HealthEventType }[] = [];
    for (const { key, type, message, metadata, at } of events) {
      const row = await tx.query<{ id: number }>(
        `insert into system_health_logs (event_key, event_type, message, metadata, created_at, incident, solved)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (event_key) do nothing returning id`,
        [key, type, message, JSON.stringify(metadata), at, incidentOf(metadata), metadata['solved'] === true],
      );
      if (row.rows[0]) written.push({ id: row.rows[0].id, type });
    }
    for (const { id, type } of written) await appendChange(tx, 'health', { id, type });
    return written.length;
  });
}

export interface HealthEventQuery {
  /** At most this many (100). */
  limit?: number;
  offset?: number;
  /** Only events before this id, to page on. */
  before?: number;
  /** Only events from this instant on. */
  since?: Date;
  /** Only these kinds. */
  types?: readonly HealthEventType[];
  /** Only messages that contain this, in any case. */
  search?: string;
}

const columns = `id, event_key as key, event_type as type, message, metadata, created_at as "createdAt", incident, solved`;

/** The timeline, newest first. */
export async function listHealthEvents(
  database: Database,
  query: HealthEventQuery = {},
): Promise<HealthEvent[]> {
  const { where, values } = conditionsOf(query);
  const found = await database.query<HealthEvent>(
    `select ${columns} from system_health_logs ${where}
      order by created_at desc, id desc limit $${values.length + 1} offset $${values.length + 2}`,
    [...values, query.limit ?? 100, query.offset ?? 0],
  );
  return found.rows;
}

/** How many events fit a question, and how many there are. */
export async function countHealthEvents(
  database: Database,
  query: HealthEventQuery = {},
): Promise<{ count: number; total: number }> {
  const { condition, values } = conditionsOf(query);
  const found = await database.query<{ count: number; total: number }>(
    `select count(*) filter (where ${condition})::int as count, count(*)::int as total from system_health_logs`,
    values,
  );
  return found.rows[0]!;
}

function conditionsOf(query: HealthEventQuery) {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  function add(condition: (place: string) => string, value: SqlValue) {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  }
  if (query.before !== undefined) add((place) => `id < ${place}`, query.before);
  if (query.since !== undefined) add((place) => `created_at >= ${place}`, query.since);
  if (query.types) add((place) => `event_type = any (${place})`, [...query.types]);
  if (query.search) add((place) => `strpos(lower(message), lower(${place})) > 0`, query.search);
  const condition = conditions.length > 0 ? conditions.join(' and ') : 'true';
  return { condition, where: `where ${condition}`, values };
}

/** Events by their ids, oldest first. */
export async function healthEventsByIds(database: Database, ids: readonly number[]): Promise<HealthEvent[]> {
  const found = await database.query<HealthEvent>(
    `select ${columns} from system_health_logs where id = any ($1) order by created_at, id`,
    [[...ids]],
  );
  return found.rows;
}

/** The newest event's id; 0 when there is none. */
export async function newestHealthEvent(database: Database): Promise<number> {
  const found = await database.query<{ id: number }>(
    'select coalesce(max(id), 0)::int as id from system_health_logs',
  );
  return found.rows[0]!.id;
}

/**
 * Events that came after a place in the change log, oldest first, the newest `limit` of them. Also those with a higher
 * id than was known there: entries of the change log are kept for a week only.
 */
export async function healthEventsSince(
  database: Database,
  place: { seq: number; id: number },
  limit: number,
): Promise<HealthEvent[]> {
  const found = await database.query<HealthEvent>(
    `select * from (
       select ${columns} from system_health_logs
        where id > $1 or id in (select (data ->> 'id')::bigint from change_log where kind = 'health' and seq > $2)
        order by created_at desc, id desc limit $3) newest
      order by "createdAt", id`,
    [place.id, place.seq, limit],
  );
  return found.rows;
}
