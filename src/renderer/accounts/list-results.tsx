import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconClockHour4,
  IconDeviceFloppy,
  IconDownload,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { RowResult } from '../../shared/contract/accounts.ts';
import { useServices } from '../services.ts';
import { Name } from '../ui/figures.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './accounts.module.css';
import { rowColumns } from './row-columns.tsx';
import { useAccountActions } from './use-account-actions.ts';

const rowHeight = 30;

const looks: Readonly<Record<RowResult['result'], { tone: Tone; icon: typeof IconCircleCheck }>> = {
  created: { tone: 'ok', icon: IconCircleCheck },
  completed: { tone: 'ok', icon: IconCircleCheck },
  skipped: { tone: 'quiet', icon: IconCircleCheck },
  queued: { tone: 'plain', icon: IconClockHour4 },
  kept: { tone: 'warn', icon: IconDeviceFloppy },
  refused: { tone: 'bad', icon: IconAlertTriangle },
  failed: { tone: 'bad', icon: IconAlertTriangle },
  cancelled: { tone: 'quiet', icon: IconCircleOff },
};

/** A list under way or ended: how far it is, what came of each row, and saving that. */
export function ListResults({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const { progress, rows } = useStore(accounts.underWay);
  const actions = useAccountActions();
  const columns = useColumns();
  if (progress === null) return null;
  const running = progress.stage === 'running';
  return (
    <div className={css.list}>
      <div className={css.bar}>
        <Progress />
        {running ? (
          <Button
            size="xs"
            variant="default"
            disabled={progress.cancelled}
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            onClick={() => void actions.cancel()}
          >
            {t('actions.cancel')}
          </Button>
        ) : (
          <div className={css.footSide}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
              onClick={() => void actions.exportResults()}
            >
              {t('accounts.list.export')}
            </Button>
            <Button size="xs" onClick={() => accounts.underWay.setState({ progress: null, rows: [] })}>
              {t('accounts.list.another')}
            </Button>
          </div>
        )}
      </div>
      <VirtualTable
        id={id}
        label={t('accounts.list.results')}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.line)}
        rowHeight={rowHeight}
      />
    </div>
  );
}

function Progress(): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const format = useFormat();
  const progress = useStore(accounts.underWay, (state) => state.progress);
  if (progress === null) return null;
  const { total, done } = progress;
  const share = total === 0 ? 1 : done / total;
  const stage = progress.stage === 'running' ? 'running' : progress.cancelled ? 'cancelled' : 'ended';
  const words = t(`accounts.list.stage.${stage}`, { done: format.number(done), total: format.number(total) });
  const counts = (['created', 'queued', 'skipped', 'failed'] as const)
    .filter((name) => progress[name] > 0)
    .map((name) => t(`accounts.list.count.${name}`, { number: format.number(progress[name]) }));
  return (
    <div className={css.progress}>
      <div className={css.words} role="status">
        {[words, ...counts].join(' · ')}
      </div>
      <div
        className={css.track}
        role="progressbar"
        aria-label={t('accounts.list.results')}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <div className={css.fill} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

function useColumns(): readonly Column<RowResult>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      ...rowColumns<RowResult>(t, 'minmax(0, 1fr)'),
      {
        key: 'result',
        label: t('accounts.list.result'),
        width: '190px',
        cell: (row) => <StateWord {...looks[row.result]}>{t(`accounts.result.${row.result}`)}</StateWord>,
      },
      {
        key: 'message',
        label: t('accounts.list.why'),
        width: 'minmax(0, 1.4fr)',
        cell: (row) => (row.message === null ? null : <Name value={row.message} />),
      },
    ],
    [t],
  );
}
