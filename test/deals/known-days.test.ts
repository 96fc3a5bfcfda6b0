import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/main/deals/board-period.ts';
import { knownFrom } from '../../src/main/deals/known-days.ts';
import { readKnownFrom } from '../../src/main/deals/known-days-store.ts';
import { appendAudit } from '../../src/main/system/audit.ts';
import { finishRun, startRun, type RunKind } from '../../src/main/system/sync-runs.ts';
import { usePassOffice } from './pass-office.ts';

const office = usePassOffice();
const zone = 'Europe/Stockholm';
const before = { from: '2026-10-02', to: '2026-11-30' };

describe('what is known', () => {
  const since = { from: '2026-10-25', to: null };

  it('begins with the first day that was read, and is not worth a word where that is all of the days', () => {
    expect(knownFrom(before, [since])).toBe('2026-10-25');
    expect(knownFrom({ from: '2026-10-25', to: '2026-11-30' }, [since])).toBeNull();
    expect(knownFrom(before, [])).toBeNull();
  });

  it('is nothing of days before the first, whatever stands on them', () => {
    expect(knownFrom({ from: '2025-01-01', to: '2025-02-28' }, [since])).toBe('2026-10-25');
  });

  it('goes back as far as stretches touch', () => {
    const touching = { from: '2026-09-01', to: '2026-10-24' };
    expect(knownFrom(before, [since, touching])).toBeNull();
    expect(knownFrom(before, [since, { ...touching, to: '2026-10-23' }])).toBe('2026-10-25');
    expect(knownFrom({ from: '2026-08-01', to: '2026-09-30' }, [since, touching])).toBe('2026-09-01');
  });

  it('has, from its first day on, every day of the period', () => {
    const day = fc.integer({ min: 0, max: 60 }).map((count) => addDays('2026-01-01', count));
    const stretch = fc.record({ from: day, to: fc.option(day) });
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 5 }), day, fc.nat(20), (given, from, length) => {
        const stretches = given.filter((one) => one.to === null || one.to >= one.from);
        const days = { from, to: addDays(from, length) };
        const known = knownFrom(days, stretches);
        const isRead = (at: string) => stretches.some((one) => one.from <= at && (one.to ?? '9999') >= at);
        if (known === null) return;
        expect(known > days.from).toBe(true);
        for (let at = known; at <= days.to; at = addDays(at, 1)) expect(isRead(at)).toBe(true);
        if (known <= days.to) expect(isRead(addDays(known, -1))).toBe(false);
      }),
    );
  });
});

describe('in the database', () => {
  const run = async (
    kind: RunKind,
    start: string,
    end: string,
    state: 'complete' | 'incomplete' = 'complete',
  ) => {
    const { database, deps } = office.it;
    const range = { rangeStart: new Date(start), rangeEnd: new Date(end) };
    const { processId } = deps;
    const id = await startRun(database, { source: 'deals', kind, trigger: 'person', processId, ...range });
    await finishRun(database, id, { state });
  };
  const known = (days = before) => readKnownFrom(office.it.database, days, zone);

  it('the first whole window counts, what was not read whole does not, and an earlier reading on request does', async () => {
    expect(await known()).toBeNull();
    await run('window', '2026-07-24T22:00:00Z', '2026-10-31T23:00:00Z', 'incomplete');
    await run('delta', '2026-09-24T22:00:00Z', '2026-10-31T23:00:00Z');
    await run('window', '2026-10-24T22:00:00Z', '2026-11-30T23:00:00Z');
    await run('window', '2026-10-25T22:00:00Z', '2026-12-31T23:00:00Z');
    expect(await known()).toBe('2026-10-25');
    expect(await known({ from: '2026-10-25', to: '2026-11-30' })).toBeNull();
    await run('full', '2026-08-31T22:00:00Z', '2026-10-24T22:00:00Z');
    expect(await known()).toBeNull();
    expect(await known({ from: '2026-08-01', to: '2026-08-31' })).toBe('2026-09-01');
  });

  it('what the old server knew is known, and no more than that', async () => {
    const { database } = office.it;
    await run('window', '2026-10-24T22:00:00Z', '2026-11-30T23:00:00Z');
    const audit = { at: new Date(), actor: 'anna', console: 'test', action: 'legacy.import', target: 'old' };
    await database.transaction((tx) =>
      appendAudit(tx, { ...audit, after: { days: { from: '2026-03-01', to: '2026-05-31' } } }),
    );
    expect(await known({ from: '2026-04-01', to: '2026-04-30' })).toBeNull();
    expect(await known({ from: '2026-08-01', to: '2026-08-31' })).toBe('2026-10-25');
    await database.transaction((tx) =>
      appendAudit(tx, { ...audit, after: { days: { from: '2026-06-01', to: '2026-10-26' } } }),
    );
    expect(await known({ from: '2026-08-01', to: '2026-08-31' })).toBeNull();
  });
});
