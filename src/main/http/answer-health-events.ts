import type { Operations } from '../operations.ts';
import { listHealthEvents, type HealthEventType } from '../system/health-events.ts';

interface Asked {
  type?: HealthEventType[] | undefined;
  search?: string | undefined;
  since?: string | undefined;
  page?: number | undefined;
  limit?: number | undefined;
}

type Events = readonly {
  id: number | null;
  event_type: HealthEventType;
  message: string;
  metadata: Record<string, unknown>;
  created_at: string;
}[];

const usual = 100;

/** A page of the timeline, newest first. */
export async function healthEventsPage(operations: Operations, asked: Asked) {
  const { type, search, since, page = 1, limit = usual } = asked;
  const found = await listHealthEvents(operations.workspace.database, {
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
    offset: (page - 1) * limit,
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
  return pageOf(events, page, limit);
}

/** The same from those that were kept; null where none are. */
export function keptEvents(kept: Events | null, asked: Asked) {
  if (kept === null) return null;
  const { type, search, since, page = 1, limit = usual } = asked;
  const found = kept.filter(
    (event) =>
      (!type || type.includes(event.event_type)) &&
      (!search || event.message.toLowerCase().includes(search.toLowerCase())) &&
      (since === undefined || Date.parse(event.created_at) >= Date.parse(since)),
  );
  return pageOf(found.slice((page - 1) * limit), page, limit);
}

function pageOf(found: Events, page: number, limit: number) {
  const events = found.slice(0, limit);
  const next = found.length > limit ? page + 1 : null;
  return { success: true as const, events, count: events.length, next };
}
