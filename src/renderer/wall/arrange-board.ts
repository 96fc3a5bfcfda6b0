import type { GroupRow } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import type { WallMetric } from '../../shared/contract/wall-plan.ts';

/** A row with its standing: equals share a place (1, 2, 2, 4). */
export interface Placed {
  readonly row: BoardRow;
  readonly rank: number;
  /** Share of what the leader has, 0 to 1. */
  readonly share: number;
}

/** Numbers the rows of a board, which come in order of their deals, by what the board is about. */
export function placeRows(board: readonly BoardRow[], metric: WallMetric = 'deals'): Placed[] {
  const worth = ({ [metric]: value }: BoardRow): number => value ?? -1;
  // A sort that keeps the order of equals, so that deals and names still count among them.
  const rows = metric === 'deals' ? board : [...board].sort((a, b) => worth(b) - worth(a));
  const most = rows.reduce((found, row) => Math.max(found, worth(row)), 0) || 1;
  const alike = (a: BoardRow, b: BoardRow): boolean =>
    worth(a) === worth(b) && (metric !== 'deals' || a.commission === b.commission);
  let rank = 1;
  return rows.map((row, index) => {
    const before = rows[index - 1];
    if (!before || !alike(before, row)) rank = index + 1;
    return { row, rank, share: Math.max(0, worth(row)) / most };
  });
}

/** A group's standing as a row of a board. */
export function rowOfGroup({ group, deals, commission, sms, conversion }: GroupRow): BoardRow {
  return { user_id: group, name: group, group, deals, commission, sms, conversion };
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

/** Heights in units: the least a row may have, and the most it is worth. */
const leastRow = 8.2;
const mostRow = 22;
/** What a note below the rows takes, in units. */
export const turnNote = 3.6;

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
