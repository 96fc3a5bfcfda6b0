import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HeldRemoval } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Money, Moment, Name } from '../ui/figures.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { DecideHeld, type HeldAction } from './decide-held.tsx';
import css from './held.module.css';

type Sample = HeldRemoval['sample'][number];

/** Removals that a pass did not dare: what would go and why, to accept or to discard. */
export function HeldList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { held } = useServices();
  const { data, failure } = useResource(held);
  const [deciding, setDeciding] = useState<{ hold: HeldRemoval; action: HeldAction } | null>(null);
  const open = data?.filter((hold) => hold.state === 'held' || hold.state === 'accepted') ?? [];
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void held.reload()} />;
  if (data === null) return <Bones rows={6} height={40} />;
  if (open.length === 0) {
    return (
      <EmptyState icon={IconCircleCheck} title={t('held.empty')}>
        {t('held.emptyText')}
      </EmptyState>
    );
  }
  return (
    <div id={id} tabIndex={-1} className={css.list}>
      {open.map((hold) => (
        <Hold key={hold.id} hold={hold} onDecide={(action) => setDeciding({ hold, action })} />
      ))}
      {deciding === null ? null : <DecideHeld {...deciding} onClose={() => setDeciding(null)} />}
    </div>
  );
}

function Hold(props: { hold: HeldRemoval; onDecide: (action: HeldAction) => void }): ReactNode {
  const { hold } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const figures = { count: hold.count, number: format.number(hold.count), all: format.number(hold.of_deals) };
  return (
    <article className={css.hold} aria-label={t('held.title', figures)}>
      <h3 className={css.title}>
        <StateWord tone="bad" icon={IconAlertTriangle}>
          {t('held.title', figures)}
        </StateWord>
      </h3>
      <p className={css.text}>{t(`held.reason.${hold.reason}`, figures)}</p>
      <div className={css.facts}>
        <span>{t('held.range', { from: format.day(hold.range_start), to: format.day(hold.range_end) })}</span>
        <span>
          {t('held.since')} <Age at={hold.held_at} />
        </span>
        <span>
          {t('held.updated')} <Age at={hold.updated_at} />
        </span>
      </div>
      {hold.state === 'accepted' ? (
        <p className={css.text}>{t('held.accepted', { number: format.number(hold.removed) })}</p>
      ) : (
        <div className={css.buttons}>
          <Button size="xs" variant="default" onClick={() => props.onDecide('discard')}>
            {t('held.discard')}
          </Button>
          <Button size="xs" variant="default" c="var(--od-bad)" onClick={() => props.onDecide('accept')}>
            {t('held.accept')}
          </Button>
        </div>
      )}
      <Samples hold={hold} />
    </article>
  );
}

function Samples({ hold }: { hold: HeldRemoval }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly Column<Sample>[]>(
    () => [
      { key: 'lead', label: t('held.lead'), width: '110px', cell: (row) => <Name value={row.lead_id} /> },
      {
        key: 'agent',
        label: t('board.agent'),
        width: 'minmax(0, 1fr)',
        cell: (row) => <Name value={row.agent} />,
      },
      {
        key: 'commission',
        label: t('board.commission'),
        width: '110px',
        align: 'end',
        cell: (row) => <Money value={row.commission} />,
      },
      {
        key: 'ordered',
        label: t('held.ordered'),
        width: '120px',
        align: 'end',
        cell: (row) => <Moment at={row.order_date} />,
      },
    ],
    [t],
  );
  if (hold.sample.length === 0) return null;
  return (
    <>
      <p className={css.sampleTitle}>
        {hold.sample.length < hold.count
          ? t('held.sampleOf', {
              shown: format.number(hold.sample.length),
              number: format.number(hold.count),
            })
          : t('held.sampleAll')}
      </p>
      <div className={css.sample} style={{ height: Math.min(290, 32 + hold.sample.length * 30) }}>
        <VirtualTable
          label={t('held.sampleAll')}
          columns={columns}
          rows={hold.sample}
          rowKey={(row) => row.lead_id}
          rowHeight={30}
        />
      </div>
    </>
  );
}
