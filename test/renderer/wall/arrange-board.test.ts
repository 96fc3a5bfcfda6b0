import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardRow } from '../../../src/shared/contract/deals.ts';
import { arrangeBoard, placeRows, spotOf } from '../../../src/renderer/wall/arrange-board.ts';

const row = (deals: number, commission = 0): BoardRow => ({
  user_id: String(deals),
  name: 'Agent',
  group: null,
  deals,
  commission,
  sms: 0,
  conversion: null,
});
const television = { width: 1833, height: 821 };
const unit = 10.8;

describe('places', () => {
  it('are shared by equals, and each row has its share of the most', () => {
    const placed = placeRows([row(4, 10), row(2, 9), row(2, 9), row(2, 8), row(0)]);
    expect(placed.map(({ rank }) => rank)).toEqual([1, 2, 2, 4, 5]);
    expect(placed.map(({ share }) => share)).toEqual([1, 0.5, 0.5, 0.5, 0]);
    expect(placeRows([row(0)])[0]).toMatchObject({ rank: 1, share: 0 });
  });

  it('go by what the board is about; who has none of it comes last', () => {
    const rows = [row(9, 10), row(5, 40), row(3, 40)];
    expect(placeRows(rows, 'commission').map(({ row: { deals }, rank }) => [deals, rank])).toEqual([
      [5, 1],
      [3, 1],
      [9, 3],
    ]);
    const rated = rows.map((one, n) => ({ ...one, conversion: [null, 0.5, 0][n] ?? null }));
    expect(placeRows(rated, 'conversion').map(({ row: { deals }, share }) => [deals, share])).toEqual([
      [5, 1],
      [3, 0],
      [9, 0],
    ]);
  });
});

describe('the board', () => {
  it('is one column while all fit, two equal ones while both do, then the first stay and the rest take turns', () => {
    expect(arrangeBoard(3, television, unit)).toMatchObject({ columns: 1, fixed: 3, pages: 1 });
    expect(arrangeBoard(12, television, unit)).toMatchObject({ columns: 2, fixed: 6, pages: 1 });
    expect(arrangeBoard(200, television, unit)).toMatchObject({
      columns: 2,
      fixed: 8,
      turning: 8,
      pages: 24,
    });
    const upright = { width: 1010, height: 1660 };
    expect(arrangeBoard(200, upright, unit)).toMatchObject({ columns: 1, fixed: 9, turning: 9 });
  });

  it('shows every place on some page, none twice, and none outside the room', () => {
    const rooms = fc.record({
      width: fc.integer({ min: 300, max: 4_000 }),
      height: fc.integer({ min: 200, max: 2_200 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), rooms, (count, room) => {
        const scale = Math.min(room.height / 80, room.width / 150);
        const arranged = arrangeBoard(count, room, scale);
        const seen = new Set<number>();
        for (let page = 0; page < arranged.pages; page += 1) {
          const taken = new Set<string>();
          for (let place = 0; place < count; place += 1) {
            const spot = spotOf(place, page, arranged);
            if (!spot) continue;
            seen.add(place);
            expect(taken.has(`${spot.column} ${spot.line}`)).toBe(false);
            taken.add(`${spot.column} ${spot.line}`);
            expect(spot.column).toBeLessThan(arranged.columns);
            expect((spot.line + 1) * arranged.rowHeight).toBeLessThanOrEqual(room.height + 0.01);
          }
        }
        expect(seen.size).toBe(count);
      }),
    );
  });
});
