import { IconAlertTriangle, IconCircleCheck, IconCircleOff, IconPlugOff } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModeProcess, SystemMode } from '../../shared/contract/mode.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Moment, Name } from '../ui/figures.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { processName } from './mode-words.ts';
import css from './system.module.css';

const rowHeight = 34;

/** Every process of the office: what it is, which mode it goes by and since when, and whether it carries out tasks. */
export function ProcessList({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { mode } = useServices();
  const { data, failure } = useResource(mode);
  const columns = useColumns(data?.mode ?? null);
  useListFocus(id, data !== null && data.processes.length > 0);
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void mode.reload()} />;
  if (data === null) return <Bones rows={5} height={rowHeight} head />;
  if (data.processes.length === 0)
    return (
      <EmptyState icon={IconPlugOff} title={t('mode.noProcesses')}>
        {t('mode.noProcessesText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={id}
      label={t('mode.processes')}
      columns={columns}
      rows={data.processes}
      rowKey={(process) => process.id}
      rowHeight={rowHeight}
    />
  );
}

function useColumns(office: SystemMode | null): readonly Column<ModeProcess>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'process',
        label: t('mode.column.process'),
        width: 'minmax(0, 1fr)',
        cell: (process) => (
          <>
            {t(`mode.kind.${process.kind}`)} <Name value={processName(process)} />
            {process.self ? <span className={css.quiet}> {t('mode.self')}</span> : null}
          </>
        ),
      },
      {
        key: 'mode',
        label: t('mode.column.mode'),
        width: '190px',
        cell: (process) => <Believes process={process} office={office} />,
      },
      {
        key: 'since',
        label: t('mode.column.since'),
        width: '120px',
        cell: (process) => (process.since === null ? '–' : <Moment at={process.since} />),
      },
      {
        key: 'tasks',
        label: t('mode.column.tasks'),
        width: '130px',
        cell: (process) => t(process.runs_tasks ? 'mode.runsTasks' : 'mode.runsNone'),
      },
      {
        key: 'seen',
        label: t('mode.column.seen'),
        width: '130px',
        cell: (process) =>
          process.alive ? (
            <Age at={process.seen_at} />
          ) : (
            <StateWord tone="bad" icon={IconCircleOff}>
              <Age at={process.seen_at} />
            </StateWord>
          ),
      },
      { key: 'version', label: t('mode.column.version'), width: '80px', cell: (process) => process.version },
    ],
    [t, office],
  );
}

function Believes({ process, office }: { process: ModeProcess; office: SystemMode | null }): ReactNode {
  const { t } = useTranslation();
  if (process.mode === null) return <span className={css.quiet}>{t('mode.notAsked')}</span>;
  const agrees = process.mode === office;
  return (
    <StateWord tone={agrees ? 'ok' : 'warn'} icon={agrees ? IconCircleCheck : IconAlertTriangle}>
      {t(`mode.name.${process.mode}`)}
    </StateWord>
  );
}
