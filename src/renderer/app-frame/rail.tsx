import {
  IconCalendarEvent,
  IconCopy,
  IconDeviceTv,
  IconHandStop,
  IconHeartbeat,
  IconKeyboard,
  IconFileAlert,
  IconPackage,
  IconSettings,
  IconServerCog,
  IconTrophy,
  IconUserPlus,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useResource, useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './frame.module.css';
import { screenKeys, screens, type Screen } from '../navigation.ts';
import { usePackagesWaiting, useWaitingCounts } from '../waiting-counts.ts';

const icons: Record<Screen, typeof IconSettings> = {
  today: IconCalendarEvent,
  duplicates: IconCopy,
  held: IconHandStop,
  rejected: IconFileAlert,
  leaderboard: IconTrophy,
  packages: IconPackage,
  accounts: IconUserPlus,
  system: IconServerCog,
  health: IconHeartbeat,
  wall: IconDeviceTv,
  settings: IconSettings,
};

/** The screens there are, with what waits in each. */
export function Rail(): ReactNode {
  const { t } = useTranslation();
  const { navigation, tasks } = useServices();
  const format = useFormat();
  const screen = useStore(navigation, (state) => state.screen);
  const parked = useResource(tasks).data?.counts.parked ?? 0;
  const counts: Partial<Record<Screen, number | null>> = {
    ...useWaitingCounts(),
    packages: usePackagesWaiting(),
    accounts: parked,
  };
  return (
    <nav className={css.rail} aria-label={t('frame.screens')}>
      <div className={css.brand}>
        <span>Opsdeck</span>
      </div>
      {screens.map((entry) => {
        const Icon = icons[entry];
        const waiting = counts[entry] ?? 0;
        return (
          <button
            key={entry}
            type="button"
            className={css.entry}
            aria-current={entry === screen ? 'page' : undefined}
            title={`${t(`screens.${entry}`)} (${screenKeys[entry]})`}
            aria-keyshortcuts={screenKeys[entry]}
            onClick={() => navigation.go(entry)}
          >
            <Icon size={18} stroke={1.75} aria-hidden />
            <span>{t(`screens.${entry}`)}</span>
            {waiting > 0 ? (
              <span className={css.badge} aria-label={t('frame.waitingBadge', { count: waiting })}>
                {waiting > 999 ? '999+' : format.number(waiting)}
              </span>
            ) : null}
          </button>
        );
      })}
      <button
        type="button"
        className={css.entry}
        style={{ marginTop: 'auto' }}
        title={t('keys.title')}
        onClick={() => navigation.setState({ keysShown: true })}
      >
        <IconKeyboard size={18} stroke={1.75} aria-hidden />
        <span>{t('keys.title')}</span>
        <span style={{ marginInlineStart: 'auto' }}>
          <KeyHint>?</KeyHint>
        </span>
      </button>
    </nav>
  );
}
