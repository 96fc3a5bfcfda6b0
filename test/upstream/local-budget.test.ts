import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { adversusLimits } from '../../src/main/upstream/call-budget.ts';
import { createLocalBudget } from '../../src/main/upstream/local-budget.ts';

/** A clock whose sleeps end at once, with the time they would have taken gone by. */
function quickClock() {
  let passed = 0;
  return {
    ...systemClock(),
    wall: () => 1_800_000_000_000 + passed,
    monotonic: () => passed,
    sleep: (ms: number) => Promise.resolve(void (passed += ms)),
    pass: (ms: number) => void (passed += ms),
  };
}

const options = { timeoutMs: 1_000, maxWaitMs: 10 * 3_600_000, priority: 'schedule' as const };
const answer = () => Promise.resolve({ status: 200, value: 'ok' });
const left = (leftHour: number, leftMinute: number) => ({
  leftHour,
  leftMinute,
  blockedUntil: null,
  blockedReason: null,
});

describe('a budget of this process alone', () => {
  it('never makes more calls in a sliding hour or minute than half of what was left, or later half of the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 120 }),
        async (leftHour, leftMinute, pauses) => {
          const clock = quickClock();
          const limits = { ...adversusLimits, perHour: 60, perMinute: 20 };
          const budget = createLocalBudget({ clock, limits, left: left(leftHour, leftMinute) });
          const times: number[] = [];
          for (const pause of pauses) {
            clock.pass(pause);
            await budget.call('delta', answer, options);
            times.push(clock.monotonic());
          }
          const most = (spanMs: number, from: number, to: number) =>
            Math.max(
              0,
              ...times
                .filter((time) => time >= from && time < to)
                .map((time) => times.filter((other) => other <= time && other > time - spanMs).length),
            );
          expect(most(3_600_000, 0, 3_600_000)).toBeLessThanOrEqual(Math.floor(leftHour / 2));
          expect(most(60_000, 0, 60_000)).toBeLessThanOrEqual(Math.floor(leftMinute / 2));
          expect(most(3_600_000, 0, Infinity)).toBeLessThanOrEqual(30);
          expect(most(60_000, 0, Infinity)).toBeLessThanOrEqual(10);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('says when it goes on where that takes too long', async () => {
    const clock = quickClock();
    const budget = createLocalBudget({ clock, limits: adversusLimits, left: left(1, 60) });
    const refused = budget.call('delta', answer, { ...options, maxWaitMs: 60_000 });
    await expect(refused).rejects.toMatchObject({
      code: 'UPSTREAM_BUSY',
      freeAt: new Date(clock.wall() + adversusLimits.hourMs + adversusLimits.marginMs),
    });
    expect(budget.takeMade()).toEqual([]);
  });

  it('stops while the vendor wants that, and one call waits for the other', async () => {
    const clock = quickClock();
    const budget = createLocalBudget({ clock, limits: adversusLimits, left: left(900, 60) });
    await budget.block(clock.wall() + 30_000, '429');
    expect(budget.now().blockedUntil).toEqual(new Date(clock.wall() + 30_000));
    let running = 0;
    const call = () =>
      budget.call(
        'delta',
        async () => {
          running += 1;
          expect(running).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return { status: 200, value: null };
        },
        options,
      );
    await Promise.all([call(), call(), call()]);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(30_000);
    expect(budget.now()).toMatchObject({ usedHour: 3, leftHour: 447, leftMinute: 27, blockedUntil: null });
    clock.pass(5_000);
    expect(budget.takeMade()).toEqual([5_000, 5_000, 5_000]);
    expect(budget.takeMade()).toEqual([]);
  });

  it('gives a place back to nobody who was called off, and counts a call that failed', async () => {
    const clock = quickClock();
    const budget = createLocalBudget({ clock, limits: adversusLimits, left: left(900, 60) });
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(budget.call('delta', answer, { ...options, signal: stop })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await expect(budget.call('delta', () => Promise.reject(new Error('x')), options)).rejects.toThrow('x');
    expect(budget.now().usedHour).toBe(1);
  });
});
