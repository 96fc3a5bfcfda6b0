import { expect, it } from 'vitest';
import { createPeriodWords, headOf, weekNumber } from '../../../src/renderer/leaderboard/period-words.ts';
import { problemOfDays } from '../../../src/renderer/leaderboard/read-days.ts';

it.each([
  ['2026-11-16', 47],
  ['2026-12-28', 53],
  ['2027-01-04', 1],
  ['2024-12-30', 1],
  ['2020-12-28', 53],
])('the week of %s is number %i', (monday, number) => expect(weekNumber(monday)).toBe(number));

it('a period is headed by its shape, in either language', () => {
  const [sv, en] = [createPeriodWords('sv'), createPeriodWords('en')];
  expect(headOf({ from: '2026-11-16', to: '2026-11-22', shape: 'week' }, sv)).toEqual({
    week: 47,
    days: '16–22 november 2026',
  });
  expect(headOf({ from: '2026-11-01', to: '2026-11-30', shape: 'month' }, en)).toEqual({
    week: null,
    days: 'November 2026',
  });
  expect(headOf({ from: '2026-11-22', to: '2026-11-22', shape: 'day' }, sv).days).toBe(
    'söndag 22 november 2026',
  );
});

it.each([
  ['2026-11-01', '2026-11-30', null],
  ['2026-11-01', '2026-11-01', null],
  ['', '2026-11-30', 'missing'],
  ['2026-11-02', '2026-11-01', 'order'],
  ['1999-12-31', '2026-11-01', 'years'],
  ['2016-01-01', '2026-12-31', 'long'],
])('days %s to %s: %s', (from, to, problem) => expect(problemOfDays(from, to)).toBe(problem));
