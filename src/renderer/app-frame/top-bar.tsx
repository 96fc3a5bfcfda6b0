import {
  IconClock,
  IconCrown,
  IconBolt,
  IconFlask,
  IconListCheck,
  IconSearch,
  IconAlertTriangle,
  IconUsers,
} from '@tabler/icons-react';
import { spotlight } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFromClock } from '../office-clock.ts';
import { useResource, useServices } from '../services.ts';
import { isLate } from '../sync/sync-store.ts';
import { Age } from '../ui/figures.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { StateWord } from '../ui/state-word.tsx';
import css from './frame.module.css';
import parts from '../ui/parts.module.css';

/** Where we are, how old the data is, who leads, and the way to everything else. */
export function TopBar(): ReactNode {
  const { t } = useTranslation();
  return (
    <header className={css.top}>
      <Workspace />
      <div className={css.facts}>
        <DataAge />
        <Leader />
        <Mode />
        <button
          type="button"
          className={css.search}
          onClick={() => spotlight.open()}
          aria-keyshortcuts="Control+K"
        >
          <IconSearch size={15} aria-hidden />
          <span>{t('frame.search')}</span>
          <KeyHint>{isMac() ? '⌘ K' : 'Ctrl K'}</KeyHint>
        </button>
      </div>
    </header>
  );
}

/** True on a Mac, where the command key stands for Ctrl. */
export function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}

function Workspace(): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().system);
  if (data === null) return <span className={parts.bone} style={{ width: 130, height: 14 }} />;
  if (data.workspace === 'sandbox') {
    return (
      <span className={css.practice} title={t('frame.practiceTitle')}>
        <IconFlask size={16} aria-hidden />
        {t('frame.practice')}
      </span>
    );
  }
  return (
    <span className={css.workspace}>
      {t(`frame.workspace.${data.workspace}`)}
      <span className={css.workspaceLabel} title={data.database.label}>
        {data.database.label}
      </span>
    </span>
  );
}

/** Counted from the last complete pass of deals; a warning once three delta intervals went by. */
function DataAge(): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const sync = useResource(services.sync);
  const office = useResource(services.office);
  const last = sync.data?.sources.find((source) => source.source === 'deals')?.last_complete_at ?? null;
  const deltaSeconds = office.data?.settings.deltaSeconds ?? 120;
  const late = useFromClock(services.clock, (now) => isLate(last, now, deltaSeconds));
  if (sync.data === null) return <span className={parts.bone} style={{ width: 120, height: 12 }} />;
  if (last === null)
    return (
      <StateWord tone="quiet" icon={IconClock}>
        {t('frame.neverRead')}
      </StateWord>
    );
  return (
    <StateWord
      tone={late ? 'warn' : 'quiet'}
      icon={late ? IconAlertTriangle : IconClock}
      title={late ? t('frame.lateTitle') : t('frame.dataAgeTitle')}
    >
      {late ? t('frame.late') : t('frame.dataAge')} <Age at={last} />
    </StateWord>
  );
}

function Leader(): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().system);
  if (data === null) return <span className={parts.bone} style={{ width: 70, height: 12 }} />;
  if (data.leader.kind === 'leader') {
    return (
      <span className={css.fact} title={t('frame.leaderTitle', { term: data.leader.term })}>
        <IconCrown size={15} aria-hidden /> {t('frame.leader')}
      </span>
    );
  }
  const of = data.leader.of;
  return (
    <span
      className={css.fact}
      title={of === null ? t('frame.noLeaderTitle') : t('frame.followerTitle', { of })}
    >
      <IconUsers size={15} aria-hidden /> {of === null ? t('frame.noLeader') : t('frame.follower')}
    </span>
  );
}

/** How requests for accounts are carried out; leads to where that is switched. */
function Mode(): ReactNode {
  const { t } = useTranslation();
  const { mode, navigation } = useServices();
  const { data } = useResource(mode);
  if (data === null) return <span className={parts.bone} style={{ width: 60, height: 12 }} />;
  const Icon = data.mode === 'async_queue' ? IconListCheck : IconBolt;
  return (
    <button
      type="button"
      className={`${css.fact} ${css.factButton}`}
      title={t(data.believed ? 'frame.modeBelieved' : 'frame.modeTitle')}
      onClick={() => navigation.openSystem('mode')}
    >
      <Icon size={15} aria-hidden /> {t(`mode.name.${data.mode}`)}
      {data.believed ? '?' : ''}
    </button>
  );
}
