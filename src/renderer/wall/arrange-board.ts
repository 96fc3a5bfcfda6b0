import type { BoardRow } from '../../shared/contract/deals.ts';

/** A row with its standing: equals share a place (1, 2, 2, 4). */
export interface Placed {
  readonly row: BoardRow;
  readonly rank: number;
  /** Share of the leader's deals, 0 to 1. */
  readonly share: number;
}

/** Numbers the rows of a board, which come in order. */
export function placeRows(board: readonly BoardRow[]): Placed[] {
  const most = Math.max(1, ...board.map((row) => row.deals));
  let rank = 1;
  return board.map((row, index) => {
    const before = board[index - 1];
    if (!before || before.deals !== row.deals || before.commission !== row.commission) rank = index + 1;
    return { row, rank, share: Math.max(0, row.deals) / most };
  });
}

/** How a board is laid out: the first `fixed` places always, the others by turns in what room is left. */
export interface Arrangement {
  readonly columns: 1 | 2;
  /** Height of a row in px. */
  readonly rowHeight: number;
  readonly fixed: number;
  /** Places shown by turns at a time; 0 when all fit. */
  readonly turning: number;
  readonly pages: number;
}

/** Heights in units: the least a row may have, the most it is worth, and what the note about turns takes. */
const leastRow = 8.2;
const mostRow = 17;
const turnNote = 3.6;

/** Lays `count` rows out in a room of this many px; `unit` is a hundredth of what the type is measured by. */
export function arrangeBoard(
  count: number,
  room: { width: number; height: number },
  unit: number,
): Arrangement {
  const isWide = room.width > room.height;
  const fit = Math.max(2, Math.floor(room.height / (leastRow * unit)));
  if (count <= fit || (isWide && count <= 2 * fit)) {
    const fixed = count <= fit ? count : Math.ceil(count / 2);
    const rowHeight = Math.min(room.height / Math.max(fixed, 1), mostRow * unit);
    const columns = fixed < count ? 2 : 1;
    return { columns, rowHeight, fixed, turning: columns === 2 ? fixed : 0, pages: 1 };
  }
  const height = room.height - turnNote * unit;
  const lines = Math.max(2, Math.floor(height / (leastRow * unit)));
  const fixed = isWide ? lines : Math.ceil(lines / 2);
  const turning = isWide ? lines : lines - fixed;
  const pages = Math.ceil((count - fixed) / turning);
  return { columns: isWide ? 2 : 1, rowHeight: height / lines, fixed, turning, pages };
}

/** Where a place is shown while a page has its turn; null while it has none. */
export function spotOf(
  place: number,
  page: number,
  arranged: Arrangement,
): { column: 0 | 1; line: number } | null {
  if (place < arranged.fixed) return { column: 0, line: place };
  if (arranged.turning === 0) return null;
  const turn = place - arranged.fixed;
  if (Math.floor(turn / arranged.turning) !== page) return null;
  const line = turn % arranged.turning;
  return arranged.columns === 2 ? { column: 1, line } : { column: 0, line: arranged.fixed + line };
}
