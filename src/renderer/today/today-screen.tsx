import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { todayTabs, waitingKinds } from '../navigation.ts';
import { useResource, useServices } from '../services.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat } from '../ui/stat.tsx';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useWaitingCounts } from '../waiting-counts.ts';
import { Board, TodayGroupFilter } from './board.tsx';
import { Feed } from './feed.tsx';
import css from './today.module.css';
import { Waiting } from './waiting.tsx';

interface Parts {
  readonly ids: { readonly list: string; readonly feed: string };
  readonly upstream: ReactNode;
  readonly passes: ReactNode;
  /** What can be done about passes, beside their title. */
  readonly passesSide: ReactNode;
  /** The latest passes again, narrow, where the window is wide enough to hold them beside the board. */
  readonly recent: ReactNode;
}

/** The office's day on one page: four numbers, the board, the feed, the upstream and what waits. */
export function TodayScreen(props: Parts): ReactNode {
  const { t } = useTranslation();
  const { today } = useServices();
  const { data, failure } = useResource(today);
  const format = useFormat();
  if (data === null && failure !== null) {
    return <ErrorState failure={failure} onRetry={() => void today.reload()} />;
  }
  return (
    <div className={css.screen}>
      <h1 className={css.heading}>
        {t('screens.today')}
        <span>{data === null ? '\u00a0' : format.longDay(data.day)}</span>
      </h1>
      <Numbers />
      <div className={css.panels}>
        <ListPanel {...props} />
        <Panel title={t('feed.title')} className={css.feed}>
          <Feed id={props.ids.feed} />
        </Panel>
        <div className={css.upstream}>
          {props.upstream}
          <Panel title={t('passes.title')} className={css.recent}>
            {props.recent}
          </Panel>
        </div>
      </div>
    </div>
  );
}

function Numbers(): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const format = useFormat();
  const totals = useResource(services.today).data?.totals ?? null;
  const waits = useWaitingCounts();
  const detail = waitingKinds
    .filter((kind) => (waits[kind] ?? 0) > 0)
    .map((kind) =>
      t(`waiting.short.${kind}`, { count: waits[kind] ?? 0, number: format.number(waits[kind] ?? 0) }),
    )
    .join(', ');
  const perDeal =
    totals === null || totals.deals === 0 ? null : format.money(Math.round(totals.commission / totals.deals));
  const perSms = totals === null || totals.sms === 0 ? null : format.rate(totals.deals / totals.sms);
  const sources = useResource(services.sync).data?.sources ?? [];
  /** Nothing was ever read of it: a nought would be a claim. */
  const unread = (source: 'deals' | 'sms', figure: number): boolean =>
    figure === 0 && sources.some((one) => one.source === source && one.last_complete_at === null);
  const shown = (source: 'deals' | 'sms', figure: number, words: string): string =>
    unread(source, figure) ? '–' : words;
  const unsaved = useResource(services.today).data?.unsaved ?? 0;
  const agents = useResource(services.today).data?.board.filter((row) => row.deals > 0).length ?? 0;
  const byAgents = t('today.byAgents', { count: agents });
  const dealsNote = unsaved === 0 ? byAgents : `${byAgents} · ${t('today.unsaved', { count: unsaved })}`;
  return (
    <div className={css.stats}>
      <Stat
        label={t('today.deals')}
        value={totals === null ? null : shown('deals', totals.deals, format.number(totals.deals))}
        note={agents === 0 ? undefined : dealsNote}
      />
      <Stat
        label={t('today.commission')}
        value={totals === null ? null : shown('deals', totals.deals, format.money(totals.commission))}
        note={perDeal === null ? undefined : t('today.perDeal', { money: perDeal })}
      />
      <Stat
        label={t('today.sms')}
        value={totals === null ? null : shown('sms', totals.sms, format.number(totals.sms))}
        note={perSms === null ? undefined : t('today.perSms', { rate: perSms })}
      />
      <Stat
        label={t('today.waiting')}
        value={totals === null ? null : format.number(totals.waiting)}
        note={totals === null ? undefined : detail === '' ? t('today.nothingWaits') : detail}
        onOpen={() => services.navigation.openTab('waiting')}
      />
    </div>
  );
}

function ListPanel(props: Parts): ReactNode {
  const { t } = useTranslation();
  const { navigation, today } = useServices();
  const tab = useStore(navigation, (state) => state.tab);
  const [group, setGroup] = useState<string | null>(null);
  const waiting = useResource(today).data?.totals.waiting ?? 0;
  const format = useFormat();
  const tabs = (
    <Tabs
      label={t('today.lists')}
      names={todayTabs}
      chosen={tab}
      onChoose={(name) => navigation.openTab(name)}
    >
      {(name) => (
        <>
          {t(`today.tabs.${name}`)}
          {name === 'waiting' && waiting > 0 ? <Count>{format.number(waiting)}</Count> : null}
        </>
      )}
    </Tabs>
  );
  return (
    <Panel
      title={t(`today.tabs.${tab}`)}
      head={tabs}
      side={
        tab === 'board' ? (
          <TodayGroupFilter value={group} onChange={setGroup} />
        ) : tab === 'passes' ? (
          props.passesSide
        ) : undefined
      }
      className={css.list}
    >
      {tab === 'board' ? (
        <Board id={props.ids.list} group={group} onClearGroup={() => setGroup(null)} />
      ) : null}
      {tab === 'passes' ? props.passes : null}
      {tab === 'waiting' ? <Waiting id={props.ids.list} /> : null}
    </Panel>
  );
}
