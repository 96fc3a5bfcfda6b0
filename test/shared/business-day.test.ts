import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill/implementation';
import { describe, expect, it } from 'vitest';
import {
  dayOf,
  dayRange,
  isTimeZone,
  localToInstant,
  monthRange,
  nextMidnight,
  startOfDay,
  todayRange,
  weekRange,
  windowRange,
  type Range,
} from '../../src/shared/business-day.ts';

const stockholm = 'Europe/Stockholm';
const zones = [
  ...[stockholm, 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'America/Havana', 'America/Sao_Paulo'],
  ...['Africa/Cairo', 'Australia/Lord_Howe', 'America/Toronto', 'UTC'],
];

function inText(range: Range): string {
  return `${range.start.toISOString()} ${range.end.toISOString()}`;
}

function hours(range: Range): number {
  return (range.end.getTime() - range.start.getTime()) / 3_600_000;
}

describe('a day', () => {
  it('has 23 hours in spring and 25 in autumn', () => {
    expect(hours(dayRange('2026-03-29', stockholm))).toBe(23);
    expect(hours(dayRange('2026-10-25', stockholm))).toBe(25);
    expect(hours(dayRange('2026-03-28', stockholm))).toBe(24);
  });

  it('ends after 23:59:59.999 and not before', () => {
    expect(dayOf(new Date('2026-03-31T21:59:59.999Z'), stockholm)).toBe('2026-03-31');
    expect(dayOf(new Date('2026-03-31T22:00:00.000Z'), stockholm)).toBe('2026-04-01');
    expect(nextMidnight(new Date('2026-03-31T21:59:59.999Z'), stockholm)).toEqual(
      new Date('2026-03-31T22:00Z'),
    );
    expect(nextMidnight(new Date('2026-03-31T22:00:00.000Z'), stockholm)).toEqual(
      new Date('2026-04-01T22:00Z'),
    );
  });

  it('starts at the first minute there is where midnight is skipped', () => {
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toEqual(new Date('2018-11-04T03:00Z'));
    expect(hours(dayRange('2018-11-04', 'America/Sao_Paulo'))).toBe(23);
    expect(startOfDay('1919-03-31', 'America/Toronto')).toEqual(new Date('1919-03-31T04:30Z'));
  });

  it('starts at the first of two midnights', () => {
    expect(inText(dayRange('2026-11-01', 'America/Havana'))).toBe(
      '2026-11-01T04:00:00.000Z 2026-11-02T05:00:00.000Z',
    );
  });

  it('is empty where a zone skipped it, and its neighbours still touch', () => {
    expect(hours(dayRange('2011-12-30', 'Pacific/Apia'))).toBe(0);
    expect(dayRange('2011-12-29', 'Pacific/Apia').end).toEqual(dayRange('2011-12-31', 'Pacific/Apia').start);
    expect(nextMidnight(new Date('2011-12-30T09:59:59.999Z'), 'Pacific/Apia')).toEqual(
      new Date('2011-12-30T10:00Z'),
    );
    expect(dayOf(new Date('2011-12-30T10:00Z'), 'Pacific/Apia')).toBe('2011-12-31');
  });

  it('keeps the repeated minutes of a clock that went back across midnight in the day that had begun', () => {
    const repeated = new Date('2010-11-07T02:31Z'); // 23:01 on Saturday for the second time
    expect(dayOf(repeated, 'America/St_Johns')).toBe('2010-11-07');
    expect(todayRange(repeated, 'America/St_Johns')).toEqual(dayRange('2010-11-07', 'America/St_Johns'));
  });

  it('knows odd offsets', () => {
    expect(startOfDay('2026-06-01', 'Asia/Kathmandu')).toEqual(new Date('2026-05-31T18:15Z'));
  });
});

describe('week, month and window', () => {
  it('begin on Monday, the first, and seven days before the first', () => {
    const now = new Date('2026-03-18T12:00Z');
    expect(inText(weekRange(now, stockholm))).toBe('2026-03-15T23:00:00.000Z 2026-03-22T23:00:00.000Z');
    expect(inText(monthRange(now, stockholm))).toBe('2026-02-28T23:00:00.000Z 2026-03-31T22:00:00.000Z');
    expect(inText(windowRange(now, stockholm))).toBe('2026-02-21T23:00:00.000Z 2026-03-31T22:00:00.000Z');
  });

  it('turn at local midnight of the first', () => {
    expect(inText(windowRange(new Date('2026-03-31T21:59:59.999Z'), stockholm))).toBe(
      '2026-02-21T23:00:00.000Z 2026-03-31T22:00:00.000Z',
    );
    expect(inText(windowRange(new Date('2026-03-31T22:00:00.000Z'), stockholm))).toBe(
      '2026-03-24T23:00:00.000Z 2026-04-30T22:00:00.000Z',
    );
  });

  it('turn at New Year', () => {
    const last = new Date('2026-12-31T22:59:59.999Z');
    const first = new Date('2026-12-31T23:00:00.000Z');
    expect(dayOf(last, stockholm)).toBe('2026-12-31');
    expect(dayOf(first, stockholm)).toBe('2027-01-01');
    expect(inText(windowRange(first, stockholm))).toBe('2026-12-24T23:00:00.000Z 2027-01-31T23:00:00.000Z');
    expect(weekRange(last, stockholm)).toEqual(weekRange(first, stockholm));
    expect(inText(weekRange(first, stockholm))).toBe('2026-12-27T23:00:00.000Z 2027-01-03T23:00:00.000Z');
  });

  it('knows Mondays before 1970', () => {
    expect(weekRange(new Date('1969-12-31T12:00Z'), 'UTC').start).toEqual(new Date('1969-12-29T00:00Z'));
  });
});

