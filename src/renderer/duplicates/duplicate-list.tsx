import { IconCircleCheck } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { memo, useCallback, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Money, Moment, Name } from '../ui/figures.tsx';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './duplicates.module.css';

const rowHeight = 74;

/** What upstream changed about deals that are already on the board, waiting for a person; to read, not yet to decide. */
export function DuplicateList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { duplicates } = useServices();
  const { count, rows, failure } = useStore(duplicates);
  const columns = useMemo<readonly Column<PendingDuplicate>[]>(
    () => [
      { key: 'pair', label: '', width: 'minmax(0, 1fr)', cell: (row) => <Pair duplicate={row} t={t} /> },
    ],
    [t],
  );
  const look = useCallback((first: number, last: number) => duplicates.look(first, last), [duplicates]);
  if (count === null && failure !== null) {
    return <ErrorState failure={failure} onRetry={() => void duplicates.reload()} />;
  }
  if (count === null) return <Bones rows={6} height={rowHeight} />;
  if (count === 0) return <NothingWaits />;
  return (
    <div className={css.list}>
      <p className={css.note}>{t('duplicates.heldNote')}</p>
      <VirtualTable
        id={id}
        headless
        label={t('waiting.kinds.duplicates')}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.id)}
        rowHeight={rowHeight}
        onLook={look}
      />
    </div>
  );
}

function NothingWaits(): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().sync);
  const last = data?.sources.find((source) => source.source === 'deals')?.last_complete_at ?? null;
  return (
    <EmptyState icon={IconCircleCheck} title={t('duplicates.empty')}>
      {last === null ? null : (
        <>
          {t('figures.lastLooked')} <Age at={last} />.
        </>
      )}
    </EmptyState>
  );
}

const Pair = memo(function Pair(props: { duplicate: PendingDuplicate; t: TFunction }): ReactNode {
  const { duplicate, t } = props;
  const reasons = duplicate.reasons.map((reason) => t(`duplicates.reason.${reason}`)).join(', ');
  return (
    <div>
      <div className={css.why}>
        <span title={reasons}>{t('duplicates.lead', { id: duplicate.lead_id, reasons })}</span>
        <span className={css.age}>
          {t('duplicates.waits')} <Age at={duplicate.detected_at} short />
        </span>
      </div>
      {duplicate.existing === null ? (
        <div className={css.side}>
          <span className={css.sideLabel}>{t('duplicates.existing')}</span>
          <span>{t('duplicates.existingGone')}</span>
        </div>
      ) : (
        <Side label={t('duplicates.existing')} side={duplicate.existing} other={null} t={t} />
      )}
      <Side label={t('duplicates.incoming')} side={duplicate.incoming} other={duplicate.existing} t={t} />
    </div>
  );
});

type SideData = PendingDuplicate['incoming'];

function Side(props: { label: string; side: SideData; other: SideData | null; t: TFunction }): ReactNode {
  const { side, other, t } = props;
  const mark = (differs: boolean): string => (other !== null && differs ? (css.differs ?? '') : '');
  return (
    <div className={css.side}>
      <span className={css.sideLabel}>{props.label}</span>
      <span className={mark(side.user_id !== other?.user_id)}>
        <Name value={side.agent} />
      </span>
      <span className={`${css.money} ${mark(side.commission !== other?.commission)}`}>
        <Money value={side.commission} />
      </span>
      <span className={mark(side.order_date !== other?.order_date)}>
        <Moment at={side.order_date} />
        {side.multi_deals === 1 ? null : ` · ${t('feed.multi', { count: side.multi_deals })}`}
      </span>
      <span className={mark(side.campaign !== other?.campaign)}>
        {side.campaign === null ? '–' : <Name value={side.campaign} />}
      </span>
    </div>
  );
}
