import { createHash } from 'node:crypto';
import { z } from 'zod';
import { duplicateAction, duplicateField, pendingDuplicate } from '../../shared/contract/duplicates.ts';
import type { KeptOutcome, KeptState } from '../../shared/contract/outbox.ts';

/** A person's decision on a case, as it is kept until it can be sent. */
export const decisionPayload = z.object({
  kind: z.literal('decision'),
  id: z.number().int().positive(),
  /** The version that was looked at. */
  version: z.number().int(),
  action: duplicateAction,
  note: z.string().optional(),
  fields: z.array(duplicateField).optional(),
  actor: z.string(),
  console: z.string(),
  /** The case as it was looked at, where it was known. */
  seen: pendingDuplicate.nullable(),
});
export type DecisionPayload = z.infer<typeof decisionPayload>;

/** A request for an account, as it is kept until it can be sent. Its key is settled: sent twice, it is made once. */
export const accountPayload = z.object({
  kind: z.literal('account'),
  key: z.string(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  actor: z.string(),
  console: z.string(),
});
export type AccountPayload = z.infer<typeof accountPayload>;

export const keptPayload = z.discriminatedUnion('kind', [decisionPayload, accountPayload]);
export type KeptPayload = z.infer<typeof keptPayload>;

/** What is kept about the same thing is sent in order, and once at a time. */
export function subjectOf(payload: KeptPayload): string {
  return payload.kind === 'decision' ? `case ${payload.id}` : `account ${payload.key}`;
}

/** What is fixed when a decision is kept; the checksum is over all of it. */
export interface KeptHead {
  decisionId: string;
  /** The database it was made on, and the life that was in. */
  databaseId: string;
  /** This console's clock: shown, never compared. */
  madeAt: Date;
}

/** A row of the outbox. Null payload: it is damaged, and never sent. */
export interface Kept extends KeptHead {
  seq: number;
  payload: KeptPayload | null;
  state: KeptState;
  tries: number;
  outcome: KeptOutcome | null;
  settledAt: Date | null;
}

/** SHA-256 over every part that must not change between keeping and sending. */
export function checksumOf(
  head: { decisionId: string; databaseId: string; madeAt: string },
  payload: string,
): string {
  return createHash('sha256')
    .update(JSON.stringify([head.decisionId, head.databaseId, head.madeAt, payload]))
    .digest('hex');
}
