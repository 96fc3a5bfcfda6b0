import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecastHour, planPace } from '../../src/main/upstream/budget-forecast.ts';

test('forecasts the hour from the last quarter, and not from a burst just after start', () => {
  expect(forecastHour({ calls: 0, oldestAgeMs: 0 })).toBe(0);
  expect(forecastHour({ calls: 30, oldestAgeMs: 3_000_000 })).toBe(120);
  expect(forecastHour({ calls: 10, oldestAgeMs: 20_000 })).toBe(120);
});

test('the usual office fits as wished', () => {
  const wish = { deltaCalls: 2, deltaSeconds: 120, windowCalls: 5, windowSeconds: 240, perHour: 900 };
  expect(planPace(wish)).toEqual({
    deltaSeconds: 120,
    windowSeconds: 240,
    stretched: 'none',
    callsPerHour: 135,
  });
});

test('delta passes are stretched first', () => {
  const plan = planPace({
    deltaCalls: 2,
    deltaSeconds: 15,
    windowCalls: 150,
    windowSeconds: 900,
    perHour: 900,
  });
  expect(plan).toMatchObject({ windowSeconds: 900, stretched: 'delta' });
  expect(plan.deltaSeconds).toBe(24);
});

test('never plans more calls than there are, and never faster than wished', () => {
  const input = fc.record({
    deltaCalls: fc.integer({ min: 1, max: 20 }),
    deltaSeconds: fc.integer({ min: 15, max: 600 }),
    windowCalls: fc.integer({ min: 1, max: 2_000 }),
    windowSeconds: fc.integer({ min: 60, max: 900 }),
    perHour: fc.integer({ min: 200, max: 940 }),
  });
  fc.assert(
    fc.property(input, (wish) => {
      const plan = planPace(wish);
      const calls =
        (wish.deltaCalls * 3_600) / plan.deltaSeconds + (wish.windowCalls * 3_600) / plan.windowSeconds;
      expect(calls).toBeLessThanOrEqual(wish.perHour + 1e-6);
      expect(plan.deltaSeconds).toBeGreaterThanOrEqual(wish.deltaSeconds);
      expect(plan.windowSeconds).toBeGreaterThanOrEqual(wish.windowSeconds);
      if (plan.stretched === 'both') expect(plan.deltaSeconds).toBeGreaterThanOrEqual(600);
    }),
    { numRuns: 1_000 },
  );
});
