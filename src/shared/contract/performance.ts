import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();

/** What is timed in the process that answers, over its latest few hundred; `event-loop` over the latest minutes. */
export const measureName = z.enum(['database', 'adversus', 'roamify', 'directory', 'event-loop']);
export type MeasureName = z.infer<typeof measureName>;

/** How long something took; null where there was none yet. */
const spread = z.object({
  count,
  median_ms: ms.nullable(),
  /** All but five of a hundred were as quick; of the event loop all but one. */
  high_ms: ms.nullable(),
  max_ms: ms.nullable(),
});
export type Spread = z.infer<typeof spread>;

/** `target_ms` is for `high_ms`; see docs/decisions.md for where each comes from. */
export const measure = spread.extend({ name: measureName, target_ms: ms });
export type Measure = z.infer<typeof measure>;

/** Passes of the last day, of every process; the target is the interval at which they begin. */
export const passTimes = spread.extend({ source: z.string(), kind: z.string(), target_ms: ms.nullable() });
export type PassTimes = z.infer<typeof passTimes>;

export const performanceView = z.object({
  at: instant,
  measures: z.array(measure),
  /** Null while the database is away. */
  passes: z.array(passTimes).nullable(),
  /** From the start of the program to the first deals answered to a window; null: none were yet. */
  start: z.object({ took_ms: ms.nullable(), target_ms: ms }),
  /** How long the oldest task that may run has waited; null: the queue does not answer. */
  queue_lag: z.object({ lag_ms: ms.nullable(), target_ms: ms }),
  /** Reads of the mode that cost no query. */
  mode_cache: z.object({ hits: count, misses: count }),
  /** Resident memory of the main process, in bytes. */
  memory_bytes: count,
});
export type PerformanceView = z.infer<typeof performanceView>;

export const performanceContract = {
  view: oc.output(performanceView),
};
