import { IconAlertTriangle, IconCircleCheck, IconClock, IconDatabaseOff } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PerformanceView as View, Spread } from '../../shared/contract/performance.ts';
import { useResource, useServices } from '../services.ts';
import { usePoll } from '../use-poll.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat } from '../ui/stat.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { isKept, passName, shortTime } from './performance-words.ts';
import css from './system.module.css';

const rowHeight = 32;
const everyMs = 2_000;

/** One line of either table. */
interface Line extends Spread {
  readonly key: string;
  readonly label: string;
  readonly target_ms: number | null;
}

/** How fast statements, calls, the main thread and passes are, each against what it is to keep. */
export function PerformanceView({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { performance } = useServices();
  const { data, failure } = useResource(performance);
  const columns = useColumns();
  usePoll(performance, everyMs);
  useListFocus(id, data !== null);
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void performance.reload()} />;
  return (
    <div className={css.performance}>
      <Stats view={data} />
      <Panel title={t('performance.title')}>
        {data === null ? (
          <Bones rows={5} height={rowHeight} head />
        ) : (
          <VirtualTable
            id={id}
            label={t('performance.title')}
            columns={columns}
            rows={data.measures.map((one) => ({
              ...one,
              key: one.name,
              label: t(`performance.measure.${one.name}`),
            }))}
            rowKey={(line) => line.key}
            rowHeight={rowHeight}
          />
        )}
      </Panel>
      <Panel title={t('performance.passes')}>
        <Passes view={data} columns={columns} />
      </Panel>
    </div>
  );
}

function Passes({ view, columns }: { view: View | null; columns: readonly Column<Line>[] }): ReactNode {
  const { t } = useTranslation();
  if (view === null) return <Bones rows={5} height={rowHeight} head />;
  if (view.passes === null)
    return (
      <EmptyState icon={IconDatabaseOff} title={t('performance.noPasses')}>
        {t('performance.away')}
      </EmptyState>
    );
  if (view.passes.length === 0)
    return (
      <EmptyState icon={IconClock} title={t('performance.noPasses')}>
        {t('performance.noPassesText')}
      </EmptyState>
    );
  const lines = view.passes.map((pass): Line => {
    const { source, kind } = passName(pass);
    const label = `${t(`performance.source.${source}`)}: ${t(`performance.kind.${kind}`)}`;
    return { ...pass, key: `${pass.source} ${pass.kind}`, label };
  });
  return (
    <VirtualTable
      label={t('performance.passes')}
      columns={columns}
      rows={lines}
      rowKey={(line) => line.key}
      rowHeight={rowHeight}
    />
  );
}

function Stats({ view }: { view: View | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const budget = useResource(useServices().sync).data?.budget ?? null;
  const time = (ms: number | null) => (ms === null ? '–' : shortTime(ms, format));
  const target = (ms: number) => t('performance.targetOf', { time: shortTime(ms, format) });
  const reads = view === null ? 0 : view.mode_cache.hits + view.mode_cache.misses;
  return (
    <div className={css.stats}>
      <Stat
        label={t('performance.stat.start')}
        value={view && time(view.start.took_ms)}
        note={view === null ? undefined : target(view.start.target_ms)}
      />
      <Stat
        label={t('performance.stat.lag')}
        value={view && time(view.queue_lag.lag_ms)}
        note={view === null ? undefined : target(view.queue_lag.target_ms)}
      />
      <Stat
        label={t('performance.stat.calls')}
        value={budget === null ? '–' : format.number(budget.left_hour)}
        note={
          budget === null ? undefined : t('performance.ofCalls', { number: format.number(budget.per_hour) })
        }
      />
      <Stat
        label={t('performance.stat.cache')}
        value={view && (reads === 0 ? '–' : format.percent(view.mode_cache.hits / reads))}
        note={
          view === null
            ? undefined
            : t('performance.misses', {
                count: view.mode_cache.misses,
                number: format.number(view.mode_cache.misses),
              })
        }
      />
      <Stat
        label={t('performance.stat.memory')}
        value={view && format.megabytes(view.memory_bytes)}
        note={t('performance.main')}
      />
    </div>
  );
}

function useColumns(): readonly Column<Line>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const time = (ms: number | null) => (ms === null ? '–' : shortTime(ms, format));
    return [
      { key: 'what', label: t('performance.what'), width: 'minmax(0, 1fr)', cell: (line) => line.label },
      { key: 'kept', label: t('performance.kept'), width: '116px', cell: (line) => <Kept line={line} /> },
      {
        key: 'median',
        label: t('performance.median'),
        width: '92px',
        align: 'end',
        cell: (line) => time(line.median_ms),
      },
      {
        key: 'high',
        label: t('performance.high'),
        width: '92px',
        align: 'end',
        cell: (line) => <span title={t('performance.highTitle')}>{time(line.high_ms)}</span>,
      },
      {
        key: 'max',
        label: t('performance.max'),
        width: '92px',
        align: 'end',
        cell: (line) => time(line.max_ms),
      },
      {
        key: 'target',
        label: t('performance.target'),
        width: '92px',
        align: 'end',
        cell: (line) => time(line.target_ms),
      },
      {
        key: 'count',
        label: t('performance.count'),
        width: '76px',
        align: 'end',
        cell: (line) => format.number(line.count),
      },
    ];
  }, [t, format]);
}

function Kept({ line }: { line: Line }): ReactNode {
  const { t } = useTranslation();
  const kept = isKept(line);
  if (kept === null)
    return <span className={css.quiet}>{line.count === 0 ? t('performance.none') : '–'}</span>;
  return (
    <StateWord tone={kept ? 'ok' : 'bad'} icon={kept ? IconCircleCheck : IconAlertTriangle}>
      {t(kept ? 'performance.within' : 'performance.over')}
    </StateWord>
  );
}
