import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconHistory,
  IconRefresh,
} from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment } from '../ui/figures.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { passInWords, passName } from './pass-words.ts';
import css from './sync.module.css';

const rowHeight = 40;

const faces: Record<SyncRun['state'], { tone: Tone; icon: typeof IconCircleX }> = {
  running: { tone: 'quiet', icon: IconRefresh },
  complete: { tone: 'ok', icon: IconCircleCheck },
  incomplete: { tone: 'warn', icon: IconAlertTriangle },
  failed: { tone: 'bad', icon: IconCircleX },
  cancelled: { tone: 'quiet', icon: IconBan },
};

/** The passes of late: when, what, how they ended and what they did, in words. */
export function PassList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { runs } = useServices();
  const { data, failure } = useResource(runs);
  const columns = usePassColumns();
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void runs.reload()} />;
  if (data === null) return <Bones rows={12} height={rowHeight} head />;
  if (data.length === 0) {
    return (
      <EmptyState icon={IconHistory} title={t('passes.empty')}>
        {t('passes.emptyText')}
      </EmptyState>
    );
  }
  return (
    <VirtualTable
      id={id}
      label={t('passes.title')}
      columns={columns}
      rows={data}
      rowKey={(run) => String(run.id)}
      rowHeight={rowHeight}
    />
  );
}

/** Opens the resync dialog. */
export function ResyncButton(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} aria-hidden />}
      onClick={() => navigation.setState({ resyncShown: true })}
    >
      {t('resync.open')}
    </Button>
  );
}

/** The same in a narrow column: two lines a pass. */
export function RecentPasses(): ReactNode {
  const { t } = useTranslation();
  const { runs } = useServices();
  const { data } = useResource(runs);
  const columns = useMemo<readonly Column<SyncRun>[]>(
    () => [{ key: 'pass', label: '', width: 'minmax(0, 1fr)', cell: (run) => <PassLine run={run} /> }],
    [],
  );
  if (data === null) return <Bones rows={8} height={46} />;
  return (
    <VirtualTable
      headless
      label={t('passes.title')}
      columns={columns}
      rows={data}
      rowKey={(run) => String(run.id)}
      rowHeight={46}
    />
  );
}

function PassLine({ run }: { run: SyncRun }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const day = useResource(useServices().today).data?.day;
  const words = run.state === 'running' ? t('passes.running') : passInWords(run, t, format);
  return (
    <div className={css.pass}>
      <span>{passName(run, t)}</span>
      <StateWord tone={faces[run.state].tone} icon={faces[run.state].icon}>
        {t(`passes.state.${run.state}`)}
      </StateWord>
      <span className={css.passWords} title={run.error === null ? words : `${words}. ${run.error}`}>
        {words}
      </span>
      <span className={css.passWhen}>
        <Moment at={run.started_at} {...(day === undefined ? {} : { today: day })} />
      </span>
    </div>
  );
}

function usePassColumns(): readonly Column<SyncRun>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const day = useResource(useServices().today).data?.day;
  return useMemo(
    () => [
      {
        key: 'when',
        label: t('passes.when'),
        width: 'minmax(48px, 86px)',
        cell: (run) => <Moment at={run.started_at} {...(day === undefined ? {} : { today: day })} />,
      },
      {
        key: 'what',
        label: t('passes.what'),
        width: 'minmax(110px, 124px)',
        cell: (run) => <span title={t(`passes.trigger.${run.trigger}`)}>{passName(run, t)}</span>,
      },
      {
        key: 'state',
        label: t('passes.stateLabel'),
        width: '108px',
        cell: (run) => (
          <StateWord tone={faces[run.state].tone} icon={faces[run.state].icon}>
            {t(`passes.state.${run.state}`)}
          </StateWord>
        ),
      },
      {
        key: 'counts',
        label: t('passes.result'),
        width: 'minmax(120px, 1fr)',
        cell: (run) => {
          const words = run.state === 'running' ? t('passes.running') : passInWords(run, t, format);
          return (
            <span className={css.twoLines} title={run.error === null ? words : `${words}. ${run.error}`}>
              {words}
            </span>
          );
        },
      },
      {
        key: 'calls',
        label: t('passes.calls'),
        width: '42px',
        align: 'end',
        cell: (run) => format.number(run.calls),
      },
      {
        key: 'took',
        label: t('passes.took'),
        width: '46px',
        align: 'end',
        cell: (run) =>
          run.ended_at === null ? '–' : format.took(Date.parse(run.ended_at) - Date.parse(run.started_at)),
      },
    ],
    [t, format, day],
  );
}
