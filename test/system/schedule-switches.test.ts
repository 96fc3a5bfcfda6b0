import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobNames } from '../../src/shared/contract/schedules.ts';
import {
  allOn,
  changeSwitches,
  scheduleSwitches,
  switchOf,
  type ScheduleChange,
  type ScheduleSwitches,
} from '../../src/main/system/schedule-switches.ts';

const at = new Date('2026-11-22T09:00:00Z');
const by = { actor: 'anna', at };
const after = (...changes: ScheduleChange[]): ScheduleSwitches =>
  changes.reduce((now, change) => changeSwitches(now, change, by), allOn);
const state = (switches: ScheduleSwitches, job: (typeof jobNames)[number], minutes = 0) =>
  switchOf(switches, job, at.getTime() + minutes * 60_000).state;

describe('what runs by itself', () => {
  it('ends a pause by itself at its very minute, and a disabling never', () => {
    const paused = after({ kind: 'pause', job: 'backup', minutes: 30 });
    expect([state(paused, 'backup', 29.99), state(paused, 'backup', 30)]).toEqual(['paused', 'on']);
    const disabled = after({ kind: 'disable', job: 'backup' });
    expect(state(disabled, 'backup', 60 * 24 * 365)).toBe('disabled');
    expect(state(disabled, 'agents')).toBe('on');
  });

  it('keeps a single switch through stop-all, and resuming one job does not end that', () => {
    const stopped = after({ kind: 'disable', job: 'agents' }, { kind: 'stop-all' });
    expect(jobNames.map((job) => state(stopped, job))).toEqual(jobNames.map(() => 'stopped'));
    const one = changeSwitches(stopped, { kind: 'resume', job: 'agents' }, by);
    expect(state(one, 'agents')).toBe('stopped');
    expect(changeSwitches(stopped, { kind: 'resume', job: null }, by)).toEqual(allOn);
  });

  it('names who stopped everything first', () => {
    const again = changeSwitches(after({ kind: 'stop-all' }), { kind: 'stop-all' }, { actor: 'erik', at });
    expect(again.stopped?.by).toBe('anna');
  });

  it('stays readable and never runs anything while stopped, whatever people did before', () => {
    const job = fc.constantFrom(...jobNames);
    const change: fc.Arbitrary<ScheduleChange> = fc.oneof(
      fc.record({ kind: fc.constant('pause' as const), job, minutes: fc.integer({ min: 1, max: 10_080 }) }),
      fc.record({ kind: fc.constant('disable' as const), job }),
      fc.record({ kind: fc.constant('resume' as const), job: fc.option(job) }),
      fc.constant({ kind: 'stop-all' as const }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.array(job), (before, later) => {
        const stopped = after(
          ...before,
          { kind: 'stop-all' },
          ...later.map((one) => ({ kind: 'resume' as const, job: one })),
        );
        expect(scheduleSwitches.parse(JSON.parse(JSON.stringify(stopped)))).toEqual(stopped);
        for (const name of jobNames) expect(state(stopped, name, 1e6)).toBe('stopped');
      }),
    );
  });
});
