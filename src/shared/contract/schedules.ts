import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

/** Everything that runs by itself. */
export const jobNames = [
  'deals-window',
  'deals-delta',
  'sms-window',
  'sms-delta',
  'agents',
  'packages',
  'packages-validation',
  'archive',
  'backup',
] as const;
export const jobName = z.enum(jobNames);
export type JobName = z.infer<typeof jobName>;

/** on · paused: until a time · disabled: until somebody resumes it · stopped: as everything is. */
export const jobState = z.enum(['on', 'paused', 'disabled', 'stopped']);
export type JobState = z.infer<typeof jobState>;

export const scheduledJob = z.object({
  name: jobName,
  state: jobState,
  /** Who paused, disabled or stopped it, and when; null while it is on. */
  by: z.string().nullable(),
  since: instant.nullable(),
  /** When a pause ends. */
  until: instant.nullable(),
  /** Seconds from one start to the next. */
  every_seconds: z.number(),
  /** Null: it does not run by schedule now (see `state`), or nobody leads. */
  next_at: instant.nullable(),
  /** Under way in the process that answers. */
  running: z.boolean(),
  /** The latest run, whoever asked for it; null: none yet. */
  last: z
    .object({
      at: instant,
      state: z.enum(['complete', 'incomplete', 'failed', 'cancelled']),
      /** Main's sentence on what went wrong. */
      message: z.string().nullable(),
    })
    .nullable(),
});
export type ScheduledJob = z.infer<typeof scheduledJob>;

export const schedulesView = z.object({
  jobs: z.array(scheduledJob),
  /** Everything is stopped; null: no. */
  stopped: z.object({ at: instant, by: z.string() }).nullable(),
  /** The process that answers runs the schedule. */
  leads: z.boolean(),
});
export type SchedulesView = z.infer<typeof schedulesView>;

/** A pause lasts at most a week; what is to last longer is disabled. */
export const longestPauseMinutes = 10_080;

export const schedulesContract = {
  list: oc.output(schedulesView),
  /** Runs by itself again after so many minutes. */
  pause: oc
    .input(z.object({ job: jobName, minutes: z.number().int().min(1).max(longestPauseMinutes) }))
    .output(schedulesView),
  disable: oc.input(z.object({ job: jobName })).output(schedulesView),
  /** Ends a pause or a disabling; without a job those of all, and stop-all. */
  resume: oc.input(z.object({ job: jobName.optional() })).output(schedulesView),
  /** Nothing runs by schedule in any process until it is resumed; what runs by schedule now is cancelled. */
  stopAll: oc.output(schedulesView),
  /** Runs a job now, also one that is paused or stopped; false when it is under way here already. */
  run: oc.input(z.object({ job: jobName })).output(z.object({ started: z.boolean() })),
};
