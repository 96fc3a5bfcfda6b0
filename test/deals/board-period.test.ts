import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, monthRange, weekRange } from '../../src/shared/business-day.ts';
import {
  daysBefore,
  daysOfPeriod,
  lengthOf,
  listDays,
  periodsBeside,
  rangeOfDays,
  readPeriod,
  shapeOf,
  wholeMonths,
} from '../../src/main/deals/board-period.ts';

const noon = new Date('2026-11-22T11:00:00Z');
const zone = 'Europe/Stockholm';

describe('a period', () => {
  it('is a word or office days', () => {
    expect(readPeriod('week')).toBe('week');
    expect(readPeriod('2026-11-01..2026-11-30')).toEqual({ from: '2026-11-01', to: '2026-11-30' });
    expect(readPeriod('2016-11-22..2026-11-21')).toEqual({ from: '2016-11-22', to: '2026-11-21' });
  });

  it.each([
    ['tomorrow', 'There is no period "tomorrow"'],
    ['', 'There is no period ""'],
    ['2026-11-01', 'There is no period "2026-11-01"'],
    ['2026-11-01..2026-11-02..2026-11-03', 'There is no period'],
    ['2026-02-30..2026-03-01', '"2026-02-30" is no day of the calendar'],
    ['2026-11-01..', '"" is no day of the calendar'],
    ['1999-12-31..2000-01-01', '1999-12-31 is outside the years'],
    ['2026-11-01..9999-12-31', '9999-12-31 is outside the years'],
    ['2026-11-02..2026-11-01', '2026-11-01 is before 2026-11-02'],
    ['2016-01-01..2026-12-31', 'more than ten years'],
  ])('"%s" is refused in words', (text, sentence) => {
    expect(() => readPeriod(text)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining(sentence) }),
    );
  });

  it('has its days in the office’s zone', () => {
    expect(daysOfPeriod('today', noon, zone)).toEqual({ from: '2026-11-22', to: '2026-11-22' });
    expect(daysOfPeriod('week', noon, zone)).toEqual({ from: '2026-11-16', to: '2026-11-22' });
    expect(daysOfPeriod('month', noon, zone)).toEqual({ from: '2026-11-01', to: '2026-11-30' });
    const lateInStockholm = new Date('2026-11-22T23:30:00Z');
    expect(daysOfPeriod('week', lateInStockholm, zone)).toEqual({ from: '2026-11-23', to: '2026-11-29' });
  });

  it.each(['Europe/Stockholm', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
    'covers exactly the instants of its week and month: %s',
    (somewhere) => {
      fc.assert(
        fc.property(
          fc.date({ min: new Date('2010-01-02'), max: new Date('2030-01-01'), noInvalidDate: true }),
          (now) => {
            const week = daysOfPeriod('week', now, somewhere);
            const month = daysOfPeriod('month', now, somewhere);
            expect(rangeOfDays(week, somewhere)).toEqual(weekRange(now, somewhere));
            expect(rangeOfDays(month, somewhere)).toEqual(monthRange(now, somewhere));
            expect(listDays(month)).toContain(dayOf(now, somewhere));
            expect([lengthOf(week), shapeOf(week), shapeOf(month)]).toEqual([7, 'week', 'month']);
          },
        ),
      );
    },
  );

  it('knows a whole month, a whole week, one day and any other stretch', () => {
    const shape = (text: string) => shapeOf(readPeriod(text) as { from: string; to: string });
    expect(shape('2027-02-01..2027-02-28')).toBe('month');
    expect(shape('2026-11-16..2026-11-22')).toBe('week');
    expect(shape('2026-11-17..2026-11-23')).toBe('range');
    expect(shape('2026-11-17..2026-11-17')).toBe('day');
  });

  it('has neighbours of its shape, and none that is all to come', () => {
    const beside = (text: string) =>
      periodsBeside(readPeriod(text) as { from: string; to: string }, '2026-11-22');
    expect(beside('2026-10-01..2026-10-31')).toEqual({
      previous: '2026-09-01..2026-09-30',
      next: '2026-11-01..2026-11-30',
    });
    expect(beside('2026-11-09..2026-11-15')).toEqual({
      previous: '2026-11-02..2026-11-08',
      next: '2026-11-16..2026-11-22',
    });
    expect(beside('2026-11-22..2026-11-22')).toEqual({ previous: '2026-11-21..2026-11-21', next: null });
    expect(beside('2000-01-01..2000-01-31').previous).toBeNull();
  });

  it('holds whole months, which are added up as such', () => {
    expect(wholeMonths({ from: '2026-11-01', to: '2026-11-30' })).toEqual({
      from: '2026-11-01',
      until: '2026-12-01',
    });
    expect(wholeMonths({ from: '2026-10-31', to: '2027-01-30' })).toEqual({
      from: '2026-11-01',
      until: '2027-01-01',
    });
    expect(wholeMonths({ from: '2026-11-16', to: '2026-11-22' })).toEqual({
      from: '2026-11-23',
      until: '2026-11-23',
    });
    expect(wholeMonths({ from: '2026-11-16', to: '2026-12-15' })).toEqual({
      from: '2026-12-16',
      until: '2026-12-16',
    });
  });

  it('is compared with as many days right before', () => {
    expect(daysBefore({ from: '2026-03-01', to: '2026-03-31' })).toEqual({
      from: '2026-01-29',
      to: '2026-02-28',
    });
  });
});
