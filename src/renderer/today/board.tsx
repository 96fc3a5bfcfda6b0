import { Select } from '@mantine/core';
import { IconFilter, IconTrophy } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age, Money, Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import {
  groupsOf,
  rankBoard,
  sortBoard,
  type BoardColumn,
  type BoardSort,
  type RankedRow,
} from './sort-board.ts';
import css from './today.module.css';

const rowHeight = 32;

/** The standing of every agent today; sortable, of one group or all. */
export function Board(props: { id: string; group: string | null; onClearGroup: () => void }): ReactNode {
  const { t } = useTranslation();
  const { today } = useServices();
  const { data } = useResource(today);
  const format = useFormat();
  const [sort, setSort] = useState<BoardSort>({ by: 'rank', direction: 'ascending' });
  const ranked = useMemo(() => rankBoard(data?.board ?? [], format.compare), [data?.board, format]);
  const rows = useMemo(() => {
    const shown = props.group === null ? ranked : ranked.filter((row) => row.group === props.group);
    return sortBoard(shown, sort, format.compare);
  }, [ranked, props.group, sort, format]);
  const columns = useBoardColumns();
  if (data === null) return <Bones rows={12} height={rowHeight} head />;
  if (ranked.length === 0) return <NoDeals />;
  return (
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

function useBoardColumns(): readonly Column<RankedRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: 'rank',
        label: t('board.rank'),
        width: '28px',
        align: 'end',
        sortable: true,
        cell: (row) => <span className={css.rank}>{row.rank}</span>,
      },
      {
        key: 'name',
        label: t('board.agent'),
        width: 'minmax(104px, 1.9fr)',
        sortable: true,
        cell: (row) => <Name value={row.name} />,
      },
      {
        key: 'group',
        label: t('board.group'),
        width: 'minmax(60px, 1fr)',
        sortable: true,
        cell: (row) =>
          row.group === null ? <span className={css.rank}>–</span> : <Name value={row.group} />,
      },
      {
        key: 'deals',
        label: t('board.deals'),
        width: '62px',
        align: 'end',
        sortable: true,
        cell: (row) => format.number(row.deals),
      },
      {
        key: 'commission',
        label: t('board.commission'),
        width: '98px',
        align: 'end',
        sortable: true,
        cell: (row) => <Money value={row.commission} />,
      },
      {
        key: 'sms',
        label: t('board.sms'),
        width: '46px',
        align: 'end',
        sortable: true,
        cell: (row) => format.number(row.sms),
      },
      {
        key: 'conversion',
        label: t('board.conversion'),
        width: '80px',
        align: 'end',
        sortable: true,
        cell: (row) =>
          row.conversion === null ? <span className={css.rank}>–</span> : format.rate(row.conversion),
      },
    ],
    [t, format],
  );
}

/** Chooses one group; hidden where there is nothing to choose. */
export function GroupFilter(props: {
  value: string | null;
  onChange: (group: string | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().today);
  const format = useFormat();
  const groups = groupsOf(data?.board ?? [], format.compare);
  if (groups.length < 2) return null;
  return (
    <Select
      size="xs"
      w={170}
      data={groups}
      value={props.value}
      onChange={props.onChange}
      placeholder={t('board.allGroups')}
      aria-label={t('board.groupFilter')}
      leftSection={<IconFilter size={14} aria-hidden />}
      clearable
      searchable={groups.length > 8}
    />
  );
}
