import { IconAlertTriangle, IconCircleCheck, IconSearchOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { AgentChange } from './agent-change.tsx';
import css from './duplicates.module.css';

const rowHeight = 52;
const keyOf = (row: PendingDuplicate): string => String(row.id);

/** The cases that wait, oldest first. */
export function QueueList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const { count, rows, failure } = useStore(queue.list.rows);
  const chosen = useStore(queue, (state) => state.chosen);
  const place = useStore(queue, (state) => state.place);
  const refusals = useStore(queue.decisions, (state) => state.refusals);
  const columns = useMemo<readonly Column<PendingDuplicate>[]>(() => {
    const refused = new Set(refusals.map((one) => one.duplicate.id));
    return [
      {
        key: 'case',
        label: '',
        width: 'minmax(0, 1fr)',
        cell: (row) => <Row duplicate={row} refused={refused.has(row.id)} t={t} />,
      },
    ];
  }, [t, refusals]);
  const choice = useMemo(
    () => ({
      active: chosen === null ? null : keyOf(chosen),
      choose: (key: string | null) => {
        if (key !== null) queue.choose(Number(key));
      },
    }),
    [chosen, queue],
  );
  if (count === null && failure !== null) {
    return <ErrorState failure={failure} onRetry={() => void queue.list.rows.reload()} />;
  }
  if (count === null) return <Bones rows={9} height={rowHeight} />;
  if (count === 0) return <NothingWaits />;
  return (
    <VirtualTable
      id={id}
      headless
      label={t('waiting.kinds.duplicates')}
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      rowHeight={rowHeight}
      onLook={queue.list.rows.look}
      choice={choice}
      choiceIndex={place}
    />
  );
}

function NothingWaits(): ReactNode {
  const { t } = useTranslation();
  const { queue, sync } = useServices();
  const format = useFormat();
  const { data } = useResource(sync);
  const all = useStore(queue.list.rows, (state) => state.extra) ?? 0;
  const search = useStore(queue, (state) => state.search);
  if (search !== '' && all > 0) {
    return (
      <EmptyState icon={IconSearchOff} title={t('duplicates.noHits')}>
        {t('duplicates.noHitsText', { number: format.number(all) })}
      </EmptyState>
    );
  }
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

const Row = memo(function Row(props: {
  duplicate: PendingDuplicate;
  refused: boolean;
  t: TFunction;
}): ReactNode {
  const { duplicate, t } = props;
  const { existing } = duplicate;
  const reasons =
    existing === null
      ? t('duplicates.noEarlier')
      : duplicate.reasons.map((reason) => t(`duplicates.reason.${reason}`)).join(', ');
  return (
    <div className={css.row}>
      <span className={css.rowName}>
        <AgentChange of={duplicate} />
      </span>
      <span className={css.rowAge}>
        <Age at={duplicate.detected_at} short />
      </span>
      <span className={css.rowWhy} title={reasons}>
        {props.refused ? <IconAlertTriangle size={13} aria-hidden className={css.warnIcon} /> : null}
        {reasons}
      </span>
      <span className={css.rowLead}>{duplicate.lead_id}</span>
    </div>
  );
});
