import { IconSearchOff, IconUserPlus } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Account } from '../../shared/contract/accounts.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './accounts.module.css';

const rowHeight = 32;

/** The accounts that this office made, newest first; only looked-at pages are fetched. */
export function AccountList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const format = useFormat();
  const count = useStore(accounts.list, (state) => state.count);
  return (
    <Panel
      title={t('accounts.made')}
      side={<span className={css.quiet}>{count === null ? '' : format.number(count)}</span>}
    >
      <Rows id={id} />
    </Panel>
  );
}

function Rows({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const { count, rows, failure } = useStore(accounts.list);
  const search = useStore(accounts, (state) => state.search);
  const columns = useColumns();
  useListFocus(id, rows.length > 0);
  if (count === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void accounts.list.startOver()} />;
  if (count === null) return <Bones rows={14} height={rowHeight} head />;
  if (count === 0 && search !== '')
    return (
      <EmptyState icon={IconSearchOff} title={t('accounts.noHits')}>
        {t('accounts.noHitsText')}
      </EmptyState>
    );
  if (count === 0)
    return (
      <EmptyState icon={IconUserPlus} title={t('accounts.none')}>
        {t('accounts.noneText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={id}
      label={t('accounts.made')}
      columns={columns}
      rows={rows}
      rowKey={(account) => String(account.id)}
      rowHeight={rowHeight}
      onLook={accounts.list.look}
    />
  );
}

function useColumns(): readonly Column<Account>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'email',
        label: t('accounts.email'),
        width: 'minmax(0, 1.4fr)',
        cell: (account) => <Name value={account.email} />,
      },
      {
        key: 'name',
        label: t('accounts.name'),
        width: 'minmax(0, 1fr)',
        cell: (account) => <Name value={account.name} />,
      },
      {
        key: 'plan',
        label: t('accounts.plan'),
        width: 'minmax(0, 0.6fr)',
        cell: (account) => <Name value={account.plan} />,
      },
      {
        key: 'at',
        label: t('accounts.at'),
        width: '104px',
        cell: (account) => <Moment at={account.created_at} />,
      },
      {
        key: 'by',
        label: t('accounts.by'),
        width: '96px',
        cell: (account) => <Name value={account.created_by} />,
      },
    ],
    [t],
  );
}
