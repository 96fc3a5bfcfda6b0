import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createZoneTime, dayText, placeInMonth } from '../../src/main/sandbox/zone-time.ts';

const stockholm = createZoneTime('Europe/Stockholm');
const iso = (instant: number) => new Date(instant).toISOString();
const day = (text: string) => Date.parse(text) / 86_400_000;

test('a day begins at local midnight, also when it has 23 or 25 hours', () => {
  expect(iso(stockholm.startOfDay(day('2026-03-29')))).toBe('2026-03-28T23:00:00.000Z');
  expect(iso(stockholm.startOfDay(day('2026-03-30')))).toBe('2026-03-29T22:00:00.000Z');
  expect(iso(stockholm.startOfDay(day('2026-10-25')))).toBe('2026-10-24T22:00:00.000Z');
  expect(iso(stockholm.startOfDay(day('2026-10-26')))).toBe('2026-10-25T23:00:00.000Z');
});

test('the last millisecond of a year belongs to its last day', () => {
  expect(dayText(stockholm.dayOf(Date.parse('2026-12-31T22:59:59.999Z')))).toBe('2026-12-31');
  expect(dayText(stockholm.dayOf(Date.parse('2026-12-31T23:00:00.000Z')))).toBe('2027-01-01');
});

test('knows where a day stands in its month', () => {
  expect(placeInMonth(day('2028-02-29'))).toEqual({
    dayOfMonth: 29,
    daysInMonth: 29,
    firstDay: day('2028-02-01'),
  });
});

test.each(['Europe/Stockholm', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'America/Havana'])(
  'in %s every instant lies in exactly the day it is said to lie in',
  (timeZone) => {
    const zone = createZoneTime(timeZone);
    const instants = fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2032, 0, 1) });
    fc.assert(
      fc.property(instants, (instant) => {
        const number = zone.dayOf(instant);
        return zone.startOfDay(number) <= instant && instant < zone.startOfDay(number + 1);
      }),
      { numRuns: 300 },
    );
  },
);
