import { expect, it } from 'vitest';
import { revivalPause } from '../../src/main/electron/revive-window.ts';

it('a wall that dies again and again is tried at once, then ever more seldom, at least every minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 5_000].map(revivalPause)).toEqual([
    0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
  ]);
});
