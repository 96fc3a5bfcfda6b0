import { useMediaQuery } from '@mantine/hooks';
import { IconHistory, IconSearchOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ClosedDuplicate } from '../../shared/contract/duplicates.ts';
import { usePageKeys } from '../page-keys.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { AgentChange } from './agent-change.tsx';
import { differsInWords } from './duplicate-words.ts';
import css from './duplicates.module.css';
import type { ListIds } from './duplicates-screen.tsx';
import { HistoryCase } from './history-case.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { Resolution } from './resolution.tsx';
import { UndoDecision } from './undo-decision.tsx';
import { useExportHistory } from './use-export-history.ts';

const rowHeight = 34;
const keyOf = (row: ClosedDuplicate): string => String(row.id);

/** What was decided, by whom and why; searchable, to save, and to take back. */
export function HistoryView({ ids, title }: { ids: ListIds; title: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { history } = useServices();
  const format = useFormat();
  const count = useStore(history.list, (state) => state.count);
  const [undoing, setUndoing] = useState<ClosedDuplicate | null>(null);
  const save = useExportHistory();
  const search = useStore(history, (state) => state.filter.search ?? '');
  const onSearch = useCallback((text: string) => history.ask({ search: text }), [history]);
  useEffect(() => history.open(), [history]);
  useListFocus(ids.list, (count ?? 0) > 0);
  const startUndo = (): boolean => {
    const { chosen } = history.getState();
    if (chosen?.status !== 'resolved') return false;
    setUndoing(chosen);
    return true;
  };
  usePageKeys((key) => {
    if (key === 'u') return startUndo();
    if (key !== 'e') return false;
    void save.start();
    return true;
  }, 'screen');
  return (
    <div className={css.screen}>
      <div className={css.head}>
        {title}
        <HistoryFilters save={save} />
      </div>
      <div className={css.historyBody}>
        <Panel
          title={t('duplicates.tabs.history')}
          head={
            <div className={css.searchHead}>
              <SearchField
                id={ids.search}
                listId={ids.list}
                label={t('duplicates.history.search')}
                value={search}
                onSearch={onSearch}
                width="100%"
              />
            </div>
          }
          side={count === null ? undefined : <span className={css.quiet}>{format.number(count)}</span>}
        >
          <Rows id={ids.list} />
        </Panel>
        <HistoryCase onUndo={startUndo} />
      </div>
      {undoing === null ? null : <UndoDecision closed={undoing} onClose={() => setUndoing(null)} />}
    </div>
  );
}

function Rows({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { history } = useServices();
  const { count, rows, failure } = useStore(history.list);
  const filter = useStore(history, (state) => state.filter);
  const chosen = useStore(history, (state) => state.chosen);
  const columns = useHistoryColumns();
  const choice = useMemo(
    () => ({
      active: chosen === null ? null : keyOf(chosen),
      choose: (key: string | null) => history.choose(key === null ? null : Number(key)),
    }),
    [chosen, history],
  );
  if (count === null && failure !== null) {
    return <ErrorState failure={failure} onRetry={() => void history.list.startOver()} />;
  }
  if (count === null) return <Bones rows={12} height={rowHeight} head />;
  if (count === 0) {
    const asked = Object.keys(filter).length > 0;
    return (
      <EmptyState
        icon={asked ? IconSearchOff : IconHistory}
        title={t(asked ? 'duplicates.history.noHits' : 'duplicates.history.empty')}
      >
        {t(asked ? 'duplicates.history.noHitsText' : 'duplicates.history.emptyText')}
      </EmptyState>
    );
  }
  return (
    <VirtualTable
      id={id}
      label={t('duplicates.tabs.history')}
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      rowHeight={rowHeight}
      onLook={history.list.look}
      choice={choice}
    />
  );
}

/** Where there is room; the comparison beside the list shows the same. */
function differs(t: TFunction): Column<ClosedDuplicate> {
  return {
    key: 'differs',
    label: t('duplicates.history.differs'),
    width: 'minmax(0, 0.9fr)',
    cell: (row) => <span title={differsInWords(row, t)}>{differsInWords(row, t)}</span>,
  };
}

function useHistoryColumns(): readonly Column<ClosedDuplicate>[] {
  const { t } = useTranslation();
  const isWide = useMediaQuery('(min-width: 1600px)');
  return useMemo(
    () => [
      {
        key: 'when',
        label: t('duplicates.history.when'),
        width: '104px',
        cell: (row) => <Moment at={row.resolved_at} />,
      },
      {
        key: 'lead',
        label: t('duplicates.history.lead'),
        width: '76px',
        cell: (row) => <Name value={row.lead_id} />,
      },
      {
        key: 'agent',
        label: t('duplicates.field.agent'),
        width: 'minmax(0, 1fr)',
        cell: (row) => <AgentChange of={row} />,
      },
      ...(isWide ? [differs(t)] : []),
      {
        key: 'decision',
        label: t('duplicates.history.decision'),
        width: '124px',
        cell: (row) => <Resolution of={row} />,
      },
      {
        key: 'by',
        label: t('duplicates.history.by'),
        width: 'minmax(0, 0.6fr)',
        cell: (row) => (row.resolved_by === null ? '–' : <Name value={row.resolved_by} />),
      },
    ],
    [t, isWide],
  );
}
