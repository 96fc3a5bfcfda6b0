import { z } from 'zod';
import { duplicateReason, duplicateResolution } from '../../shared/contract/duplicates.ts';
import type { CaseRow } from './cases-store.ts';

const date = z.iso.datetime().transform((text) => new Date(text));
const source = z.enum(['instant', 'day', 'fallback']).nullable();
const text = z.string().nullable();

/** A case with both sides, read back from JSON. */
export const keptCase: z.ZodType<CaseRow> = z.object({
  id: z.number().int(),
  lead_id: z.string(),
  reasons: z.array(duplicateReason),
  detected_at: date,
  version: z.number().int(),
  status: z.enum(['pending', 'resolved', 'withdrawn']),
  resolution: duplicateResolution.nullable(),
  resolved_at: date.nullable(),
  resolved_by: text,
  resolution_note: text,
  new_user_id: z.number().int(),
  new_agent: text,
  new_group: text,
  new_commission: text,
  new_multi_deals: z.number().int(),
  new_order_date: date,
  new_order_source: source,
  new_campaign_id: text,
  new_campaign: text,
  new_notes: z.array(z.string()),
  existing_user_id: z.number().int().nullable(),
  existing_agent: text,
  existing_group: text,
  existing_commission: text,
  existing_multi_deals: z.number().int().nullable(),
  existing_order_date: date.nullable(),
  existing_order_source: source,
  existing_campaign_id: text,
  existing_campaign: text,
  existing_notes: z.array(z.string()).nullable(),
  existing_is_duplicate: z.boolean().nullable(),
});

/** What the queue's search looks through, in small letters. */
export function searchOf(row: CaseRow): string {
  return [
    row.lead_id,
    row.new_agent,
    row.existing_agent,
    row.new_campaign,
    row.existing_campaign,
    row.new_campaign_id,
    row.existing_campaign_id,
  ]
    .join('\n')
    .toLowerCase();
}
