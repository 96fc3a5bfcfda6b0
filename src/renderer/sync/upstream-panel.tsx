import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconHourglass,
  IconPlayerStop,
  IconRefresh,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SyncState } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Countdown } from '../ui/figures.tsx';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { progressInWords } from './pass-words.ts';
import css from './sync.module.css';
import { judgeForecast } from './sync-store.ts';
import { useSyncActions } from './use-sync-actions.ts';

type Source = SyncState['sources'][number];

const faces: Record<SyncState['upstream']['state'], { tone: Tone; icon: typeof IconCircleX }> = {
  unknown: { tone: 'quiet', icon: IconCircleDashed },
  ok: { tone: 'ok', icon: IconCircleCheck },
  refused: { tone: 'bad', icon: IconCircleX },
  failing: { tone: 'warn', icon: IconAlertTriangle },
  blocked: { tone: 'warn', icon: IconHourglass },
  'not-configured': { tone: 'warn', icon: IconAlertTriangle },
};

/** How the upstream stands: each source's last and next pass, and what is left of the vendor's budget. */
export function UpstreamPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { sync } = useServices();
  const { data, failure } = useResource(sync);
  const face = data === null ? null : faces[data.upstream.state];
  return (
    <Panel
      title={data?.upstream.name ?? t('upstream.title')}
      side={
        data === null || face === null ? undefined : (
          <StateWord
            tone={face.tone}
            icon={face.icon}
            {...(data.upstream.message === null ? {} : { title: data.upstream.message })}
          >
            {t(`upstream.state.${data.upstream.state}`)}
          </StateWord>
        )
      }
    >
      <div id={id} tabIndex={-1} className={css.body}>
        {data === null && failure !== null ? (
          <ErrorState failure={failure} onRetry={() => void sync.reload()} />
        ) : null}
        {data === null && failure === null ? <Bones rows={4} height={56} /> : null}
        {data?.sources
          .filter((source) => source.source !== 'agents')
          .map((source) => (
            <SourceLine key={source.source} source={source} able={data.upstream.configured} />
          ))}
        {data === null ? null : <Budget state={data} />}
      </div>
    </Panel>
  );
}

function SourceLine({ source, able }: { source: Source; able: boolean }): ReactNode {
  const { t } = useTranslation();
  const { passes } = useServices();
  const actions = useSyncActions();
  const [asking, setAsking] = useState(false);
  const away = useResource(useServices().system).data?.database.away_since ?? null;
  const start = async (): Promise<void> => {
    setAsking(true);
    await actions.start(source.source);
    setAsking(false);
  };
  const progress = useStore(passes, (state) => state.progress[source.source]);
  const name = t(`sync.source.${source.source}`);
  return (
    <div className={css.source}>
      <div className={css.sourceHead}>
        <span className={css.sourceName}>{name}</span>
        {source.stretched ? (
          <StateWord tone="warn" icon={IconHourglass} title={t('upstream.stretchedTitle')}>
            {t('upstream.stretched')}
          </StateWord>
        ) : null}
      </div>
      {progress === undefined && able ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          aria-label={source.source === 'sms' ? t('sync.now.sms') : t('sync.now.deals')}
          loading={asking}
          disabled={away !== null}
          onClick={() => void start()}
        >
          {t('sync.now.short')}
        </Button>
      ) : null}
      {progress === undefined ? null : (
        <Tooltip label={t('actions.cancel')} disabled={!progress.cancellable}>
          <ActionIcon
            variant="default"
            size="md"
            disabled={!progress.cancellable}
            aria-label={source.source === 'sms' ? t('sync.cancel.sms') : t('sync.cancel.deals')}
            onClick={() => void actions.cancel(source.source)}
          >
            <IconPlayerStop size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <div className={css.lines} aria-live="off">
        {progress === undefined ? (
          <Standing source={source} able={able} />
        ) : (
          <Progress progress={progress} name={name} />
        )}
      </div>
    </div>
  );
}

function Standing({ source, able }: { source: Source; able: boolean }): ReactNode {
  const { t } = useTranslation();
  const status = useResource(useServices().system).data;
  const leads = status?.leader.kind === 'leader';
  const away = (status?.database.away_since ?? null) !== null;
  const why = !able ? 'notConfigured' : away ? 'away' : leads ? 'leader' : 'follower';
  return (
    <>
      <div>
        {source.last_complete_at === null ? (
          t('upstream.never')
        ) : (
          <>
            {t('upstream.last')} <Age at={source.last_complete_at} />
          </>
        )}
      </div>
      <div>
        {source.next_delta_at === null && source.next_window_at === null
          ? t(`upstream.noSchedule.${why}`)
          : null}
        {source.next_delta_at === null ? null : (
          <>
            {t('upstream.nextDelta')} <Countdown to={source.next_delta_at} />
          </>
        )}
        {source.next_delta_at !== null && source.next_window_at !== null ? ' · ' : null}
        {source.next_window_at === null ? null : (
          <>
            {t('upstream.nextWindow')} <Countdown to={source.next_window_at} />
          </>
        )}
      </div>
    </>
  );
}

function Progress(props: { progress: NonNullable<Source['running']>; name: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { pages, pages_expected: expected, stage } = props.progress;
  const known = expected !== null && expected > 0 && stage === 'reading';
  const words = progressInWords(props.progress, t, format);
  const share = known ? Math.min(1, pages / expected) : null;
  return (
    <>
      <div title={words}>{words}</div>
      <div
        className={css.progress}
        role="progressbar"
        aria-label={props.name}
        aria-valuetext={words}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      >
        <div className={css.track}>
          <div
            className={css.fill}
            data-unknown={share === null}
            style={share === null ? {} : { width: `${share * 100}%` }}
          />
        </div>
      </div>
    </>
  );
}

function Budget({ state }: { state: SyncState }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const budget = state.budget;
  if (budget === null) return <div className={css.unknown}>{t('budget.unknown')}</div>;
  const judged = judgeForecast(budget.forecast_hour, budget.per_hour);
  const line = (of: 'hour' | 'minute', left: number, all: number): ReactNode => (
    <div>
      <div className={css.left}>
        <span>{t(`budget.${of}`)}</span>
        <span>{t('budget.leftOf', { left: format.number(left), all: format.number(all) })}</span>
      </div>
      <Meter
        label={t(`budget.${of}Title`)}
        left={left}
        of={all}
        text={t('budget.leftOf', { left: format.number(left), all: format.number(all) })}
      />
    </div>
  );
  return (
    <div className={css.budget}>
      {line('hour', budget.left_hour, budget.per_hour)}
      {line('minute', budget.left_minute, budget.per_minute)}
      <div className={css.forecast}>
        <StateWord
          tone={judged === 'easy' ? 'quiet' : judged === 'tight' ? 'warn' : 'bad'}
          icon={judged === 'easy' ? IconCircleCheck : IconAlertTriangle}
        >
          {t(`budget.forecast.${judged}`, {
            calls: format.number(budget.forecast_hour),
          })}
        </StateWord>
        {budget.blocked_until === null ? null : (
          <StateWord tone="warn" icon={IconHourglass}>
            {t('budget.blocked')} <Countdown to={budget.blocked_until} short />
          </StateWord>
        )}
      </div>
    </div>
  );
}
