import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

/** async_queue: requests become tasks that any process carries out · sync_direct: each is carried out where it was asked for. */
export const systemMode = z.enum(['async_queue', 'sync_direct']);
export type SystemMode = z.infer<typeof systemMode>;

/** A process of the office and the mode that it goes by. */
export const modeProcess = z.object({
  id: z.uuid(),
  kind: z.enum(['console', 'agent', 'cli']),
  host: z.string(),
  pid: z.number().int(),
  version: z.string(),
  /** Null: it has not asked for the mode yet. */
  mode: systemMode.nullable(),
  /** Since when it believes so. */
  since: instant.nullable(),
  seen_at: instant,
  /** Heard of within the last minute. */
  alive: z.boolean(),
  /** Carries out queued tasks. */
  runs_tasks: z.boolean(),
  /** The process that answers. */
  self: z.boolean(),
});
export type ModeProcess = z.infer<typeof modeProcess>;

export const modeView = z.object({
  mode: systemMode,
  /** When this process read it last; null: never, and `mode` is the initial one. */
  cachedAt: instant.nullable(),
  /** True: the database is away, and this is what was last believed. */
  believed: z.boolean(),
  /** Empty while the database is away. */
  processes: z.array(modeProcess),
});
export type ModeView = z.infer<typeof modeView>;

export const modeContract = {
  get: oc.output(modeView),
  /** Switches for every process. BAD_REQUEST without `confirmed`; DATABASE_AWAY: a switch is never kept for later. */
  set: oc.input(z.object({ mode: systemMode, confirmed: z.boolean() })).output(modeView),
};
