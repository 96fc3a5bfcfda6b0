import type { GroupRow } from '../../shared/contract/boards.ts';
import type { WallFigure } from '../../shared/contract/wall-plan.ts';

/** A group in the battle: its place, how far it is, and how far behind the first. */
export interface Lane {
  readonly group: GroupRow;
  readonly rank: number;
  readonly value: number;
  /** Share of what the leader has, 0 to 1. */
  readonly share: number;
  readonly behind: number;
  /** For each of its agents, since groups are of different sizes; null without agents. */
  readonly each: number | null;
}

/** Most groups that can be told apart from afar. */
export const mostLanes = 6;

/** The groups against each other, the best first; equals share a place. */
export function lineUpGroups(groups: readonly GroupRow[], figure: WallFigure): Lane[] {
  const inOrder = [...groups].sort((a, b) => b[figure] - a[figure] || b.deals - a.deals);
  const most = Math.max(0, inOrder[0]?.[figure] ?? 0);
  let rank = 1;
  return inOrder.slice(0, mostLanes).map((group, index) => {
    const value = group[figure];
    if (value !== inOrder[index - 1]?.[figure]) rank = index + 1;
    const share = most > 0 ? Math.max(0, value) / most : 0;
    const each = group.agents > 0 ? value / group.agents : null;
    return { group, rank, value, share, behind: most - value, each };
  });
}
