import {
  alertKindNames,
  alertMetadata,
  incidentOf,
  type AlertKindName,
} from '../../shared/contract/alerts.ts';
import type { LinkTarget } from '../../shared/contract/links.ts';
import type { HealthEventType } from '../system/health-events.ts';

/** Something that may notify: a health event, or a case that began to wait. */
export interface AlertEvent {
  /** Its own on every console: the health event's key, or the case's number on its database. */
  key: string;
  kind: AlertKindName;
  /** What it is part of; one that stands for itself is an incident of its own. */
  incident: string;
  solved: boolean;
  type: HealthEventType;
  message: string;
  metadata: Record<string, unknown>;
  at: Date;
  /** True: raised by this console, just now. */
  own: boolean;
}

/** A notification as it is shown. */
export interface Notice {
  title: string;
  body: string;
  critical: boolean;
  /** Where a click leads. */
  target: LinkTarget;
}

export type Language = 'sv' | 'en';

/** A thing that can notify anyone: one file for each, listed in alert-kinds.ts. */
export interface AlertKind {
  name: AlertKindName;
  /** An incident that nothing was heard of for so long is over, and the next event is told anew, in ms. */
  quietAfterMs: number;
  /** True: that it is solved is worth a word, where it had been told of. */
  tellsSolved: boolean;
  target(events: readonly AlertEvent[]): LinkTarget;
  /** Words for events of this kind that are told together; the first is the oldest. */
  words(language: Language, events: readonly AlertEvent[]): { title: string; body: string };
  /** Words for one that is solved; only where `tellsSolved`. */
  solvedWords?(language: Language, event: AlertEvent): { title: string; body: string };
}

const kindNames: ReadonlySet<string> = new Set(alertKindNames);

/** A health event as alerts see it; null for one that notifies nobody. */
export function alertOf(
  event: {
    key: string;
    type: HealthEventType;
    message: string;
    metadata: Record<string, unknown>;
    at: Date;
  },
  own: boolean,
): AlertEvent | null {
  const read = alertMetadata.safeParse(event.metadata);
  const named = read.success && kindNames.has(read.data.kind) ? (read.data.kind as AlertKindName) : null;
  const mustTell = event.type === 'CRITICAL' || event.type === 'SWITCH';
  if (named === null && !mustTell) return null;
  return {
    ...event,
    own,
    kind: named ?? 'other',
    incident: incidentOf(event.metadata) ?? event.key,
    solved: read.success && read.data.solved === true,
  };
}
