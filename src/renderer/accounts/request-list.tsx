import { IconAlertTriangle, IconCircleCheck, IconClockHour4, IconDeviceFloppy } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { arrangeRequests, type ShownRequest } from './arrange-requests.ts';

const rowHeight = 32;

/** What was asked for and has no account: kept on this computer, open, or refused with the reason. */
export function RequestList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('accounts.requests')}>
      <Rows id={id} />
    </Panel>
  );
}

function Rows({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const requests = useResource(accounts.requests);
  const kept = useResource(accounts.kept);
  const rows = useMemo(
    () => arrangeRequests(kept.data ?? [], requests.data?.requests ?? []),
    [kept.data, requests.data],
  );
  const columns = useColumns();
  useListFocus(id, rows.length > 0);
  if (rows.length === 0 && requests.failure !== null)
    return <ErrorState failure={requests.failure} onRetry={() => void accounts.requests.reload()} />;
  if (requests.data === null && rows.length === 0) return <Bones rows={12} height={rowHeight} head />;
  if (rows.length === 0)
    return (
      <EmptyState icon={IconCircleCheck} title={t('accounts.noRequests')}>
        {t('accounts.noRequestsText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={id}
      label={t('accounts.requests')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowHeight={rowHeight}
    />
  );
}

function useColumns(): readonly Column<ShownRequest>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'state',
        label: t('accounts.list.state'),
        width: '150px',
        cell: (row) => <State of={row.state} />,
      },
      {
        key: 'email',
        label: t('accounts.email'),
        width: 'minmax(0, 1fr)',
        cell: (row) => <Name value={row.email} />,
      },
      {
        key: 'plan',
        label: t('accounts.plan'),
        width: 'minmax(0, 0.4fr)',
        cell: (row) => <Name value={row.plan} />,
      },
      {
        key: 'message',
        label: t('accounts.list.why'),
        width: 'minmax(0, 1.6fr)',
        cell: (row) => (row.message === null ? null : <Name value={row.message} />),
      },
      { key: 'by', label: t('accounts.askedBy'), width: '96px', cell: (row) => <Name value={row.actor} /> },
      { key: 'at', label: t('accounts.askedAt'), width: '104px', cell: (row) => <Moment at={row.at} /> },
    ],
    [t],
  );
}

function State({ of }: { of: ShownRequest['state'] }): ReactNode {
  const { t } = useTranslation();
  const word = t(`accounts.state.${of}`);
  if (of === 'refused')
    return (
      <StateWord tone="bad" icon={IconAlertTriangle}>
        {word}
      </StateWord>
    );
  return (
    <StateWord
      tone={of === 'kept' ? 'warn' : 'plain'}
      icon={of === 'kept' ? IconDeviceFloppy : IconClockHour4}
    >
      {word}
    </StateWord>
  );
}
