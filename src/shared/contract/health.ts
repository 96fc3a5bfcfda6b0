import { oc } from '@orpc/contract';
import { z } from 'zod';
import { alertOutcome } from './alerts.ts';
import { instant } from './deals.ts';

export const healthEventType = z.enum(['INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL']);
export type HealthEventType = z.infer<typeof healthEventType>;

/** An event of the timeline as a screen shows it. */
export const healthEventView = z.object({
  /** Null while it waits on this console for the database. */
  id: z.number().int().nullable(),
  key: z.string(),
  event_type: healthEventType,
  message: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: instant,
  incident: z.string().nullable(),
  solved: z.boolean(),
  /** What became of it as a notification on this console; null where it is none, or it was never here. */
  alert: alertOutcome.nullable(),
});
export type HealthEventView = z.infer<typeof healthEventView>;

/** Everything that was told under one name until it was solved. */
export const incidentView = z.object({
  /** The id of its first event: one incident's own, since names come again. */
  id: z.number().int(),
  incident: z.string(),
  kind: z.string(),
  /** The worst of its events. */
  event_type: healthEventType,
  first_at: instant,
  last_at: instant,
  events: z.number().int(),
  /** Of its first event. */
  message: z.string(),
  solved_at: instant.nullable(),
});
export type IncidentView = z.infer<typeof incidentView>;

const question = z.object({
  limit: z.number().int().min(1).max(500).default(200),
  offset: z.number().int().min(0).default(0),
  search: z.string().max(200).optional(),
  /** Only events of these types; for incidents: whose worst event is one. */
  types: z.array(healthEventType).max(5).optional(),
});
export type HealthQuestion = z.infer<typeof question>;

export const healthPage = z.object({
  events: z.array(healthEventView),
  /** That fit the question. */
  count: z.number().int(),
  /** In all. */
  total: z.number().int(),
});
export type HealthPage = z.infer<typeof healthPage>;

export const incidentPage = z.object({
  incidents: z.array(incidentView),
  count: z.number().int(),
  /** Not solved. */
  open: z.number().int(),
  total: z.number().int(),
});
export type IncidentPage = z.infer<typeof incidentPage>;

export const healthContract = {
  events: oc.input(question).output(healthPage),
  incidents: oc.input(question).output(incidentPage),
};
