import type { Operations } from '../operations.ts';
import type { MirrorAnswers } from '../answer-from-mirror.ts';
import { listHealthEvents, type HealthEventType } from '../system/health-events.ts';

interface Asked {
  type?: HealthEventType[] | undefined;
  search?: string | undefined;
  since?: string | undefined;
  before?: number | undefined;
  limit?: number | undefined;
}

type Events = NonNullable<ReturnType<MirrorAnswers['health']>>;

const usual = 100;

/** A page of the timeline, newest first. */
export async function healthEventsPage(operations: Operations, asked: Asked) {
  const { type, search, since, before, limit = usual } = asked;
  const found = await listHealthEvents(operations.workspace.database, {
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
    ...(type ? { types: type } : {}),
    ...(search ? { search } : {}),
    ...(since === undefined ? {} : { since: new Date(since) }),
  });
  const events = found.map((event) => ({
    id: event.id,
    event_type: event.type,
    message: event.message,
    metadata: event.metadata,
    created_at: event.createdAt.toISOString(),
  }));
  return pageOf(events, limit);
}

/** The same from those that were kept; null where none are. */
export function keptEvents(kept: Events | null, asked: Asked) {
  if (kept === null) return null;
  const { type, search, since, before, limit = usual } = asked;
  const found = kept.filter(
    (event) =>
      (!type || type.includes(event.event_type)) &&
      (!search || event.message.toLowerCase().includes(search.toLowerCase())) &&
      (since === undefined || Date.parse(event.created_at) >= Date.parse(since)) &&
      (before === undefined || event.id < before),
  );
  return pageOf(found, limit);
}

function pageOf(found: Events, limit: number) {
  const events = found.slice(0, limit);
  const next = found.length > limit ? (events.at(-1)?.id ?? null) : null;
  return { success: true as const, events, count: events.length, next };
}
