import { describe, expect, it } from 'vitest';
import type { GroupRow } from '../../../src/shared/contract/boards.ts';
import { lineUpGroups, mostLanes } from '../../../src/renderer/wall/line-up-groups.ts';

const group = (name: string, deals: number, commission: number, agents = 2): GroupRow => ({
  group: name,
  agents,
  deals,
  commission,
  sms: 0,
  conversion: null,
});

describe('the battle of groups', () => {
  it('puts the best first and tells how far behind the others are', () => {
    const lanes = lineUpGroups([group('A', 4, 900), group('B', 10, 100), group('C', 4, 800, 0)], 'deals');
    expect(
      lanes.map(({ group: { group: name }, rank, behind, share }) => [name, rank, behind, share]),
    ).toEqual([
      ['B', 1, 0, 1],
      ['A', 2, 6, 0.4],
      ['C', 2, 6, 0.4],
    ]);
    expect(lanes.map(({ each }) => each)).toEqual([5, 2, null]);
    expect(lineUpGroups([group('A', 4, 900), group('B', 10, 100)], 'commission')[0]?.group.group).toBe('A');
  });

  it('divides by nothing where nobody sold, and shows no more than can be read', () => {
    expect(lineUpGroups([group('A', 0, 0)], 'commission')[0]).toMatchObject({ share: 0, behind: 0 });
    const many = Array.from({ length: 20 }, (_, n) => group(`G${n}`, n, n));
    expect(lineUpGroups(many, 'deals')).toHaveLength(mostLanes);
    expect(lineUpGroups([], 'deals')).toEqual([]);
  });
});
