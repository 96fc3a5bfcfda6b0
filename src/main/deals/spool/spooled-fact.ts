import { createHash } from 'node:crypto';
import { z } from 'zod';
import { noteCodes } from '../../../shared/contract/mapping-codes.ts';

const instant = z.iso.datetime().transform((text) => new Date(text));

/** What is written of one reading of a lead, and read back. */
export const spooledPayload = z.object({
  fact: z.object({
    leadId: z.string(),
    userId: z.number().int(),
    campaignId: z.string().nullable(),
    commission: z.string().nullable(),
    multiDeals: z.number().int(),
    orderDate: instant.nullable(),
    orderDateSource: z.enum(['instant', 'day', 'fallback']),
    status: z.literal('success'),
    updatedAt: instant,
    notes: z.array(z.enum(noteCodes)),
  }),
  /** True where we hold no deal of the lead; null: not known, so that it is not shown as a new one. */
  isNew: z.boolean().nullable(),
  /** The campaign's name as far as known, for show. */
  campaign: z.string().nullable(),
});
export type SpooledPayload = z.infer<typeof spooledPayload>;

/** A row of the spool: one upstream state of a lead, read while the database was away. */
export interface SpooledFact extends SpooledPayload {
  /** Place in the spool. Its negative stands for the id of a deal that is not in the database yet. */
  seq: number;
  readAt: Date;
  /** Times that saving it failed although the database answered. */
  tries: number;
}

/** The parts that name a row: one lead at one upstream stamp, of one database. */
export interface SpoolKey {
  databaseId: string;
  leadId: string;
  stamp: string;
}

/** SHA-256 over every part that must not change between reading and saving. */
export function checksumOf(key: SpoolKey, readAt: string, payload: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key.databaseId, key.leadId, key.stamp, readAt, payload]))
    .digest('hex');
}
