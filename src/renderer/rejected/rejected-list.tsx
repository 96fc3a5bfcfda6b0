import { IconCircleCheck } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './rejected.module.css';

const rowHeight = 32;

/** Records that could not be read, each with why in words. */
export function RejectedList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  const { data, failure } = useResource(rejected);
  const columns = useRejectedColumns();
  const format = useFormat();
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void rejected.reload()} />;
  if (data === null) return <Bones rows={8} height={rowHeight} head />;
  if (data.records.length === 0)
    return (
      <EmptyState icon={IconCircleCheck} title={t('rejected.empty')}>
        {t('rejected.emptyText')}
      </EmptyState>
    );
  return (
    <div className={css.list}>
      {data.records.length < data.count ? (
        <p className={css.note}>
          {t('rejected.shownOf', {
            shown: format.number(data.records.length),
            number: format.number(data.count),
          })}
        </p>
      ) : (
        <div />
      )}
      <VirtualTable
        id={id}
        label={t('waiting.kinds.rejected')}
        columns={columns}
        rows={data.records}
        rowKey={keyOf}
        rowHeight={rowHeight}
      />
    </div>
  );
}

function keyOf(record: RejectedRecord): string {
  return `${record.source} ${record.key}`;
}

function useRejectedColumns(): readonly Column<RejectedRecord>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const day = useResource(useServices().today).data?.day;
  return useMemo(() => {
    const why = (record: RejectedRecord): string => {
      const key = `rejected.reason.${record.reason}`;
      return i18n.exists(key) ? t(key as 'rejected.reason.status') : record.reason;
    };
    const what = (record: RejectedRecord): string => {
      const key = `rejected.record.${record.source}`;
      const named = i18n.exists(key) ? t(key as 'rejected.record.deals') : record.source;
      return `${named} ${record.key}`;
    };
    return [
      {
        key: 'what',
        label: t('rejected.what'),
        width: 'minmax(118px, 0.9fr)',
        cell: (r) => <Name value={what(r)} />,
      },
      {
        key: 'why',
        label: t('rejected.why'),
        width: 'minmax(130px, 1.5fr)',
        cell: (r) => <span title={why(r)}>{why(r)}</span>,
      },
      {
        key: 'detail',
        label: t('rejected.detail'),
        width: 'minmax(60px, 0.8fr)',
        cell: (r) => (r.detail === null ? '–' : <Name value={r.detail} />),
      },
      {
        key: 'since',
        label: t('rejected.since'),
        width: '104px',
        cell: (r) => <Moment at={r.first_seen} {...(day === undefined ? {} : { today: day })} />,
      },
      {
        key: 'times',
        label: t('rejected.times'),
        width: '56px',
        align: 'end',
        cell: (r) => format.number(r.times),
      },
    ];
  }, [t, i18n, format, day]);
}
