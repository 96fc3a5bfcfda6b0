import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const kind = z.enum(['archiving', 'moving-back']);
const deals = z.number().int();

/** Deals on their way to the archive or back; `ended` is told once. What was moved by then stays moved. */
export const archiveMove = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('moving'), kind, moved: deals }),
  z.object({
    stage: z.literal('ended'),
    kind,
    moved: deals,
    outcome: z.enum(['done', 'cancelled', 'failed']),
    /** A sentence; only where it failed. */
    message: z.string().nullable(),
  }),
]);
export type ArchiveMove = z.infer<typeof archiveMove>;

/** What the archive holds. Boards and reports count it like the other deals. */
export const archiveView = z.object({
  deals,
  /** Order dates. */
  oldest: instant.nullable(),
  newest: instant.nullable(),
  last_moved: instant.nullable(),
  /** Deals from before this are old enough, and so many of them are not archived; some may still wait for something. */
  before: instant,
  due: deals,
  /** Whether the leader archives by itself. */
  on: z.boolean(),
  running: archiveMove.nullable(),
});
export type ArchiveView = z.infer<typeof archiveView>;

export const archiveContract = {
  view: oc.output(archiveView),
  /** Begins a move; false when one is under way here already. */
  start: oc.input(z.object({ kind })).output(z.object({ started: z.boolean() })),
  cancel: oc.output(z.object({ cancelled: z.boolean() })),
  progress: oc.output(eventIterator(archiveMove)),
};
