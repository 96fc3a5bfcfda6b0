import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, mostWithin, percentile, rounded } from './figures.ts';
import { race, ratioOf } from './measure.ts';

const samples = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 60 });

test('a percentile is a value that was measured, with the named share at or below it', () => {
  fc.assert(
    fc.property(samples, fc.double({ noNaN: true, min: 0.01, max: 1 }), (values, share) => {
      const found = percentile(values, share);
      expect(values).toContain(found);
      expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(
        share * values.length - 1e-9,
      );
      expect(values.filter((value) => value < found).length).toBeLessThan(share * values.length);
    }),
  );
  expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5);
  expect(percentile([5, 1, 4, 2, 3], 0.6)).toBe(3);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

test('the median of an even number is the middle of the middle two', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 3])).toBe(4);
  expect(() => median([])).toThrow(RangeError);
});

test('the most in any stretch is what counting from every start finds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (given, span) => {
      const times = given.toSorted((a, b) => a - b);
      const slow = Math.max(
        0,
        ...times.map((end) => times.filter((at) => at > end - span && at <= end).length),
      );
      expect(mostWithin(times, span)).toBe(slow);
    }),
  );
});

test('figures keep three digits, large ones five, whole ones all', () => {
  expect([0.0123456, 12.3456, 12_345.678, 100_000].map(rounded)).toEqual([0.0123, 12.3, 12_346, 100_000]);
});

test('a race warms up once, alternates, and checks each run', async () => {
  const order: string[] = [];
  let checks = 0;
  const times = await race(
    {
      one: { run: () => order.push('one'), check: () => void (checks += 1) },
      other: { prepare: () => void order.push('prepare'), run: () => order.push('other') },
    },
    2,
  );
  expect(order.filter((step) => step !== 'prepare')).toEqual([
    'one',
    'other',
    'other',
    'one',
    'one',
    'other',
  ]);
  expect(order.indexOf('prepare')).toBe(1);
  expect(checks).toBe(3);
  expect([times.one.length, times.other.length]).toEqual([2, 2]);
  expect(ratioOf([2, 30, 4], [1, 10, 4])).toBe(2);
});
