import { describe, expect, it } from 'vitest';
import { openDurableFile } from '../../src/main/storage/durable-file.ts';
import { createMemoryLedger, type PlingLedger } from '../../src/main/wall/pling-ledger.ts';
import { createPlingLedger } from '../../src/main/wall/pling-ledger-store.ts';
import { day, simulateWeek, type Fate } from './simulate-week.ts';

const at = (weekday: number, hour: number, minute = 0) => ((weekday - 1) * 24 + hour) * 60 + minute;
/** Something of everything, in office hours and out of them, also one right after the other. */
const fate: Fate = {
  kills: [at(1, 9, 30), at(1, 9, 31), at(2, 12), at(3, 16, 59), at(5, 13, 7), at(6, 3)],
  freezes: [at(1, 14), at(4, 10, 20), at(7, 11)],
  restarts: [at(2, 9, 45), at(2, 9, 47), at(4, 15), at(5, 9), at(7, 23)],
  sleeps: new Map([
    [at(1, 18), 14 * 60],
    [at(3, 11), 37],
    [at(6, 10), 200],
  ]),
  outages: new Map([
    [at(2, 14), 95],
    [at(5, 15), 20],
  ]),
  silences: new Map([[at(3, 13), 45]]),
  // Over restarts in the middle of a day, at its beginning, and over midnight.
  unplugged: new Map([
    [at(2, 9, 20), 60],
    [at(5, 8, 55), 30],
    [at(7, 22, 30), 60],
  ]),
};

describe('a week of the wall', () => {
  it('has one pling for each deal, no old board without a word about it, and a ledger that ends', async () => {
    const { sqlite } = openDurableFile(':memory:', 0);
    const ledger = (): PlingLedger => ({ ...createPlingLedger(sqlite), close: () => {} });
    const week = await simulateWeek(fate, ledger);
    expect(week.sold).toBe(7 * 8 * 60);
    expect(week.told).toBe(week.sold);
    // Almost every deal had its own moment; what came unheard was counted.
    expect(week.fanfares).toBeGreaterThan(week.sold * 0.8);
    expect(week.stale).toBeGreaterThan(0);
    expect(week.lies).toEqual([]);
    expect(week.slowestRecovery).toBeGreaterThan(0);
    expect(week.slowestRecovery).toBeLessThan(60_000);
    expect(week.displaced).toBe(0);
    const written = sqlite.prepare('select count(*) from plings').pluck();
    expect(written.get()).toBe(week.sold);
    ledger().prune(new Date(Date.parse('2026-11-30T00:00:00Z') - 3 * day));
    expect(written.get()).toBe(3 * 8 * 60);
  });

  it('of a wall that keeps its ledger in memory alone has deals told again or not at all', async () => {
    const week = await simulateWeek(fate, createMemoryLedger);
    expect(week.told).not.toBe(week.sold);
  });

  it('of a wall that tells when it fetched its board, not when the board was read, has lies in it', async () => {
    const ledger = createMemoryLedger();
    const week = await simulateWeek(fate, () => ({ ...ledger, close: () => {} }), {
      ageOf: 'fetch',
    });
    expect(week.told).toBe(week.sold);
    expect(week.lies.length).toBeGreaterThan(0);
  });

  it('of a wall that goes by the display it is shown on has deals told again when its own is back', async () => {
    const ledger = createMemoryLedger();
    const week = await simulateWeek(fate, () => ({ ...ledger, close: () => {} }), { displayOf: 'shown' });
    expect(week.told).toBeGreaterThan(week.sold);
  });
});
