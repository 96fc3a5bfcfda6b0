import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockHour4,
  IconParking,
  IconPlayerPlay,
  IconRefresh,
} from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task, TaskCause, TasksView as View, TaskState } from '../../shared/contract/tasks.ts';
import { useResource, useServices } from '../services.ts';
import { usePoll } from '../use-poll.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Countdown, Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat } from '../ui/stat.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { RehearsalDialog } from './rehearsal-dialog.tsx';
import { causeName } from '../task-words.ts';
import css from './accounts.module.css';
import { useTaskActions } from './use-task-actions.ts';

const rowHeight = 34;
/** A task begins and ends within moments, and nobody tells of each. */
const everyMs = 2_000;

/** What the queue has to do: how much, which, why some failed, and trying those anew. */
export function TasksView({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const { data } = useResource(services.tasks);
  const sandbox = useResource(services.system).data?.workspace === 'sandbox';
  const [rehearsing, setRehearsing] = useState(false);
  usePoll(services.tasks, everyMs);
  return (
    <div className={css.tasks}>
      <Stats view={data} />
      <div className={css.body}>
        <Panel
          title={t('tasks.title')}
          side={
            <>
              <span className={css.quiet}>{data === null ? '' : data.queue.label}</span>
              {sandbox ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<IconPlayerPlay size={13} aria-hidden />}
                  onClick={() => setRehearsing(true)}
                >
                  {t('rehearsal.open')}
                </Button>
              ) : null}
            </>
          }
        >
          <Rows id={id} />
        </Panel>
        <Panel title={t('tasks.causes')} side={<RetryAll view={data} />}>
          <Causes view={data} />
        </Panel>
      </div>
      <RehearsalDialog opened={rehearsing} onClose={() => setRehearsing(false)} />
    </div>
  );
}

function Stats({ view }: { view: View | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = (name: TaskState) => (view === null ? null : format.number(view.counts[name]));
  const nobody = view !== null && view.runners === 0;
  return (
    <div className={css.stats}>
      <Stat
        label={t('tasks.state.waiting')}
        value={figure('waiting')}
        note={
          view === null ? undefined : t(nobody ? 'tasks.noRunners' : 'tasks.runners', { count: view.runners })
        }
      />
      <Stat
        label={t('tasks.state.running')}
        value={figure('running')}
        note={view === null ? undefined : t('tasks.doneLately', { count: view.done_lately })}
      />
      <Stat label={t('tasks.state.failed')} value={figure('failed')} note={t('tasks.note.failed')} />
      <Stat label={t('tasks.state.parked')} value={figure('parked')} note={t('tasks.note.parked')} />
      <Stat
        label={t('tasks.doneAt')}
        value={view === null ? null : view.done_at === null ? '–' : format.time(view.done_at)}
        note={
          view === null
            ? undefined
            : t(view.done_at !== null ? 'tasks.pace' : isIdle(view) ? 'tasks.idle' : 'tasks.noPace')
        }
      />
    </div>
  );
}

function isIdle({ counts }: View): boolean {
  return counts.waiting + counts.running + counts.failed === 0;
}

function Rows({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { tasks } = useServices();
  const { data, failure } = useResource(tasks);
  const columns = useColumns();
  useListFocus(id, data !== null && data.tasks.length > 0);
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void tasks.reload()} />;
  if (data === null) return <Bones rows={12} height={rowHeight} head />;
  if (data.queue.message !== null)
    return (
      <EmptyState icon={IconAlertTriangle} title={t('tasks.queueAway')}>
        {t('tasks.queueAwayText')} {data.queue.message}
      </EmptyState>
    );
  if (data.tasks.length === 0)
    return (
      <EmptyState icon={IconCircleCheck} title={t('tasks.none')}>
        {t('tasks.noneText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={id}
      label={t('tasks.title')}
      columns={columns}
      rows={data.tasks}
      rowKey={(task) => task.id}
      rowHeight={rowHeight}
    />
  );
}

const looks: Readonly<Record<TaskState, { tone: Tone; icon: typeof IconRefresh }>> = {
  running: { tone: 'plain', icon: IconPlayerPlay },
  parked: { tone: 'bad', icon: IconParking },
  failed: { tone: 'warn', icon: IconRefresh },
  waiting: { tone: 'quiet', icon: IconClockHour4 },
};

function useColumns(): readonly Column<Task>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'state',
        label: t('accounts.list.state'),
        width: '116px',
        cell: (task) => <StateWord {...looks[task.state]}>{t(`tasks.one.${task.state}`)}</StateWord>,
      },
      {
        key: 'email',
        label: t('accounts.email'),
        width: 'minmax(0, 1fr)',
        cell: (task) => <Name value={task.email ?? task.key} />,
      },
      {
        key: 'tries',
        label: t('tasks.tries'),
        width: '64px',
        align: 'end',
        cell: (task) => t('tasks.triesOf', { tries: task.tries, most: task.most_tries }),
      },
      {
        key: 'next',
        label: t('tasks.next'),
        width: '92px',
        cell: (task) => (task.state === 'failed' ? <Countdown to={task.run_at} /> : null),
      },
      {
        key: 'asked',
        label: t('tasks.asked'),
        width: '96px',
        cell: (task) => <Moment at={task.created_at} />,
      },
      {
        key: 'retry',
        label: t('tasks.retry'),
        width: '108px',
        align: 'end',
        cell: (task) => <RetryOne task={task} />,
      },
    ],
    [t],
  );
}

