import type { ChangeData } from '../../shared/contract/changes.ts';
import type { Database, SqlValue, Transaction } from '../storage/postgres.ts';
import { appendChange } from './change-log.ts';

export type HealthEventType = ChangeData<'health'>['type'];

export interface HealthEvent {
  id: number;
  type: HealthEventType;
  message: string;
  metadata: Record<string, unknown>;
  createdAt: Date;
}

/**
 * Writes an event of the timeline and tells every console; answers its id. In a transaction it is among the last
 * writes, since it numbers a change; with a database it is a transaction of its own.
 */
export async function raiseHealthEvent(
  where: Transaction | Database,
  type: HealthEventType,
  message: string,
  metadata: Record<string, unknown> = {},
): Promise<number> {
  if ('transaction' in where) return where.transaction((tx) => raiseHealthEvent(tx, type, message, metadata));
  const written = await where.query<{ id: number }>(
    `insert into system_health_logs (event_type, message, metadata, created_at)
     values ($1, $2, $3, clock_timestamp()) returning id`,
    [type, message, JSON.stringify(metadata)],
  );
  const id = written.rows[0]!.id;
  await appendChange(where, 'health', { id, type });
  return id;
}

export interface HealthEventQuery {
  /** At most this many (100). */
  limit?: number;
  /** Only events before this id, to page on. */
  before?: number;
  /** Only these kinds. */
  types?: readonly HealthEventType[];
  /** Only messages that contain this, in any case. */
  search?: string;
}

/** The timeline, newest first. */
export async function listHealthEvents(
  database: Database,
  query: HealthEventQuery = {},
): Promise<HealthEvent[]> {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  function where(condition: (place: string) => string, value: SqlValue) {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  }
  if (query.before !== undefined) where((place) => `id < ${place}`, query.before);
  if (query.types) where((place) => `event_type = any (${place})`, [...query.types]);
  if (query.search) where((place) => `strpos(lower(message), lower(${place})) > 0`, query.search);
  values.push(query.limit ?? 100);
  const found = await database.query<HealthEvent>(
    `select id, event_type as type, message, metadata, created_at as "createdAt"
       from system_health_logs ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
      order by id desc limit $${values.length}`,
    values,
  );
  return found.rows;
}
