import { expect, it } from 'vitest';
import { watchReading } from '../../src/main/alerts/watch-reading.ts';
import { allOn, changeSwitches } from '../../src/main/system/schedule-switches.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const minute = 60_000;
const by = (clock: { now(): Date }) => ({ actor: 'anna', at: clock.now() });

it('reading is meant to go on since the program began', async () => {
  const clock = createFakeClock();
  const watch = watchReading(clock);
  const start = clock.now();
  await clock.advance(30 * minute);
  expect(watch.look(allOn)).toEqual({ resting: false, readingSince: start });
});

it('rests while everything is stopped, the job is disabled or paused, and goes on from the end of that', async () => {
  const clock = createFakeClock();
  const watch = watchReading(clock);
  for (const change of [
    { kind: 'stop-all' },
    { kind: 'disable', job: 'deals-delta' },
    { kind: 'pause', job: 'deals-delta', minutes: 600 },
  ] as const) {
    const off = changeSwitches(allOn, change, by(clock));
    await clock.advance(60 * minute);
    expect(watch.look(off).resting).toBe(true);
    const last = clock.now();
    await clock.advance(minute);
    expect(watch.look(allOn)).toEqual({ resting: false, readingSince: last });
  }
});

it('a pause that ran out between two looks counts from its end, a pause of another job not at all', async () => {
  const clock = createFakeClock();
  const watch = watchReading(clock);
  const start = clock.now();
  const other = changeSwitches(allOn, { kind: 'pause', job: 'sms-window', minutes: 10 }, by(clock));
  const own = changeSwitches(allOn, { kind: 'pause', job: 'deals-delta', minutes: 10 }, by(clock));
  await clock.advance(15 * minute);
  expect(watch.look(other)).toEqual({ resting: false, readingSince: start });
  expect(watch.look(own)).toEqual({ resting: false, readingSince: new Date(start.getTime() + 10 * minute) });
});
