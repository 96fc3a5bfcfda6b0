import { IconCloudUpload, IconInbox } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DealView } from '../../shared/contract/deals.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age, Money, Name } from '../ui/figures.tsx';
import { WhyButton } from '../ui/why-button.tsx';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { instantOfDeal } from './deal-time.ts';
import css from './today.module.css';

const rowHeight = 46;

/** Today's deals, newest first; new ones come in softly and nothing a person reads moves. */
export function Feed({ id }: { id: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const { data } = useResource(useServices().today);
  const columns = useMemo<readonly Column<DealView>[]>(
    () => [
      {
        key: 'deal',
        label: '',
        width: 'minmax(0, 1fr)',
        cell: (deal) => <DealLine deal={deal} t={t} exists={i18n.exists} />,
      },
    ],
    [t, i18n],
  );
  if (data === null) return <Bones rows={8} height={rowHeight} />;
  if (data.feed.length === 0) {
    return (
      <EmptyState icon={IconInbox} title={t('feed.empty')}>
        {t('feed.emptyText')}
      </EmptyState>
    );
  }
  return (
    <VirtualTable
      id={id}
      headless
      label={t('feed.title')}
      columns={columns}
      rows={data.feed}
      rowKey={(deal) => String(deal.id)}
      rowHeight={rowHeight}
      isArrived={(deal) => data.arrived.has(deal.id)}
      arrivedAbove={(count) => t('feed.above', { count })}
    />
  );
}

const DealLine = memo(function DealLine(props: {
  deal: DealView;
  t: TFunction;
  exists: (key: string) => boolean;
}): ReactNode {
  const { deal, t, exists } = props;
  const notes = deal.notes.map((note) => {
    const key = `notes.${note}`;
    return exists(key) ? t(key as 'notes.order-date-missing') : note;
  });
  const more = [
    ...(deal.multi_deals === 1 ? [] : [t('feed.multi', { count: deal.multi_deals })]),
    ...(deal.campaign === null ? [] : [deal.campaign]),
    ...notes,
  ];
  return (
    <div className={css.deal}>
      <span className={css.dealName}>
        <Name value={deal.agent} />
      </span>
      <span className={css.dealMoney}>
        <Money value={deal.commission} />
      </span>
      <span className={css.dealWhy}>
        <WhyButton lead={deal.lead_id} />
      </span>
      <bdi className={css.dealMore} title={more.join(' · ')}>
        {deal.unsaved ? (
          <span className={css.unsaved}>
            <IconCloudUpload size={13} aria-hidden /> {t('feed.unsaved')}
          </span>
        ) : null}
        {more.length === 0 ? t('feed.lead', { id: deal.lead_id }) : more.join(' · ')}
      </bdi>
      <span className={css.dealAge}>
        <Age at={instantOfDeal(deal)} short />
      </span>
    </div>
  );
});
