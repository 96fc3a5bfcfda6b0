import type { BoardRow } from '../../shared/contract/deals.ts';

export type BoardColumn =
  'rank' | 'name' | 'group' | 'agents' | 'deals' | 'commission' | 'sms' | 'conversion';
export interface BoardSort {
  readonly by: BoardColumn;
  readonly direction: 'ascending' | 'descending';
}
/** A row as boards show it: an agent's, or a group's with the number of its agents. */
export interface Standing extends BoardRow {
  readonly agents?: number;
}
/** A row with its standing over the whole board, whatever is filtered or sorted. */
export interface RankedRow extends Standing {
  readonly rank: number;
}

type Compare = (a: string, b: string) => number;

/** Rank 1 is most deals, then most commission; equals share a rank (1, 2, 2, 4). */
export function rankBoard(board: readonly Standing[], compare: Compare): RankedRow[] {
  const ordered = [...board].sort(
    (a, b) => b.deals - a.deals || b.commission - a.commission || compare(a.name, b.name),
  );
  let rank = 1;
  return ordered.map((row, index) => {
    const before = ordered[index - 1];
    const tied = before !== undefined && before.deals === row.deals && before.commission === row.commission;
    if (!tied) rank = index + 1;
    return { ...row, rank };
  });
}

function byColumn(a: RankedRow, b: RankedRow, column: BoardColumn, compare: Compare): number {
  switch (column) {
    case 'name':
      return compare(a.name, b.name);
    case 'group':
      return compare(a.group ?? '', b.group ?? '');
    case 'conversion':
    case 'agents':
      return (a[column] ?? 0) - (b[column] ?? 0);
    default:
      return a[column] - b[column];
  }
}

/** Rows in the order asked for. Rows without a group or a conversion come last in both directions; ties by rank. */
export function sortBoard(rows: readonly RankedRow[], sort: BoardSort, compare: Compare): RankedRow[] {
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const absent = (row: RankedRow): number =>
    (sort.by === 'conversion' && row.conversion === null) || (sort.by === 'group' && row.group === null)
      ? 1
      : 0;
  return [...rows].sort(
    (a, b) =>
      absent(a) - absent(b) ||
      sign * byColumn(a, b, sort.by, compare) ||
      a.rank - b.rank ||
      compare(a.name, b.name),
  );
}

/** The same column turns around; another starts with its most telling end. */
export function nextSort(before: BoardSort, column: BoardColumn): BoardSort {
  if (before.by === column) {
    return { by: column, direction: before.direction === 'ascending' ? 'descending' : 'ascending' };
  }
  const fromBelow = column === 'rank' || column === 'name' || column === 'group';
  return { by: column, direction: fromBelow ? 'ascending' : 'descending' };
}

/** The groups on a board, in order. */
export function groupsOf(board: readonly BoardRow[], compare: Compare): string[] {
  const names = new Set(board.flatMap((row) => (row.group === null ? [] : [row.group])));
  return [...names].sort(compare);
}
