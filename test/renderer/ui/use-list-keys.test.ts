import { expect, it } from 'vitest';
import { moveInList, startOfMove } from '../../../src/renderer/ui/use-list-keys.ts';

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

it('goes on from a row that is still being fetched, not from the row chosen before', () => {
  const rows = [{ id: 'a' }, undefined, undefined];
  const key = (row: { id: string }): string => row.id;
  expect(startOfMove(rows, key, 'a', null)).toBe(0);
  expect(startOfMove(rows, key, 'a', 2)).toBe(2);
  expect(startOfMove(rows, key, 'gone', null)).toBe(-1);
});
