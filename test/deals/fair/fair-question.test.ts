import { describe, expect, it } from 'vitest';
import { fairQuestion } from '../../../src/main/deals/fair/fair-question.ts';

describe('what a board is compared with', () => {
  it.each([
    [
      'a day: the same weekday a week before',
      '2026-11-18..2026-11-18',
      '2026-11-18',
      'day',
      '2026-11-11..2026-11-11',
    ],
    ['a day that is long over', '2026-03-01..2026-03-01', '2026-11-18', 'day', '2026-02-22..2026-02-22'],
    ['a week up to today', '2026-11-16..2026-11-22', '2026-11-18', 'week', '2026-11-09..2026-11-11'],
    ['a whole week', '2026-11-09..2026-11-15', '2026-11-18', 'week', '2026-11-02..2026-11-08'],
    ['a month up to today', '2026-11-01..2026-11-30', '2026-11-18', 'month', '2026-10-02..2026-10-19'],
    ['any days', '2026-11-03..2026-11-10', '2026-11-18', null, '2026-10-26..2026-11-02'],
    [
      'over the day on which clocks go back',
      '2026-10-19..2026-10-25',
      '2026-11-18',
      'week',
      '2026-10-12..2026-10-18',
    ],
  ])('%s', (_what, days, today, among, before) => {
    const [from = '', to = ''] = days.split('..');
    const asked = fairQuestion({ from, to }, today);
    expect([asked.among, asked.before && `${asked.before.from}..${asked.before.to}`]).toEqual([
      among,
      before,
    ]);
    expect(asked.asOf).toBe(to < today ? to : today);
  });

  it('is nothing for days to come', () => {
    expect(fairQuestion({ from: '2026-11-19', to: '2026-11-19' }, '2026-11-18').before).toBeNull();
  });
});
