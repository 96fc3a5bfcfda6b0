import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { HeldDeal } from '../../shared/contract/sync.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Money, Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './held.module.css';

const rowHeight = 32;
const keyOf = (deal: HeldDeal): string => deal.lead_id;

/** Every deal that would go, with what they are worth together. */
export function HeldDeals({ listId }: { listId: string }): ReactNode {
  const { t } = useTranslation();
  const { heldDeals } = useServices();
  const format = useFormat();
  const { count, rows, extra, stale, failure } = useStore(heldDeals);
  const columns = useDealColumns();
  const sum =
    count === null || extra === null || stale
      ? undefined
      : t('held.sum', {
          deals: t('held.dealCount', { count, number: format.number(count) }),
          money: format.money(extra),
        });
  return (
    <Panel title={t('held.deals')} side={<span className={css.sum}>{sum}</span>}>
      {count === null && failure !== null ? (
        <ErrorState failure={failure} onRetry={() => void heldDeals.startOver()} />
      ) : count === null || stale ? (
        <Bones rows={12} height={rowHeight} head />
      ) : (
        <VirtualTable
          id={listId}
          label={t('held.deals')}
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          rowHeight={rowHeight}
          onLook={heldDeals.look}
        />
      )}
    </Panel>
  );
}

function useDealColumns(): readonly Column<HeldDeal>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const optional = (value: string | null): ReactNode => (value === null ? '–' : <Name value={value} />);
    return [
      { key: 'lead', label: t('held.lead'), width: '68px', cell: (deal) => <Name value={deal.lead_id} /> },
      {
        key: 'agent',
        label: t('board.agent'),
        width: 'minmax(0, 1.2fr)',
        cell: (deal) => <Name value={deal.agent} />,
      },
      {
        key: 'group',
        label: t('held.group'),
        width: 'minmax(0, 0.75fr)',
        cell: (deal) => optional(deal.group),
      },
      {
        key: 'campaign',
        label: t('held.campaign'),
        width: 'minmax(0, 0.8fr)',
        cell: (deal) => optional(deal.campaign),
      },
      {
        key: 'deals',
        label: t('board.deals'),
        width: '54px',
        align: 'end',
        cell: (deal) => format.number(deal.multi_deals),
      },
      {
        key: 'commission',
        label: t('board.commission'),
        width: '92px',
        align: 'end',
        cell: (deal) => <Money value={deal.commission} />,
      },
      {
        key: 'ordered',
        label: t('held.ordered'),
        width: '104px',
        align: 'end',
        cell: (deal) => <Moment at={deal.order_date} />,
      },
    ];
  }, [t, format]);
}