describe('a wall clock without zone', () => {
  it('is read in the given zone, in every spelling', () => {
    const instant = new Date('2026-07-01T08:05:00Z');
    expect(localToInstant('2026-07-01T10:05', stockholm)).toEqual(instant);
    expect(localToInstant('2026-07-01 10:05:00', stockholm)).toEqual(instant);
    expect(localToInstant('2026-07-01T10:05:00.123456', stockholm)).toEqual(
      new Date('2026-07-01T08:05:00.123Z'),
    );
  });

  it('is moved on where it was skipped, and is the first where it was shown twice', () => {
    expect(localToInstant('2026-03-29T02:30', stockholm)).toEqual(new Date('2026-03-29T01:30Z'));
    expect(localToInstant('2026-10-25T02:30', stockholm)).toEqual(new Date('2026-10-25T00:30Z'));
  });

  const wrong = [
    '',
    '2026-02-30T10:00',
    '2026-13-01T10:00',
    '2026-00-10T10:00',
    '2026-01-00T10:00',
    '2026-01-01T24:00',
  ];
  it.each([
    ...wrong,
    '2026-01-01T10:60',
    '2026-01-01T10:00:60',
    '2026-01-01',
    '2026-01-01T10:00Z',
    '2026-01-01  10:00',
  ])('refuses %j', (text) => {
    expect(() => localToInstant(text, stockholm)).toThrow(RangeError);
  });

  it('agrees with Temporal for any time in any zone', () => {
    const time = fc.integer({ min: Date.UTC(1915, 0, 1) / 60_000, max: Date.UTC(2100, 0, 1) / 60_000 });
    fc.assert(
      fc.property(time, fc.constantFrom(...zones), (minute, zone) => {
        const local = new Date(minute * 60_000).toISOString().slice(0, -1);
        const expected = Temporal.PlainDateTime.from(local).toZonedDateTime(zone);
        expect(localToInstant(local, zone).getTime()).toBe(expected.epochMilliseconds);
        const midnight = Temporal.PlainDate.from(local.slice(0, 10)).toZonedDateTime(zone);
        expect(startOfDay(local.slice(0, 10), zone).getTime()).toBe(midnight.epochMilliseconds);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what is not a day, a zone or an instant', () => {
  it.each(['2026-02-29', '2026-2-1', '20260201', '2026-02-01T00:00', ' 2026-02-01', '', '-000001-01-01'])(
    'refuses the day %j',
    (day) => {
      expect(() => dayRange(day, stockholm)).toThrow(RangeError);
    },
  );

  it('refuses an invalid date and an unknown zone', () => {
    expect(() => dayOf(new Date(NaN), stockholm)).toThrow(RangeError);
    expect(() => dayOf(new Date(0), 'Europe/Nowhere')).toThrow(RangeError);
  });

  it('knows a zone from what is none', () => {
    for (const zone of zones) expect(isTimeZone(zone)).toBe(true);
    for (const text of [
      '',
      'Europe/Nowhere',
      '+02:00',
      '-05',
      'CET',
      'WET',
      'Stockholm',
      'Europe/Stockholm\0',
      ' UTC',
    ])
      expect(isTimeZone(text)).toBe(false);
  });
});

describe('any instant', () => {
  it('is in the day, week, month and window it asks for, which touch their neighbours', () => {
    const instants = fc.integer({ min: Date.UTC(1915, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones, 'America/St_Johns'), (time, zone) => {
        const now = new Date(time);
        for (const rangeOf of [todayRange, weekRange, monthRange, windowRange]) {
          const range = rangeOf(now, zone);
          expect(range.start.getTime()).toBeLessThanOrEqual(time);
          expect(range.end.getTime()).toBeGreaterThan(time);
        }
        for (const rangeOf of [todayRange, weekRange, monthRange]) {
          const range = rangeOf(now, zone);
          expect(rangeOf(range.start, zone)).toEqual(range);
          expect(rangeOf(new Date(range.end.getTime() - 1), zone)).toEqual(range);
          expect(rangeOf(range.end, zone).start).toEqual(range.end);
        }
        expect(windowRange(now, zone).end).toEqual(monthRange(now, zone).end);
        expect(dayRange(dayOf(now, zone), zone)).toEqual(todayRange(now, zone));
      }),
      { numRuns: 2_000 },
    );
  });
});
