import { eventIterator, oc } from '@orpc/contract';
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

const running = legacyProgress.extend({ dry_run: z.boolean() });

/** How far an import or its rehearsal on this console is; `ended` is told once, with what came of it. */
export const legacyEvent = z.discriminatedUnion('stage', [
  running,
  z.object({
    stage: z.literal('ended'),
    dry_run: z.boolean(),
    outcome: z.enum(['done', 'cancelled', 'failed']),
    /** A sentence; only where it failed. */
    message: z.string().nullable(),
    /** Only where it is done. */
    counts: legacyCounts.nullable(),
  }),
]);
export type LegacyEvent = z.infer<typeof legacyEvent>;

/** An import as it is prepared on this console. The folders are chosen in main's own dialogue, never by a page. */
export const legacyView = z.object({
  /** The folder with the old server's files; null: none was chosen yet. */
  folder: z.string().nullable(),
  /** Where their copies go before anything is imported. */
  copies: z.string(),
  running: legacyEvent.nullable(),
  /** How the latest one of this folder ended. */
  last: legacyEvent.nullable(),
});
export type LegacyView = z.infer<typeof legacyView>;

export const legacyContract = {
  view: oc.output(legacyView),
  /** Asks a person for a folder; the view after, unchanged when they thought better of it. */
  choose: oc.input(z.object({ what: z.enum(['folder', 'copies']) })).output(legacyView),
  /** Begins; false when one is under way here, or no folder was chosen. */
  start: oc.input(z.object({ dry_run: z.boolean() })).output(z.object({ started: z.boolean() })),
  cancel: oc.output(z.object({ cancelled: z.boolean() })),
  progress: oc.output(eventIterator(legacyEvent)),
};
