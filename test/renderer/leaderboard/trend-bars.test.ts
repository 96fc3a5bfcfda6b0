import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundUp, soFar, trendBars } from '../../../src/renderer/leaderboard/trend-bars.ts';

const day = (n: number): string => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
const trend = (length: number, from = 0) =>
  Array.from({ length }, (_, n) => ({ day: day(from + n), deals: n % 5, commission: (n % 7) * 0.1 }));
const board = (length: number, today = day(10_000)) => ({
  trend: trend(length, 5_000),
  before: trend(length),
  today,
  known_from: null as string | null,
});

describe('the bars of a trend', () => {
  it('are days up to two months, then weeks, four weeks and quarters', () => {
    expect(trendBars(board(62))).toHaveLength(62);
    expect(trendBars(board(63))).toHaveLength(9);
    expect(trendBars(board(435))).toHaveLength(16);
    expect(trendBars(board(3_653))).toHaveLength(41);
  });

  it('lose no day and no öre, and stand beside as many days before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_653 }), (length) => {
        const given = board(length);
        const bars = trendBars(given);
        const sum = (rows: readonly { deals: number; commission: number }[]) => [
          rows.reduce((total, row) => total + row.deals, 0),
          rows.reduce((total, row) => total + Math.round(row.commission * 100), 0),
        ];
        expect(sum(bars)).toEqual(sum(given.trend));
        expect(sum(bars.map((bar) => bar.before))).toEqual(sum(given.before));
        expect(bars[0]?.from).toBe(given.trend[0]?.day);
        expect(bars.at(-1)?.to).toBe(given.trend.at(-1)?.day);
        expect(bars.length).toBeLessThanOrEqual(62);
      }),
    );
  });

  it('know which days are all to come', () => {
    expect(trendBars(board(4, day(5_001))).map((bar) => bar.ahead)).toEqual([false, false, true, true]);
  });
});

it('days that were never read are told from days on which nothing was sold', () => {
  const given = { ...board(7, day(5_002)), known_from: day(2) };
  const bars = trendBars(given);
  expect(bars.map((bar) => bar.before.unknown)).toEqual([true, true, false, false, false, false, false]);
  expect(bars.some((bar) => bar.unknown)).toBe(false);
  expect(soFar(given).isKnown).toBe(false);
  expect(soFar({ ...given, known_from: day(0) }).isKnown).toBe(true);
  expect(trendBars({ ...given, known_from: day(5_003) }).map((bar) => bar.unknown)).toEqual([
    ...[true, true, true],
    ...[false, false, false, false],
  ]);
});

it('what was so far is compared with as many first days', () => {
  const given = board(7, day(5_002));
  expect(soFar(given)).toMatchObject({
    days: 3,
    now: { from: day(5_000), to: day(5_002), deals: 3 },
    before: { from: day(0), to: day(2), deals: 3, commission: 0.3 },
  });
  expect(soFar(board(7, day(10))).days).toBe(0);
});

it.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [14, 15],
  [616, 800],
  [100_000, 100_000],
  [100_001, 150_000],
])('an axis for %i ends at %i', (value, top) => expect(roundUp(value)).toBe(top));
