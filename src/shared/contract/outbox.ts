import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';
import { duplicateAction, duplicateField, duplicateResolution, pendingDuplicate } from './duplicates.ts';

/**
 * What became of a decision that was kept here while the database was away. waiting: to be sent · applied: done, or
 * decided the same way by somebody else meanwhile · returned: the case, or the database, is not what was looked at any more; a person has
 * to look again · rejected: could not be carried out after several tries · damaged: what was kept cannot be trusted.
 */
export const keptState = z.enum(['waiting', 'applied', 'returned', 'rejected', 'damaged']);
export type KeptState = z.infer<typeof keptState>;

/** How a kept decision ended. */
export const keptOutcome = z.object({
  /** done: carried out · same: somebody had decided so already · decided: somebody had decided otherwise · changed: upstream changed it · withdrawn, gone: there is nothing left to decide · refused: it does not fit any more · failed: the database never took it · restored: the database was set back to before it. */
  kind: z.enum(['done', 'same', 'decided', 'changed', 'withdrawn', 'gone', 'refused', 'failed', 'restored']),
  /** Main's sentence. */
  message: z.string(),
  /** Who decided meanwhile, how and when. */
  by: z.string().nullable(),
  resolution: duplicateResolution.nullable(),
  at: instant.nullable(),
  /** Version of the case afterwards. */
  version: z.number().int().nullable(),
  /** The case as it is now, beside what was looked at. */
  now: pendingDuplicate.nullable(),
});
export type KeptOutcome = z.infer<typeof keptOutcome>;

/** A decision kept on this console. */
export const keptDecision = z.object({
  decision_id: z.uuid(),
  duplicate_id: z.number().int().nullable(),
  action: duplicateAction.nullable(),
  fields: z.array(duplicateField).nullable(),
  note: z.string().nullable(),
  actor: z.string().nullable(),
  /** By this console's clock; shown only, nothing is ordered by it. */
  made_at: instant,
  state: keptState,
  /** How often sending it failed although the database answered. */
  tries: z.number().int(),
  settled_at: instant.nullable(),
  outcome: keptOutcome.nullable(),
  /** The case as it was looked at. */
  seen: pendingDuplicate.nullable(),
  /** True: made on another database than the present one; it waits until that one is back. */
  elsewhere: z.boolean(),
  /** True: a restore undid it, and the case is what it was, so that it can be sent again as it is. */
  again: z.boolean(),
});
export type KeptDecision = z.infer<typeof keptDecision>;

/** A request for an account kept on this console. */
export const keptAccount = z.object({
  decision_id: z.uuid(),
  key: z.string(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  actor: z.string(),
  made_at: instant,
  state: keptState,
  tries: z.number().int(),
  settled_at: instant.nullable(),
  /** Main's sentence on how it ended. */
  message: z.string().nullable(),
  elsewhere: z.boolean(),
});
export type KeptAccount = z.infer<typeof keptAccount>;

export const outboxContract = {
  /** Requests for accounts, in the same order as `list`. */
  accounts: oc.output(z.array(keptAccount)),
  /** Waiting ones first, in the order they will be sent; then the others, newest first. */
  list: oc.output(z.array(keptDecision)),
  /**
   * Makes one that a restore undid once more, on the case as it is listed (`outcome.now`). CONFLICT where the case is
   * another than was decided, or another decision on it waits.
   */
  sendAgain: oc.input(z.object({ decision_id: z.uuid() })).output(z.object({ decision_id: z.uuid() })),
  /** Takes a settled one off the list; CONFLICT while it waits. */
  dismiss: oc.input(z.object({ decision_id: z.uuid() })).output(z.object({ dismissed: z.boolean() })),
};
