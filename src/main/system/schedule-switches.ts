import { z } from 'zod';
import type { JobName, JobState } from '../../shared/contract/schedules.ts';

const stamp = z.object({ at: z.iso.datetime(), by: z.string() });
const off = stamp.extend({
  /** Null: disabled until somebody resumes it. */
  until: z.iso.datetime().nullable(),
});

/** What people switched off of all that runs by itself. */
export const scheduleSwitches = z.object({
  stopped: stamp.nullable(),
  /** By the job's name; a newer program may know more of them, which are kept. */
  jobs: z.record(z.string(), off),
});
export type ScheduleSwitches = z.infer<typeof scheduleSwitches>;
export const allOn: ScheduleSwitches = { stopped: null, jobs: {} };

export type ScheduleChange =
  | { kind: 'pause'; job: JobName; minutes: number }
  | { kind: 'disable'; job: JobName }
  | { kind: 'resume'; job: JobName | null }
  | { kind: 'stop-all' };

export interface JobSwitch {
  state: JobState;
  by: string | null;
  since: string | null;
  until: string | null;
}

/** Whether a job may run by schedule at an instant, and if not, since when and by whom. Stop-all comes before the rest. */
export function switchOf(switches: ScheduleSwitches, job: JobName, wallMs: number): JobSwitch {
  if (switches.stopped)
    return { state: 'stopped', by: switches.stopped.by, since: switches.stopped.at, until: null };
  const own = switches.jobs[job];
  if (!own || (own.until !== null && Date.parse(own.until) <= wallMs))
    return { state: 'on', by: null, since: null, until: null };
  const state = own.until === null ? 'disabled' : 'paused';
  return { state, by: own.by, since: own.at, until: own.until };
}

/** The switches after a change. Resuming one job leaves stop-all as it is; resuming all ends that too. */
export function changeSwitches(
  switches: ScheduleSwitches,
  change: ScheduleChange,
  by: { actor: string; at: Date },
): ScheduleSwitches {
  const mine = { at: by.at.toISOString(), by: by.actor };
  switch (change.kind) {
    case 'stop-all':
      return { ...switches, stopped: switches.stopped ?? mine };
    case 'resume': {
      if (change.job === null) return allOn;
      const { [change.job]: _gone, ...jobs } = switches.jobs;
      return { ...switches, jobs };
    }
    case 'disable':
      return { ...switches, jobs: { ...switches.jobs, [change.job]: { ...mine, until: null } } };
    case 'pause': {
      const until = new Date(by.at.getTime() + change.minutes * 60_000).toISOString();
      return { ...switches, jobs: { ...switches.jobs, [change.job]: { ...mine, until } } };
    }
  }
}
