import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { jobNames, type JobName, type SchedulesView } from '../../../src/shared/contract/schedules.ts';
import { ago, type Scenario } from './scenarios.ts';

/** Schedules of one scenario: some paused, disabled, failed; everything stopped in `waiting`. */
export function createFakeSchedules(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).schedules;
  let stopped: SchedulesView['stopped'] = scenario === 'waiting' ? { at: ago(900), by: 'anna' } : null;
  const off = new Map<JobName, 'paused' | 'disabled'>([
    ['sms-delta', 'paused'],
    ['packages', 'disabled'],
  ]);
  const view = (): SchedulesView => ({
    stopped,
    leads: scenario !== 'long',
    jobs: jobNames.map((name, n) => {
      const state = stopped ? 'stopped' : (off.get(name) ?? 'on');
      const daily = n > 3;
      const known = state === 'on' && scenario !== 'long';
      return {
        ...{
          name,
          state,
          running: n === 1 && scenario === 'syncing',
          every_seconds: daily ? 86_400 : 60 * (n + 2),
        },
        ...{ by: state === 'on' ? null : 'anna', since: state === 'on' ? null : ago(600) },
        until: state === 'paused' ? ago(-2_400) : null,
        next_at: known ? ago(daily ? -40_000 : -45 * (n + 1)) : null,
        last:
          scenario === 'first'
            ? null
            : n === 2
              ? { at: ago(300), state: 'failed', message: 'Adversus answered 503.' }
              : { at: ago(80 * (n + 1)), state: n === 0 ? 'incomplete' : 'complete', message: null },
      };
    }),
  });
  const then = (act: () => void) => answer(() => (act(), view()));
  return {
    list: os.list.handler(() => answer(view)),
    pause: os.pause.handler(({ input }) => then(() => off.set(input.job, 'paused'))),
    disable: os.disable.handler(({ input }) => then(() => off.set(input.job, 'disabled'))),
    resume: os.resume.handler(({ input }) =>
      then(() => {
        if (input.job) off.delete(input.job);
        else off.clear();
        if (!input.job) stopped = null;
      }),
    ),
    stopAll: os.stopAll.handler(() => then(() => (stopped = { at: ago(0), by: 'anna' }))),
    run: os.run.handler(() => ({ started: true })),
  };
}
