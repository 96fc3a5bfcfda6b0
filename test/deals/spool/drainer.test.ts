import { describe, expect, it } from 'vitest';
import { startDrainer } from '../../../src/main/deals/spool/drainer.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../pass-office.ts';

function open(end: () => 'empty' | 'left' | Error) {
  const clock = createFakeClock();
  const state = { isThere: true, waiting: 1, rounds: [] as number[], ended: 0 };
  const drainer = startDrainer({
    clock,
    log: silentLog,
    random: () => 0,
    isThere: () => state.isThere,
    waits: () => state.waiting > 0,
    drain() {
      state.rounds.push(clock.monotonic());
      const how = end();
      if (how === 'empty') state.waiting = 0;
      return how instanceof Error ? Promise.reject(how) : Promise.resolve(how);
    },
    onRound: () => (state.ended += 1),
  });
  return { clock, state, drainer };
}

describe('the drainer', () => {
  it('saves at once what waits at the start, before passes begin, and rests', async () => {
    const { clock, state, drainer } = open(() => 'empty');
    expect(drainer.isFirst()).toBe(true);
    await clock.advance(60_000);
    expect([state.rounds, drainer.isFirst()]).toEqual([[0], false]);
    await drainer.close();
  });

  it('tries again with longer pauses, and lets passes go on after the first try', async () => {
    const { clock, state, drainer } = open(() => 'left');
    await clock.advance(0);
    expect(drainer.isFirst()).toBe(false);
    await clock.advance(4_000);
    expect(state.rounds).toEqual([0, 250, 750, 1_750, 3_750]);
    await clock.advance(60_000);
    const pauses = state.rounds.map((at, n) => at - (state.rounds[n - 1] ?? 0));
    expect(Math.max(...pauses)).toBe(10_000);
    // Nobody hurries what fails.
    const before = state.rounds.length;
    drainer.wake();
    await clock.advance(100);
    expect(state.rounds).toHaveLength(before);
    await drainer.close();
  });

  it('asks nothing of a database that is away, and is first again when it is back', async () => {
    let fails = true;
    const away = new OpsdeckError('DATABASE_AWAY', 'away');
    const { clock, state, drainer } = open(() => (fails ? away : 'empty'));
    await clock.advance(0);
    state.isThere = false;
    drainer.wake();
    await clock.advance(300_000);
    expect(state.rounds).toEqual([0]);
    fails = false;
    state.isThere = true;
    expect(drainer.isFirst()).toBe(true);
    drainer.wake();
    await clock.advance(0);
    expect([state.rounds.length, drainer.isFirst()]).toEqual([2, false]);
    await drainer.close();
  });
});
