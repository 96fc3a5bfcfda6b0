import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant, money } from './deals.ts';

/**
 * Where a lead stands.
 *
 * - `counts`: at least one deal of it counts
 * - `waiting`: none counts, and a case of it waits for a decision
 * - `rejected`: its latest record could not be mapped, and nothing of it is stored
 * - `replaced`, `removed`: what was stored of it counts no longer, or is gone
 * - `unknown`: no pass has ever read it
 */
export const whyVerdict = z.enum(['counts', 'waiting', 'rejected', 'replaced', 'removed', 'unknown']);
export type WhyVerdict = z.infer<typeof whyVerdict>;

export const whyKind = z.enum([
  'seen',
  'rejected',
  'updated',
  'case-opened',
  'case-withdrawn',
  'decided',
  'undone',
  'missed',
  'held',
  'hold-decided',
  'removal-refused',
  'removed',
  'archived',
]);
export type WhyKind = z.infer<typeof whyKind>;

/** One thing that happened to a lead. What does not belong to its kind is null or empty. */
export const whyStep = z.object({
  at: instant,
  kind: whyKind,
  deal_id: z.number().int().nullable(),
  /** The deal's content after it, or what came in. */
  agent: z.string().nullable(),
  commission: money.nullable(),
  order_date: instant.nullable(),
  by: z.string().nullable(),
  note: z.string().nullable(),
  /** Codes: changed fields, reasons of a case, what was decided, why it was rejected or held. */
  details: z.array(z.string()),
});
export type WhyStep = z.infer<typeof whyStep>;

/** Why a lead is, or is not, on the board: its way from the first answer of upstream to now, oldest first. */
export const whyView = z.object({
  lead_id: z.string(),
  verdict: whyVerdict,
  /** A case of it waits for a decision, whatever counts meanwhile. */
  waiting: z.boolean(),
  counts: z.array(
    z.object({
      deal_id: z.number().int(),
      agent: z.string(),
      multi_deals: z.number().int(),
      commission: money.nullable(),
      /** The office day on which it counts. */
      day: z.string(),
      /** The present periods that this day lies in. */
      periods: z.array(z.enum(['today', 'week', 'month'])),
      archived: z.boolean(),
    }),
  ),
  steps: z.array(whyStep),
  /** When the last complete pass over deals ended. */
  last_looked: instant.nullable(),
});
export type WhyView = z.infer<typeof whyView>;

/** A lead's id as people type it. */
export const leadId = z.string().trim().min(1).max(100);

/** `deals.why`; apart from the deals' contract, which this builds on. */
export const whyProcedure = oc.input(z.object({ lead_id: leadId })).output(whyView);
