import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant, money } from './deals.ts';

/** Why a lead's new state waits for a person. */
export const duplicateReason = z.enum(['agent', 'order_date', 'commission']);

/** The fields in which two sides may differ, and which a merge may take over. */
export const duplicateField = z.enum(['agent', 'commission', 'order_date', 'multi_deals', 'campaign']);
export type DuplicateField = z.infer<typeof duplicateField>;

/** What a merge takes over unless somebody chooses otherwise. */
export const mergedByDefault: readonly DuplicateField[] = ['commission', 'order_date'];

/**
 * What a person may decide. approve: both count, the new one follows upstream, the old one is kept as it is ·
 * replace: the new one counts instead · merge: the old one takes over chosen values and follows on · reject: the old
 * one stays, and this upstream state is ignored.
 */
export const duplicateAction = z.enum(['approve', 'replace', 'merge', 'reject']);
export type DuplicateAction = z.infer<typeof duplicateAction>;

export const duplicateResolution = z.enum(['approved', 'replaced', 'merged', 'rejected']);
export type DuplicateResolution = z.infer<typeof duplicateResolution>;

/** One side of a pending duplicate. */
export const duplicateSide = z.object({
  user_id: z.string(),
  agent: z.string(),
  group: z.string().nullable(),
  commission: money.nullable(),
  multi_deals: z.number().int(),
  order_date: instant,
  order_date_source: z.enum(['instant', 'day', 'fallback']),
  campaign: z.string().nullable(),
});
export type DuplicateSide = z.infer<typeof duplicateSide>;

/** An upstream change that waits for a person. */
export const pendingDuplicate = z.object({
  id: z.number().int(),
  lead_id: z.string(),
  reasons: z.array(duplicateReason),
  /** In which fields the sides differ, in the order of `duplicateField`; cases alike in this may be decided together. */
  differs: z.array(duplicateField),
  existing: duplicateSide.nullable(),
  incoming: duplicateSide,
  detected_at: instant,
  /** Rises whenever upstream changes again; a decision names the version it was made on. */
  version: z.number().int(),
});
export type PendingDuplicate = z.infer<typeof pendingDuplicate>;

/** What an action would do to one agent's place on today's board. */
export const boardMove = z.object({
  user_id: z.string(),
  agent: z.string(),
  /** Place before and after, from 1; null: not on the board. */
  rank_before: z.number().int().nullable(),
  rank_after: z.number().int().nullable(),
  deals: z.number().int(),
  commission: money,
});
export type BoardMove = z.infer<typeof boardMove>;

/** One thing that happened to a case, oldest first. */
export const duplicateEvent = z.object({
  at: instant,
  actor: z.string(),
  /** The console or command it was done from. */
  console: z.string(),
  action: z.enum(['approve', 'replace', 'merge', 'reject', 'undo']),
  note: z.string().nullable(),
});

/** A case in full, as the comparison shows it. */
export const duplicateCase = z.object({
  duplicate: pendingDuplicate,
  status: z.enum(['pending', 'resolved', 'withdrawn']),
  resolution: duplicateResolution.nullable(),
  resolved_at: instant.nullable(),
  resolved_by: z.string().nullable(),
  /** Changes on today's board for each action; empty lists where today is not touched. */
  effects: z.record(duplicateAction, z.array(boardMove)),
  trail: z.array(duplicateEvent),
});
export type DuplicateCase = z.infer<typeof duplicateCase>;

/** A closed case: decided by a person, or withdrawn because upstream went back. */
export const closedDuplicate = pendingDuplicate.extend({
  status: z.enum(['resolved', 'withdrawn']),
  resolution: duplicateResolution.nullable(),
  resolved_at: instant,
  resolved_by: z.string().nullable(),
  note: z.string().nullable(),
});
export type ClosedDuplicate = z.infer<typeof closedDuplicate>;

/** What was done, with the version the case has now; undo names that version. */
export const duplicateDecision = z.object({
  id: z.number().int(),
  action: z.enum(['approve', 'replace', 'merge', 'reject', 'undo']),
  version: z.number().int(),
  /** The deal that approve or replace inserted. */
  new_deal_id: z.number().int().nullable(),
  /** The database is away: the decision is kept on this console's disk and sent later. `version` is the one looked at. */
  queued: z.literal(true).optional(),
});
export type DuplicateDecision = z.infer<typeof duplicateDecision>;

const id = z.number().int().positive();
const note = z.string().trim().max(2000);
const choice = z.object({
  action: duplicateAction,
  note: note.optional(),
  /** What a merge takes over; not for other actions. */
  fields: z.array(duplicateField).min(1).optional(),
});

/** Which closed cases are asked for; days are the office's, both included. */
export const historyFilter = z.object({
  /** Part of a lead's id, an agent's name, a note or who decided. */
  search: z.string().trim().max(200).optional(),
  resolution: z.enum(['approved', 'replaced', 'merged', 'rejected', 'withdrawn']).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type HistoryFilter = z.infer<typeof historyFilter>;

/**
 * Who looks at which open case just now, so that two people need not read the same one. A claim is over at `until`
 * unless it is renewed; it never keeps anybody from deciding.
 */
export const duplicateClaims = z.object({
  claims: z.array(z.object({ id, actor: z.string(), mine: z.boolean(), until: z.iso.datetime() })),
});
export type DuplicateClaims = z.infer<typeof duplicateClaims>;

export const duplicatesContract = {
  /** The queue, oldest first. */
  pending: oc
    .input(
      z.object({
        limit: z.number().int().min(1).max(500).default(100),
        offset: z.number().int().min(0).default(0),
        /** Part of a lead's id, an agent's name or a campaign's. */
        search: z.string().trim().max(200).optional(),
      }),
    )
    .output(z.object({ pending: z.array(pendingDuplicate), count: z.number().int() })),
  /** NOT_FOUND for an unknown id; a closed case is answered too. */
  case: oc.input(z.object({ id })).output(duplicateCase),
  claims: oc.output(duplicateClaims),
  /** This console looks at this case, and at no other, for two minutes from now. Asked again, it goes on. */
  claim: oc.input(z.object({ id })).output(duplicateClaims),
  /** This console looks at no case any more. */
  release: oc.output(z.object({ released: z.literal(true) })),
  /** CONFLICT when decided already, or changed since `version`: nothing is done then. */
  resolve: oc.input(choice.extend({ id, version: z.number().int() })).output(duplicateDecision),
  /** Each case by itself: one that cannot be decided any more does not stop the others. */
  resolveMany: oc
    .input(
      choice.extend({
        cases: z
          .array(z.object({ id, version: z.number().int() }))
          .min(1)
          .max(200),
      }),
    )
    .output(
      z.object({
        decided: z.array(duplicateDecision),
        refused: z.array(z.object({ id, message: z.string() })),
      }),
    ),
  /** Restores what was before the decision; CONFLICT, with what changed, when something did since. */
  undo: oc.input(z.object({ id, version: z.number().int() })).output(duplicateDecision),
  history: oc
    .input(
      historyFilter.extend({
        limit: z.number().int().min(1).max(500).default(100),
        offset: z.number().int().min(0).default(0),
      }),
    )
    .output(z.object({ closed: z.array(closedDuplicate), count: z.number().int() })),
  /** Asks where to save the history as CSV; null: the person thought better of it. */
  exportHistory: oc
    .input(historyFilter.extend({ language: z.enum(['sv', 'en']) }))
    .output(z.object({ path: z.string().nullable(), rows: z.number().int() })),
};
