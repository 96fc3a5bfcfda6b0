import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { instant, money } from './deals.ts';

export const syncSource = z.enum(['deals', 'sms', 'agents']);
export type SyncSource = z.infer<typeof syncSource>;

/** Whatever passes are recorded of: the sources above and those of the other upstreams. */
export const runSource = z.enum([...syncSource.options, 'packages']);

export const passKind = z.enum(['delta', 'window', 'names', 'held', 'rolling', 'full']);

/** What a pass did, in rows. */
export const passCounts = z.object({
  inserted: z.number().int(),
  updated: z.number().int(),
  removed: z.number().int(),
  unchanged: z.number().int(),
  /** Rows whose change or removal waits for a person: opened or still open after this pass. */
  held: z.number().int(),
  rejected: z.number().int(),
});
export type PassCounts = z.infer<typeof passCounts>;

/** One pass, as recorded. */
export const syncRun = passCounts.extend({
  id: z.number().int(),
  source: runSource,
  kind: passKind,
  trigger: z.enum(['schedule', 'person', 'cli']),
  state: z.enum(['running', 'complete', 'incomplete', 'failed', 'cancelled']),
  started_at: instant,
  ended_at: instant.nullable(),
  pages: z.number().int(),
  calls: z.number().int(),
  /** Removals that still wait for their look-up. */
  waiting: z.number().int(),
  /** True when the vendor's list moved while it was read, so nothing was removed on its word. */
  shifted: z.boolean(),
  error_code: z.enum(errorCodes).nullable(),
  error: z.string().nullable(),
});
export type SyncRun = z.infer<typeof syncRun>;

/** A pass under way in this console. `pages_expected` is null until the vendor has told it. */
export const passProgress = z.object({
  run_id: z.number().int().nullable(),
  source: syncSource,
  kind: passKind,
  stage: z.enum(['waiting-permit', 'waiting-budget', 'reading', 'looking-up', 'applying', 'ended']),
  pages: z.number().int(),
  pages_expected: z.number().int().nullable(),
  records: z.number().int(),
  /** In words when waiting: who holds the permit, or when the next call is free (ISO). */
  waiting_for: z.string().nullable(),
  cancellable: z.boolean(),
});
export type PassProgress = z.infer<typeof passProgress>;

/** The vendor's call budget, shared by every process of the account. */
export const budgetView = z.object({
  per_hour: z.number().int(),
  per_minute: z.number().int(),
  left_hour: z.number().int(),
  left_minute: z.number().int(),
  in_flight: z.number().int(),
  /** Calls expected in a whole hour at the present pace. */
  forecast_hour: z.number().int(),
  blocked_until: instant.nullable(),
});

/** How one source of the upstream stands. */
export const sourceState = z.object({
  source: syncSource,
  last_complete_at: instant.nullable(),
  last_run: syncRun.nullable(),
  running: passProgress.nullable(),
  /** Null where this console does not lead, or the schedule is off. */
  next_delta_at: instant.nullable(),
  next_window_at: instant.nullable(),
  /** True when delta passes were stretched to keep inside the budget. */
  stretched: z.boolean(),
});

export const syncState = z.object({
  upstream: z.object({
    name: z.string(),
    configured: z.boolean(),
    sandbox: z.boolean(),
    state: z.enum(['unknown', 'ok', 'refused', 'failing', 'blocked', 'not-configured']),
    message: z.string().nullable(),
    since: instant.nullable(),
  }),
  budget: budgetView.nullable(),
  sources: z.array(sourceState),
  /** Readings of deals that are not in the database yet: made while it was away, kept on this computer's disk. */
  retry_queue_length: z.number().int(),
  /** True while this console reads on although the database is away; the sources' and budget's figures are its own. */
  reading_on: z.boolean(),
});
export type SyncState = z.infer<typeof syncState>;

/** Removals that a window pass held back for a person. */
export const heldRemoval = z.object({
  id: z.number().int(),
  source: syncSource,
  state: z.enum(['held', 'accepted', 'discarded', 'withdrawn', 'done']),
  /** empty: the vendor's list was empty; share: above the brake's share and count; half: more than half. */
  reason: z.enum(['empty', 'share', 'half']),
  count: z.number().int(),
  of_deals: z.number().int(),
  range_start: instant,
  range_end: instant,
  held_at: instant,
  updated_at: instant,
  removed: z.number().int(),
});
export type HeldRemoval = z.infer<typeof heldRemoval>;

/** A deal that held removals would take away. */
export const heldDeal = z.object({
  lead_id: z.string(),
  user_id: z.string(),
  agent: z.string(),
  group: z.string().nullable(),
  campaign: z.string().nullable(),
  commission: money.nullable(),
  multi_deals: z.number().int(),
  order_date: instant,
});
export type HeldDeal = z.infer<typeof heldDeal>;

const page = {
  limit: z.number().int().min(1).max(500).default(200),
  offset: z.number().int().min(0).default(0),
};

export const heldDecision = z.object({
  id: z.number().int(),
  state: z.enum(['accepted', 'discarded', 'done']),
  removed: z.number().int(),
  kept: z.number().int(),
  waiting: z.number().int(),
});

/** A record that could not be mapped; without personal text. */
export const rejectedRecord = z.object({
  source: z.string(),
  key: z.string(),
  reason: z.string(),
  detail: z.string().nullable(),
  first_seen: instant,
  last_seen: instant,
  times: z.number().int(),
});
export type RejectedRecord = z.infer<typeof rejectedRecord>;

export const syncContract = {
  state: oc.output(syncState),
  /** Starts a pass and answers at once; its progress comes by `progress`, its result by the change stream. */
  start: oc
    .input(
      z.object({
        source: syncSource,
        /** rolling: the window is read anew and swapped in whole; full: the same for any days, or for everything. */
        kind: z.enum(['delta', 'window', 'rolling', 'full']).default('window'),
        /** Of a full resync, both included; null: everything. */
        days: z.object({ from: z.iso.date(), to: z.iso.date() }).nullable().optional(),
      }),
    )
    .output(z.object({ started: z.boolean() })),
  cancel: oc.input(z.object({ source: syncSource })).output(z.object({ cancelled: z.boolean() })),
  progress: oc.output(eventIterator(passProgress)),
  runs: oc.input(z.object({ limit: z.number().int().min(1).max(200).default(50) })).output(z.array(syncRun)),
  held: oc.output(z.array(heldRemoval)),
  /** All that held removals would take away, latest order first; NOT_FOUND for an unknown id. */
  heldDeals: oc
    .input(z.object({ id: z.number().int().positive(), ...page }))
    .output(z.object({ deals: z.array(heldDeal), count: z.number().int(), commission: money })),
  decideHeld: oc
    .input(
      z.object({
        id: z.number().int(),
        action: z.enum(['accept', 'discard']),
        note: z.string().max(2000).optional(),
      }),
    )
    .output(heldDecision),
  /** The shelf, latest first; `total` and `reasons` are of the whole shelf, `count` of what was asked for. */
  rejected: oc
    .input(
      z.object({
        ...page,
        /** Part of a record's key or of the value that could not be read. */
        search: z.string().trim().max(200).optional(),
        reason: z.string().max(40).optional(),
      }),
    )
    .output(
      z.object({
        records: z.array(rejectedRecord),
        count: z.number().int(),
        total: z.number().int(),
        reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })),
      }),
    ),
};