function RetryOne({ task }: { task: Task }): ReactNode {
  const { t } = useTranslation();
  const { retry } = useTaskActions();
  if (task.state !== 'parked' && task.state !== 'failed') return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      title={task.message ?? undefined}
      aria-label={t('tasks.retryOne', { email: task.email ?? task.key })}
      onClick={() => void retry({ id: task.id })}
    >
      {t('actions.tryAgain')}
    </Button>
  );
}

function RetryAll({ view }: { view: View | null }): ReactNode {
  const { t } = useTranslation();
  const { retry } = useTaskActions();
  if (view === null || view.counts.failed + view.counts.parked === 0) return null;
  return (
    <Button size="compact-xs" variant="default" onClick={() => void retry({ all: true })}>
      {t('tasks.retryAll')}
    </Button>
  );
}

function Causes({ view }: { view: View | null }): ReactNode {
  const { t } = useTranslation();
  if (view === null) return <Bones rows={4} height={72} />;
  if (view.causes.length === 0)
    return (
      <EmptyState icon={IconCircleCheck} title={t('tasks.noCauses')}>
        {t('tasks.noCausesText')}
      </EmptyState>
    );
  return (
    <ul className={css.causes}>
      {view.causes.map((cause) => (
        <Cause key={cause.cause} of={cause} />
      ))}
    </ul>
  );
}

function Cause({ of }: { of: TaskCause }): ReactNode {
  const { t } = useTranslation();
  const { retry } = useTaskActions();
  const title = t(`tasks.cause.${causeName(of.cause)}`);
  const counts = [
    ...(of.failed > 0 ? [t('tasks.count.failed', { count: of.failed })] : []),
    ...(of.parked > 0 ? [t('tasks.count.parked', { count: of.parked })] : []),
  ];
  return (
    <li>
      <div className={css.causeHead}>
        <span>{title}</span>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('tasks.retryCause', { cause: title })}
          onClick={() => void retry({ cause: of.cause })}
        >
          {t('actions.tryAgain')}
        </Button>
      </div>
      <span className={css.quiet}>
        {counts.join(', ')} · <Age at={of.latest_at} />
      </span>
      <p>{t(`tasks.fix.${causeName(of.cause)}`)}</p>
      <p className={css.quiet}>
        <bdi>{of.message}</bdi>
      </p>
    </li>
  );
}
