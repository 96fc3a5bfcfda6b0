import { oc } from '@orpc/contract';
import { z } from 'zod';

/** All that can notify anyone. `other`: a CRITICAL or SWITCH event of no kind of its own. */
export const alertKindNames = [
  'mode',
  'queue-fell-back',
  'duplicate-waiting',
  'removals-held',
  'sync-stalled',
  'upstream-refusing',
  'database-away',
  'budget-low',
  'package-health',
  'task-parked',
  'other',
] as const;
export const alertKindName = z.enum(alertKindNames);
export type AlertKindName = z.infer<typeof alertKindName>;

/** Kinds of events that stand in the timeline and notify nobody. */
export const quietKindNames = [
  'account-refused',
  'kept-without-lead',
  'unlisted-messages-kept',
  'rule-stopped',
  'backup-failed',
  'backup-works',
  // Told as `other` where they are critical.
  'restored',
  'set-back',
] as const;
/** Every kind that a health event may name. Another spelling would be an alert that nobody hears. */
export type HealthKind = AlertKindName | (typeof quietKindNames)[number];

/** Kinds that a person cannot switch off: what they tell of must not wait. */
export const alwaysTold: readonly AlertKindName[] = ['queue-fell-back', 'removals-held', 'other'];

/** Kinds that happen and are over; the others last until something solves them. */
const momentary: ReadonlySet<string> = new Set<HealthKind>([
  'mode',
  'other',
  'duplicate-waiting',
  ...quietKindNames,
]);

/**
 * What a health event's metadata says to alerts, whatever else is in it: its kind; what of that kind it is about where
 * there are several (`subject`, as a vendor or the cause of a failure); and that this event ends it (`solved`).
 */
export const alertMetadata = z.looseObject({
  kind: z.string().min(1).max(60),
  subject: z.string().max(200).optional(),
  solved: z.boolean().optional(),
});

/** What an event may be given beside its message. */
export type HealthMetadata = Record<string, unknown> & {
  kind?: HealthKind;
  subject?: string;
  solved?: boolean;
};

/** The name of the incident that an event with this metadata belongs to; null where it stands for itself. */
export function incidentOf(metadata: Record<string, unknown>): string | null {
  const read = alertMetadata.safeParse(metadata);
  if (!read.success || momentary.has(read.data.kind)) return null;
  const { kind, subject } = read.data;
  return subject === undefined ? kind : `${kind}:${subject}`;
}

/**
 * What became of an event as a notification on this console. `summarised`: told in one notification with what else
 * happened while the console was closed. `joined`: its incident had been told of. `failed`: the system refused it.
 */
export const alertResult = z.enum(['shown', 'summarised', 'joined', 'withheld', 'failed']);
export type AlertResult = z.infer<typeof alertResult>;

/**
 * Why it was not shown: the kind is off; quiet hours; do not disturb; it was over before it could be told; it happened
 * long ago; another console's own affair; what it solves had not been told of.
 */
export const withheldWhy = z.enum(['off', 'quiet', 'paused', 'over', 'old', 'elsewhere', 'untold']);
export type WithheldWhy = z.infer<typeof withheldWhy>;

export const alertOutcome = z.object({ result: alertResult, why: z.string().nullable() });
export type AlertOutcome = z.infer<typeof alertOutcome>;

export const alertsContract = {
  /** Shows a notification now, whatever is switched off, and tells what became of it. */
  test: oc.output(z.object({ shown: z.boolean(), why: z.string().nullable() })),
};
