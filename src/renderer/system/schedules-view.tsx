import { Button, Group, Modal, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState, ScheduledJob } from '../../shared/contract/schedules.ts';
import { useFromClock } from '../office-clock.ts';
import { useResource, useServices } from '../services.ts';
import { usePoll } from '../use-poll.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Countdown, Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './system.module.css';
import { useScheduleActions } from './use-schedule-actions.ts';

const rowHeight = 40;
const everyMs = 3_000;

/** Everything that runs by itself: whether it is on, when it runs next, how it went last, and what can be done. */
export function SchedulesView({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { schedules } = useServices();
  const { data, failure } = useResource(schedules);
  const columns = useColumns();
  usePoll(schedules, everyMs);
  useListFocus(id, data !== null);
  return (
    <Panel title={t('schedules.title')} side={<StopAll />}>
      {data !== null ? (
        <VirtualTable
          id={id}
          label={t('schedules.title')}
          columns={columns}
          rows={data.jobs}
          rowKey={(job) => job.name}
          rowHeight={rowHeight}
        />
      ) : failure === null ? (
        <Bones rows={8} height={rowHeight} head />
      ) : (
        <ErrorState failure={failure} onRetry={() => void schedules.reload()} />
      )}
    </Panel>
  );
}

/** Stops everything after a question, or goes on. */
function StopAll(): ReactNode {
  const { t } = useTranslation();
  const { schedules } = useServices();
  const { data } = useResource(schedules);
  const actions = useScheduleActions();
  const [asking, setAsking] = useState(false);
  if (data === null) return null;
  if (data.stopped !== null)
    return (
      <Button
        size="compact-xs"
        leftSection={<IconPlayerPlay size={13} aria-hidden />}
        onClick={() => void actions.resume()}
      >
        {t('schedules.resumeAll')}
      </Button>
    );
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconPlayerStop size={13} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {t('schedules.stopAll')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('schedules.ask')}
        closeButtonProps={{ 'aria-label': t('actions.close') }}
        centered
      >
        <Text size="sm">{t('schedules.askText')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t('actions.cancel')}
          </Button>
          <Button
            color="danger"
            onClick={() => {
              setAsking(false);
              void actions.stopAll();
            }}
          >
            {t('schedules.stopAll')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}

const looks: Readonly<Record<JobState, { tone: Tone; icon: typeof IconCircleCheck }>> = {
  on: { tone: 'ok', icon: IconCircleCheck },
  paused: { tone: 'warn', icon: IconPlayerPause },
  disabled: { tone: 'warn', icon: IconCircleOff },
  stopped: { tone: 'bad', icon: IconPlayerStop },
};

function useColumns(): readonly Column<ScheduledJob>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'job',
        label: t('schedules.column.job'),
        width: 'minmax(190px, 1fr)',
        cell: (job) => <Name value={t(`schedules.job.${job.name}`)} />,
      },
      {
        key: 'every',
        label: t('schedules.column.every'),
        width: 'minmax(60px, 76px)',
        cell: (job) => <Every job={job} />,
      },
      {
        key: 'state',
        label: t('schedules.column.state'),
        width: 'minmax(100px, 160px)',
        cell: (job) => <State job={job} />,
      },
      {
        key: 'next',
        label: t('schedules.column.next'),
        width: 'minmax(92px, 104px)',
        cell: (job) => <Next job={job} />,
      },
      {
        key: 'last',
        label: t('schedules.column.last'),
        width: 'minmax(108px, 158px)',
        cell: (job) => <Last job={job} />,
      },
      {
        key: 'act',
        label: t('schedules.column.act'),
        width: '252px',
        align: 'end',
        cell: (job) => <Act job={job} />,
      },
    ],
    [t],
  );
}

function Every({ job }: { job: ScheduledJob }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return job.every_seconds >= 86_400 ? t('schedules.daily') : format.span(job.every_seconds * 1_000);
}

function State({ job }: { job: ScheduledJob }): ReactNode {
  const { t } = useTranslation();
  const title = job.by === null ? undefined : t('schedules.by', { name: job.by });
  return (
    <StateWord {...looks[job.state]} {...(title === undefined ? {} : { title })}>
      {t(`schedules.state.${job.state}`)}{' '}
      {job.state === 'paused' && job.until !== null ? <Countdown to={job.until} short /> : null}
      {(job.state === 'disabled' || job.state === 'stopped') && job.by !== null ? `(${job.by})` : null}
    </StateWord>
  );
}

function Next({ job }: { job: ScheduledJob }): ReactNode {
  const { t } = useTranslation();
  if (job.running)
    return (
      <StateWord tone="plain" icon={IconRefresh}>
        {t('schedules.running')}
      </StateWord>
    );
  if (job.next_at === null)
    return (
      <span className={css.quiet}>
        {t(job.state === 'on' ? 'schedules.leaderKnows' : 'schedules.notNow')}
      </span>
    );
  return job.every_seconds >= 86_400 ? <Due at={job.next_at} /> : <Countdown to={job.next_at} />;
}

/** What is overdue waits for its turn: a time that has passed would be no answer to "when". */
function Due({ at }: { at: string }): ReactNode {
  const { t } = useTranslation();
  const { clock } = useServices();
  const isOver = useFromClock(clock, (now) => Date.parse(at) <= now);
  return isOver ? t('schedules.soon') : <Moment at={at} />;
}

function Last({ job }: { job: ScheduledJob }): ReactNode {
  const { t } = useTranslation();
  if (job.last === null) return <span className={css.quiet}>{t('schedules.never')}</span>;
  const { at, state, message } = job.last;
  const well = state === 'complete';
  return (
    <StateWord
      tone={well ? 'ok' : state === 'failed' ? 'bad' : 'warn'}
      icon={well ? IconCircleCheck : IconAlertTriangle}
      title={message ?? t(`schedules.result.${state}`)}
    >
      {well ? <Age at={at} /> : t(`schedules.result.${state}`)}
    </StateWord>
  );
}

function Act({ job }: { job: ScheduledJob }): ReactNode {
  const { t } = useTranslation();
  const actions = useScheduleActions();
  const name = t(`schedules.job.${job.name}`);
  const button = (what: 'run' | 'pause' | 'disable' | 'resume', act: () => Promise<void>): ReactNode => (
    <Button
      size="compact-xs"
      variant="default"
      disabled={what === 'run' && job.running}
      aria-label={t('schedules.actOn', { act: t(`schedules.act.${what}`), job: name })}
      onClick={() => void act()}
    >
      {t(`schedules.act.${what}`)}
    </Button>
  );
  return (
    <span className={css.buttons}>
      {button('run', () => actions.run(job.name))}
      {job.state === 'on' ? (
        <>
          {button('pause', () => actions.pause(job.name))}
          {button('disable', () => actions.disable(job.name))}
        </>
      ) : job.state === 'stopped' ? null : (
        button('resume', () => actions.resume(job.name))
      )}
    </span>
  );
}
