import { IconTrophy } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import { useBoardColumns } from '../ui/board-columns.tsx';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useFairBoard } from '../ui/fair-board.tsx';
import { Age } from '../ui/figures.tsx';
import { GroupFilter } from '../ui/group-filter.tsx';
import {
  groupsOf,
  nextSort,
  rankBoard,
  sortBoard,
  type BoardColumn,
  type BoardSort,
} from '../ui/sort-board.ts';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';

const rowHeight = 32;

/** The standing of every agent today; sortable, of one group or all. */
export function Board(props: { id: string; group: string | null; onClearGroup: () => void }): ReactNode {
  const { t } = useTranslation();
  const { today, fairToday } = useServices();
  const { data } = useResource(today);
  const facts = useResource(fairToday).data;
  const format = useFormat();
  const [sort, setSort] = useState<BoardSort>({ by: 'rank', direction: 'ascending' });
  const ranked = useMemo(() => rankBoard(data?.board ?? [], format.compare), [data?.board, format]);
  const fair = useFairBoard(ranked, facts);
  const rows = useMemo(() => {
    const shown = props.group === null ? fair.rows : fair.rows.filter((row) => row.group === props.group);
    return sortBoard(shown, sort, format.compare);
  }, [fair.rows, props.group, sort, format]);
  const columns = useBoardColumns('agents', fair.marks);
  if (data === null) return <Bones rows={12} height={rowHeight} head />;
  if (ranked.length === 0) return <NoDeals />;
  return (
    <div className={parts.withRest}>
      <VirtualTable
        id={props.id}
        label={t('board.title')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.user_id}
        rowHeight={rowHeight}
        sorting={sort}
        onSort={(column) => setSort((before) => nextSort(before, column as BoardColumn))}
      />
      {fair.rest}
    </div>
  );
}

function NoDeals(): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().sync);
  const last = data?.sources.find((source) => source.source === 'deals')?.last_complete_at ?? null;
  return (
    <EmptyState icon={IconTrophy} title={t('board.empty')}>
      {last === null ? (
        t('board.neverRead')
      ) : (
        <>
          {t('figures.lastLooked')} <Age at={last} />.
        </>
      )}
    </EmptyState>
  );
}

/** Chooses one group of today's board. */
export function TodayGroupFilter(props: {
  value: string | null;
  onChange: (group: string | null) => void;
}): ReactNode {
  const { data } = useResource(useServices().today);
  const format = useFormat();
  return <GroupFilter {...props} groups={groupsOf(data?.board ?? [], format.compare)} />;
}
