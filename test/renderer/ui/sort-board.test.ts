import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardRow } from '../../../src/shared/contract/deals.ts';
import { groupsOf, rankBoard, sortBoard, type BoardColumn } from '../../../src/renderer/ui/sort-board.ts';

const compare = (a: string, b: string): number => a.localeCompare(b, 'sv');
const row = (name: string, deals: number, commission: number, more: Partial<BoardRow> = {}): BoardRow => ({
  user_id: name,
  name,
  group: 'A',
  deals,
  commission,
  sms: 10,
  conversion: deals / 10,
  ...more,
});

describe('rankBoard', () => {
  it('ranks by deals, then commission, and lets equals share a rank', () => {
    const board = [row('d', 1, 5), row('a', 3, 10), row('c', 2, 10), row('b', 2, 10)];
    expect(rankBoard(board, compare).map(({ name, rank }) => [name, rank])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 4],
    ]);
  });
});

describe('sortBoard', () => {
  it('puts rows without a conversion last in both directions', () => {
    const rows = rankBoard(
      [row('none', 5, 1, { conversion: null, sms: 0 }), row('low', 1, 1), row('high', 4, 1)],
      compare,
    );
    const names = (direction: 'ascending' | 'descending'): string[] =>
      sortBoard(rows, { by: 'conversion', direction }, compare).map((one) => one.name);
    expect(names('ascending')).toEqual(['low', 'high', 'none']);
    expect(names('descending')).toEqual(['high', 'low', 'none']);
  });

  it('keeps every row and its rank whatever the column', () => {
    const columns: BoardColumn[] = ['rank', 'name', 'group', 'deals', 'commission', 'sms', 'conversion'];
    const rows = fc.array(
      fc.record({
        deals: fc.nat(9),
        commission: fc.nat(9),
        group: fc.option(fc.constantFrom('A', 'B')),
        conversion: fc.option(fc.float({ min: 0, max: 2, noNaN: true })),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(...columns),
        fc.constantFrom('ascending' as const, 'descending' as const),
        (drawn, by, direction) => {
          const board = rankBoard(
            drawn.map((one, i) => row(`agent ${i}`, one.deals, one.commission, one)),
            compare,
          );
          const sorted = sortBoard(board, { by, direction }, compare);
          expect(new Set(sorted)).toEqual(new Set(board));
          if (by === 'deals') {
            const sign = direction === 'ascending' ? 1 : -1;
            for (let i = 1; i < sorted.length; i++)
              expect(sign * ((sorted[i]?.deals ?? 0) - (sorted[i - 1]?.deals ?? 0))).toBeGreaterThanOrEqual(
                0,
              );
          }
        },
      ),
    );
  });
});

it('lists each group once, in order, without the groupless', () => {
  expect(
    groupsOf(
      [row('a', 1, 1, { group: 'Ö' }), row('b', 1, 1, { group: null }), row('c', 1, 1), row('d', 1, 1)],
      compare,
    ),
  ).toEqual(['A', 'Ö']);
});
