import { expect, it } from 'vitest';
import { moveInList } from '../../../src/renderer/ui/use-list-keys.ts';

it.each([
  ['j', -1, 3, 0],
  ['k', -1, 3, 0],
  ['j', 2, 3, 2],
  ['k', 0, 3, 0],
  ['End', 0, 10_000, 9_999],
  ['Home', 9_999, 10_000, 0],
  ['PageDown', 5, 10_000, 15],
  ['j', -1, 0, null],
  ['x', 0, 3, null],
])('%s from %d of %d', (key, from, count, to) => {
  expect(moveInList(key, from, count)).toBe(to);
});
