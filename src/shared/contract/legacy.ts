import { z } from 'zod';
import { rejectReasons } from './mapping-codes.ts';

/** Why a record of the old server's files cannot be imported; `too-long`: longer than any record is. */
export const legacyRejectReasons = [...rejectReasons, 'too-long'] as const;
export type LegacyRejectReason = (typeof legacyRejectReasons)[number];

/**
 * Why a deal of the old server's files is left out.
 *
 * - `other-content`: the lead is in the database, and none of its deals is this one
 * - `removed-since`: the lead was in the database and was removed
 * - `twice-in-file`: the file holds it twice, with different contents
 */
export const legacyConflicts = ['other-content', 'removed-since', 'twice-in-file'] as const;
export type LegacyConflict = (typeof legacyConflicts)[number];

const count = z.number().int().nonnegative();
const rejected = z.object({
  reason: z.enum(legacyRejectReasons),
  count,
  /** A few, for a person to find them: id where there is one, and the value at fault. */
  examples: z.array(z.object({ key: z.string().nullable(), detail: z.string().nullable() })),
});

/** What the files hold, and what an import of them does or would do. `read` = the others added up. */
export const legacyCounts = z.object({
  deals: z.object({ read: count, inserted: count, known: count, conflicts: count, rejected: count }),
  sms: z.object({ read: count, inserted: count, known: count, rejected: count }),
  conflicts: z.array(
    z.object({ lead_id: z.string(), order_date: z.iso.datetime(), why: z.enum(legacyConflicts) }),
  ),
  rejects: z.object({ deals: z.array(rejected), sms: z.array(rejected) }),
  /** Files that are not in the folder. */
  missing: z.array(z.string()),
});
export type LegacyCounts = z.infer<typeof legacyCounts>;

/** How far an import is: bytes of both files together. */
export const legacyProgress = z.object({
  stage: z.enum(['copying', 'reading', 'applying']),
  bytes: count,
  total: count,
  records: count,
});
export type LegacyProgress = z.infer<typeof legacyProgress>;
