import { IconTrophy } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import { useBoardColumns } from '../ui/board-columns.tsx';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useFairBoard } from '../ui/fair-board.tsx';
import {
  nextSort,
  rankBoard,
  sortBoard,
  type BoardColumn,
  type BoardSort,
  type Standing,
} from '../ui/sort-board.ts';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';

const rowHeight = 32;
const byRank: BoardSort = { by: 'rank', direction: 'ascending' };

/** The standing of every agent or group over the period; sortable, of one group or all. */
export function StandingsTable(props: {
  id: string;
  board: BoardView | null;
  /** By what agents are marked; null: of groups, or not known yet. */
  fair: FairFacts | null;
  by: 'agents' | 'groups';
  group: string | null;
}): ReactNode {
  const { t } = useTranslation();
  const { board, by, group } = props;
  const format = useFormat();
  const [sort, setSort] = useState(byRank);
  const ranked = useMemo(
    () => rankBoard(board === null ? [] : standingsOf(board, by), format.compare),
    [board, by, format],
  );
  const fair = useFairBoard(ranked, props.fair);
  // A column that groups do not have cannot sort them.
  const sorting = by === 'groups' && sort.by === 'group' ? byRank : sort;
  const rows = useMemo(() => {
    const shown = group === null ? fair.rows : fair.rows.filter((row) => row.group === group);
    return sortBoard(shown, sorting, format.compare);
  }, [fair.rows, group, sorting, format]);
  const columns = useBoardColumns(by, fair.marks);
  if (board === null) return <Bones rows={14} height={rowHeight} head />;
  if (ranked.length === 0) {
    return (
      <EmptyState icon={IconTrophy} title={t('leaderboard.empty')}>
        {by === 'groups' && board.agents.length > 0 ? t('leaderboard.noGroups') : t('leaderboard.emptyText')}
      </EmptyState>
    );
  }
  return (
    <div className={parts.withRest}>
      <VirtualTable
        id={props.id}
        label={t(`leaderboard.tabs.${by}`)}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.user_id}
        rowHeight={rowHeight}
        sorting={sorting}
        onSort={(column) => setSort((before) => nextSort(before, column as BoardColumn))}
      />
      {fair.rest}
    </div>
  );
}

/** A group stands in the place of its name; no agent has its key. */
function standingsOf(board: BoardView, by: 'agents' | 'groups'): readonly Standing[] {
  if (by === 'agents') return board.agents;
  return board.groups.map((row) => ({ ...row, user_id: `group ${row.group}`, name: row.group, group: null }));
}
