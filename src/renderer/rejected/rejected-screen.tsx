import { IconCircleCheck, IconSearchOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';
import parts from '../ui/parts.module.css';
import { RejectedCase } from './rejected-case.tsx';
import css from './rejected.module.css';
import { ReasonFilter } from './reason-filter.tsx';
import { useRejectedColumns } from './rejected-columns.tsx';

const rowHeight = 32;
const keyOf = (record: RejectedRecord): string => `${record.source} ${record.key}`;

/** Records that could not be read, each with why in words and what can be done. */
export function RejectedScreen({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  // How often each was seen moves with passes that tell of nothing new.
  useEffect(() => void rejected.reload(), [rejected]);
  const search = useStore(rejected.filter, (state) => state.search);
  const shelf = useStore(rejected, (state) => state.extra);
  const rows = useStore(rejected, (state) => state.rows);
  const [key, setKey] = useState<string | null>(null);
  const [chosen, setChosen] = useState<RejectedRecord | null>(null);
  const choice = useMemo(
    () => ({
      active: key,
      choose: (to: string | null) => {
        setKey(to);
        const { rows: now } = rejected.getState();
        setChosen(now.find((row) => row !== undefined && keyOf(row) === to) ?? null);
      },
    }),
    [key, rejected],
  );
  useListFocus(ids.list, rows.length > 0);
  const fresh = rows.find((row) => row !== undefined && keyOf(row) === key) ?? chosen;
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <h1 className={parts.heading}>{t('waiting.kinds.rejected')}</h1>
        <SearchField
          id={ids.search}
          listId={ids.list}
          label={t('rejected.search')}
          value={search}
          onSearch={(text) => rejected.ask({ search: text })}
        />
      </div>
      <ReasonFilter shelf={shelf} />
      <div className={css.body}>
        <Panel title={t('waiting.kinds.rejected')} side={<Shown />}>
          <Rows id={ids.list} choice={choice} />
        </Panel>
        <RejectedCase record={fresh} />
      </div>
    </div>
  );
}

function Shown(): ReactNode {
  const format = useFormat();
  const count = useStore(useServices().rejected, (state) => state.count);
  return <span className={css.quiet}>{count === null ? '' : format.number(count)}</span>;
}

function Rows(props: {
  id: string;
  choice: { active: string | null; choose: (key: string | null) => void };
}): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  const format = useFormat();
  const { count, rows, extra, failure } = useStore(rejected);
  const columns = useRejectedColumns();
  if (count === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void rejected.reload()} />;
  if (count === null) return <Bones rows={14} height={rowHeight} head />;
  if (count === 0 && extra !== null && extra.total > 0)
    return (
      <EmptyState icon={IconSearchOff} title={t('rejected.noHits')}>
        {t('rejected.noHitsText', { number: format.number(extra.total) })}
      </EmptyState>
    );
  if (count === 0)
    return (
      <EmptyState icon={IconCircleCheck} title={t('rejected.empty')}>
        {t('rejected.emptyText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={props.id}
      label={t('waiting.kinds.rejected')}
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      rowHeight={rowHeight}
      onLook={rejected.look}
      choice={props.choice}
    />
  );
}
