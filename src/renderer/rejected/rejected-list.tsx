import { IconCircleCheck } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';

const rowHeight = 32;

/** Records that could not be read, each with why in words. */
export function RejectedList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  const { data, failure } = useResource(rejected);
  const columns = useRejectedColumns();
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
    <VirtualTable
      id={id}
      label={t('waiting.kinds.rejected')}
      columns={columns}
      rows={data.records}
      rowKey={(record) => `${record.source} ${record.key}`}
      rowHeight={rowHeight}
    />
  );
}

function useRejectedColumns(): readonly Column<RejectedRecord>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const why = (record: RejectedRecord): string => {
      const key = `rejected.reason.${record.reason}`;
      return i18n.exists(key) ? t(key as 'rejected.reason.status') : record.reason;
    };
    const source = (record: RejectedRecord): string => {
      const key = `sync.source.${record.source}`;
      return i18n.exists(key) ? t(key as 'sync.source.deals') : record.source;
    };
    return [
      {
        key: 'what',
        label: t('rejected.what'),
        width: 'minmax(110px, 0.8fr)',
        cell: (r) => <Name value={`${source(r)} ${r.key}`} />,
      },
      {
        key: 'why',
        label: t('rejected.why'),
        width: 'minmax(160px, 1.6fr)',
        cell: (r) => <span title={why(r)}>{why(r)}</span>,
      },
      {
        key: 'detail',
        label: t('rejected.detail'),
        width: 'minmax(80px, 0.8fr)',
        cell: (r) => (r.detail === null ? '–' : <Name value={r.detail} />),
      },
      { key: 'since', label: t('rejected.since'), width: '110px', cell: (r) => <Age at={r.first_seen} /> },
      {
        key: 'times',
        label: t('rejected.times'),
        width: '56px',
        align: 'end',
        cell: (r) => format.number(r.times),
      },
    ];
  }, [t, i18n, format]);
}
