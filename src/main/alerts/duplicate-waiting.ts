import type { AlertEvent, AlertKind } from './alert-event.ts';

/** Cases began to wait for a person's decision. No health event: told by the change log. */
export const duplicateWaiting: AlertKind = {
  name: 'duplicate-waiting',
  quietAfterMs: 600_000,
  tellsSolved: false,
  target(events) {
    const id = events.length === 1 ? Number(events[0]!.metadata['id']) : 0;
    return Number.isSafeInteger(id) && id > 0 ? { screen: 'duplicates', id } : { screen: 'duplicates' };
  },
  words(language, events) {
    const count = events.length;
    if (language === 'sv')
      return {
        title: count === 1 ? 'En dubblett väntar' : `${count} dubbletter väntar`,
        body: 'Inget av det räknas förrän någon har bestämt.',
      };
    return {
      title: count === 1 ? 'A duplicate waits' : `${count} duplicates wait`,
      body: 'Nothing of it counts until somebody decides.',
    };
  },
};

/** All cases of a database are one incident, which ends when none waits any more. */
export function duplicateIncident(databaseId: string): string {
  return `duplicate-waiting:${databaseId}`;
}

/** A case that began to wait. */
export function caseOpened(databaseId: string, id: number, at: Date): AlertEvent {
  return {
    key: `duplicate:${databaseId}:${id}`,
    kind: 'duplicate-waiting',
    incident: duplicateIncident(databaseId),
    solved: false,
    type: 'INFO',
    message: `Case ${id} waits for a decision`,
    metadata: { id },
    at,
    own: false,
  };
}

/** The queue is empty: the next case is told anew. */
export function queueEmptied(databaseId: string, seq: number, at: Date): AlertEvent {
  const event = caseOpened(databaseId, 0, at);
  return { ...event, key: `duplicates-decided:${databaseId}:${seq}`, solved: true, message: 'No case waits' };
}
