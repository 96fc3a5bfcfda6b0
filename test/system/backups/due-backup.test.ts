import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localToInstant } from '../../../src/shared/business-day.ts';
import { dueBackup } from '../../../src/main/system/backups/due-backup.ts';

const zone = 'Europe/Stockholm';
const at = (local: string) => localToInstant(local, zone);

describe('the daily backup is due', () => {
  it.each([
    ['none was made', '2026-11-22T10:00:00', null, '2026-11-22T03:00:00'],
    ['none was made, before the hour', '2026-11-22T01:00:00', null, '2026-11-21T03:00:00'],
    ["today's was made", '2026-11-22T10:00:00', '2026-11-22T03:00:05', '2026-11-23T03:00:00'],
    ["today's is still to come", '2026-11-22T02:00:00', '2026-11-21T03:00:05', '2026-11-22T03:00:00'],
    ['the machine was off at the hour', '2026-11-22T08:00:00', '2026-11-21T03:00:05', '2026-11-22T03:00:00'],
    ['the machine was off for a week', '2026-11-22T08:00:00', '2026-11-14T03:00:05', '2026-11-22T03:00:00'],
    ['it was made late yesterday', '2026-11-22T02:00:00', '2026-11-21T23:00:00', '2026-11-22T03:00:00'],
    ['the clock was set back', '2026-11-22T10:00:00', '2027-01-01T03:00:00', '2026-11-22T03:00:00'],
  ])('where %s', (_what, now, last, due) => {
    expect(dueBackup(at(now), last === null ? null : at(last), zone, 3)).toEqual(at(due));
  });

  it('once a day, also on the days of 23 and 25 hours and at every hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom('2026-03-27T00:00:00', '2026-10-23T00:00:00', '2026-12-30T00:00:00'),
        fc.integer({ min: 1, max: 90 }),
        (hour, from, stepMinutes) => {
          const made: Date[] = [];
          const end = at(from).getTime() + 5 * 86_400_000;
          for (let now = at(from).getTime(); now < end; now += stepMinutes * 60_000) {
            const due = dueBackup(new Date(now), made.at(-1) ?? null, zone, hour);
            if (due.getTime() <= now) made.push(new Date(now));
          }
          // The first makes up for the day before, then one for each of five days at most.
          expect(made.length).toBeGreaterThanOrEqual(5);
          expect(made.length).toBeLessThanOrEqual(6);
        },
      ),
    );
  });
});
