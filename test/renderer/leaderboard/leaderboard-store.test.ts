import { expect, it } from 'vitest';
import type { BoardView } from '../../../src/shared/contract/boards.ts';
import { createLeaderboardStore } from '../../../src/renderer/leaderboard/leaderboard-store.ts';

const fair = { best: null, before: null, rookies: null, hide_last: 0 };
const boardOf = (period: string) => ({ board: { from: period, to: period } as BoardView, fair });
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('asks only while somebody looks', async () => {
  const asked: string[] = [];
  const store = createLeaderboardStore(
    async (period) => (asked.push(period), boardOf(period)),
    () => 0,
  );
  await store.reload();
  expect(asked).toEqual([]);
  const leave = store.watch();
  await settled();
  expect(asked).toEqual(['week']);
  leave();
  await store.reload();
  expect(asked).toEqual(['week']);
});

it('keeps what is shown until the other period has come, and ends with the one asked for last', async () => {
  const waiting: (() => void)[] = [];
  const store = createLeaderboardStore(
    (period) => new Promise((resolve) => waiting.push(() => resolve(boardOf(period)))),
    () => 0,
  );
  store.watch();
  waiting.shift()?.();
  await settled();
  store.show('month');
  store.show('2026-11-01..2026-11-02');
  expect(store.getState().data?.asked).toBe('week');
  for (let round = 0; round < 3; round++) {
    waiting.shift()?.();
    await settled();
  }
  expect(store.getState()).toMatchObject({ data: { asked: '2026-11-01..2026-11-02' }, loading: false });
});

it('says why a period did not come, and forgets it when nobody looks any more', async () => {
  const store = createLeaderboardStore(
    () => Promise.reject(new Error('no')),
    () => 0,
  );
  const leave = store.watch();
  await settled();
  expect(store.getState().failure).not.toBeNull();
  leave();
  expect(store.getState().failure).toBeNull();
});
