import { incidentOf, type HealthKind, type HealthMetadata } from '../../shared/contract/alerts.ts';
import type { Database, SqlValue } from '../storage/postgres.ts';
import { raiseHealthEvent, type HealthEventQuery, type HealthEventType } from './health-events.ts';

/**
 * Begins or ends an incident: writes the event only when the incident is not already as it says, whoever else says so
 * at the same moment. False: nothing was to be written.
 */
export async function moveIncident(
  database: Database,
  type: HealthEventType,
  message: string,
  metadata: HealthMetadata & { kind: HealthKind },
): Promise<boolean> {
  const incident = incidentOf(metadata);
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 9))', [`incident ${incident}`]);
    const latest = await tx.query<{ solved: boolean }>(
      'select solved from system_health_logs where incident = $1 order by created_at desc, id desc limit 1',
      [incident],
    );
    const isOpen = latest.rows[0]?.solved === false;
    if (isOpen !== (metadata.solved === true)) return false;
    await raiseHealthEvent(tx, type, message, metadata);
    return true;
  });
}

/** Incidents of some kinds that are not solved. */
export async function openIncidents(database: Database, kinds: readonly string[]): Promise<string[]> {
  const found = await database.query<{ incident: string; solved: boolean }>(
    `select distinct on (incident) incident, solved from system_health_logs
      where incident is not null and split_part(incident, ':', 1) = any ($1)
      order by incident, created_at desc, id desc`,
    [[...kinds]],
  );
  return found.rows.filter(({ solved }) => !solved).map(({ incident }) => incident);
}

export interface Incident {
  id: number;
  incident: string;
  type: HealthEventType;
  firstAt: Date;
  lastAt: Date;
  events: number;
  message: string;
  solvedAt: Date | null;
}

const worstFirst: readonly HealthEventType[] = ['CRITICAL', 'ERROR', 'SWITCH', 'WARNING', 'INFO'];

/**
 * Incidents, the latest first: the events of one name up to one that solves it, or up to half a day without any,
 * after which a further one begins anew.
 */
export async function listIncidents(
  database: Database,
  query: Omit<HealthEventQuery, 'before'> = {},
): Promise<{ incidents: Incident[]; count: number; open: number; total: number }> {
  const values: SqlValue[] = [[...worstFirst], query.search ?? '', query.types ? [...query.types] : []];
  const found = await database.query<{ page: Incident[]; count: number; open: number; total: number }>(
    `with numbered as (
       select *, coalesce(lag(solved) over told, true)
                 or (not solved and created_at - lag(created_at) over told > interval '12 hours') as begins
         from system_health_logs where incident is not null
       window told as (partition by incident order by created_at, id)),
     grouped as (
       select *, count(*) filter (where begins) over (partition by incident order by created_at, id) as number
         from numbered),
     incidents as (
       select min(id) as id, incident, ($1::text[])[min(array_position($1::text[], event_type))] as type,
              min(created_at) as first_at, max(created_at) as last_at, count(*)::int as events,
              (array_agg(message order by created_at, id))[1] as message,
              max(created_at) filter (where solved) as solved_at,
              bool_or(strpos(lower(message), lower($2)) > 0) as fits
         from grouped group by incident, number),
     fitting as (
       select * from incidents where ($2 = '' or fits) and (cardinality($3::text[]) = 0 or type = any ($3::text[])))
     select (select count(*)::int from fitting) as count, (select count(*)::int from incidents) as total,
            (select count(*)::int from incidents where solved_at is null) as open,
            coalesce((select jsonb_agg(jsonb_build_object('id', id, 'incident', incident, 'type', type,
               'firstAt', first_at, 'lastAt', last_at, 'events', events, 'message', message, 'solvedAt', solved_at)
               order by last_at desc, id desc)
               from (select * from fitting order by last_at desc, id desc limit $4 offset $5) page), '[]') as page`,
    [...values, query.limit ?? 100, query.offset ?? 0],
  );
  const { page, ...counts } = found.rows[0]!;
  const dates = page.map((one) => ({
    ...one,
    firstAt: new Date(one.firstAt),
    lastAt: new Date(one.lastAt),
    solvedAt: one.solvedAt && new Date(one.solvedAt),
  }));
  return { incidents: dates, ...counts };
}
