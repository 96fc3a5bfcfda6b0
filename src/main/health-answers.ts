import type { HealthEventView, HealthPage, HealthQuestion, IncidentPage } from '../shared/contract/health.ts';
import { incidentOf } from '../shared/contract/alerts.ts';
import type { Operations } from './operations.ts';
import type { ConsoleServices } from './services.ts';
import {
  countHealthEvents,
  listHealthEvents,
  type HealthEvent,
  type KeptHealthEvent,
} from './system/health-events.ts';
import { listIncidents } from './system/incidents.ts';

type Alerting = Pick<ConsoleServices, 'alerts' | 'health'>;

/** A page of the timeline, newest first, with what became of each event as a notification here. */
export async function events(
  services: Alerting,
  operations: Operations,
  question: HealthQuestion,
): Promise<HealthPage> {
  const { database } = operations.workspace;
  const query = asked(question);
  const [rows, counts] = await Promise.all([
    listHealthEvents(database, query),
    countHealthEvents(database, query),
  ]);
  return { events: withOutcomes(services, rows.map(viewOf)), ...counts };
}

/** The timeline without the database: what is kept here for it, then what was last known; null when nothing is. */
export function keptEvents(
  services: Alerting,
  known: readonly HealthEventView[] | null,
  question: HealthQuestion,
): HealthPage | null {
  const here = services.health.waiting().map(keptView).toReversed();
  if (known === null && here.length === 0) return null;
  const waiting = new Set(here.map(({ key }) => key));
  const all = [...here, ...(known ?? []).filter(({ key }) => !waiting.has(key))];
  const search = question.search?.toLowerCase() ?? '';
  const found = all.filter(
    (event) =>
      (!question.types?.length || question.types.includes(event.event_type)) &&
      event.message.toLowerCase().includes(search),
  );
  const page = found.slice(question.offset, question.offset + question.limit);
  return { events: withOutcomes(services, page), count: found.length, total: all.length };
}

/** A page of incidents, the latest first. */
export async function incidents(operations: Operations, question: HealthQuestion): Promise<IncidentPage> {
  const found = await listIncidents(operations.workspace.database, asked(question));
  return {
    ...found,
    incidents: found.incidents.map((one) => ({
      id: one.id,
      incident: one.incident,
      kind: one.incident.split(':')[0]!,
      event_type: one.type,
      first_at: one.firstAt.toISOString(),
      last_at: one.lastAt.toISOString(),
      events: one.events,
      message: one.message,
      solved_at: one.solvedAt?.toISOString() ?? null,
    })),
  };
}

/** An event as screens and the mirror hold it, without what became of it here. */
export function viewOf(event: HealthEvent): HealthEventView {
  const { id, key, type, message, metadata, createdAt, incident, solved } = event;
  const created_at = createdAt.toISOString();
  return { id, key, event_type: type, message, metadata, created_at, incident, solved, alert: null };
}

function keptView({ key, type, message, metadata, at }: KeptHealthEvent): HealthEventView {
  const incident = incidentOf(metadata);
  const solved = metadata['solved'] === true;
  const created_at = at.toISOString();
  return { id: null, key, event_type: type, message, metadata, created_at, incident, solved, alert: null };
}

function withOutcomes({ alerts }: Alerting, views: readonly HealthEventView[]): HealthEventView[] {
  const outcomes = alerts.outcomes(views.map(({ key }) => key));
  return views.map((view) => ({ ...view, alert: outcomes.get(view.key) ?? null }));
}

function asked({ limit, offset, search, types }: HealthQuestion) {
  return {
    limit,
    offset,
    ...(search ? { search } : {}),
    ...(types && types.length > 0 ? { types } : {}),
  };
}
