import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isStartUpFailure } from '../failure.ts';
import type { Screen } from '../navigation.ts';
import { useResource, useServices } from '../services.ts';
import { PassList, RecentPasses, ResyncButton } from '../sync/pass-list.tsx';
import { UpstreamPanel } from '../sync/upstream-panel.tsx';
import { useSyncResults } from '../sync/use-sync-results.ts';
import { TodayScreen } from '../today/today-screen.tsx';
import { BannerStrip } from './banner-strip.tsx';
import css from './frame.module.css';
import {
  AccountsScreen,
  Dialogs,
  DuplicatesScreen,
  HealthScreen,
  HeldScreen,
  LeaderboardScreen,
  loadTheRest,
  PackagesScreen,
  RejectedScreen,
  SettingsScreen,
  SystemScreen,
  WallScreen,
} from './later-parts.tsx';
import { Rail } from './rail.tsx';
import { StartUpFailure } from './start-up-failure.tsx';
import { TopBar } from './top-bar.tsx';
import { partIds, useConsoleKeys } from './use-console-keys.ts';

/** A page that is busy all the time loads the rest after this long, in ms. */
const longestWaitMs = 2_000;

/** The whole window: rail, top bar, banners and the screen a person is on. */
export function ConsoleFrame(): ReactNode {
  const { t } = useTranslation();
  const { system, navigation } = useServices();
  const status = useResource(system);
  const screen = useStore(navigation, (state) => state.screen);
  useConsoleKeys(navigation);
  useSyncResults();
  const rested = useRest();
  useEffect(() => {
    document.title = `${t(`screens.${screen}`)} – Opsdeck`;
  }, [t, screen]);
  if (status.data === null && status.failure !== null && isStartUpFailure(status.failure)) {
    return (
      <StartUpFailure failure={status.failure} trying={status.loading} onRetry={() => void system.reload()} />
    );
  }
  return (
    <div className={css.frame}>
      <Rail />
      <TopBar />
      <BannerStrip />
      <main className={css.main}>
        <Suspense fallback={null}>
          <Shown screen={screen} />
        </Suspense>
      </main>
      <Suspense fallback={null}>{rested && <Dialogs />}</Suspense>
    </div>
  );
}

/** True once the page has nothing to draw for a moment; only then it loads what the first picture does not show. */
function useRest(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const handle = requestIdleCallback(
      () => {
        setRested(true);
        loadTheRest();
      },
      { timeout: longestWaitMs },
    );
    return () => cancelIdleCallback(handle);
  }, []);
  return rested;
}

function Shown({ screen }: { screen: Screen }): ReactNode {
  switch (screen) {
    case 'today':
      return <Today />;
    case 'duplicates':
      return <DuplicatesScreen ids={partIds} />;
    case 'held':
      return <HeldScreen listId={partIds.list} />;
    case 'rejected':
      return <RejectedScreen ids={partIds} />;
    case 'leaderboard':
      return <LeaderboardScreen id={partIds.list} />;
    case 'packages':
      return <PackagesScreen ids={partIds} />;
    case 'accounts':
      return <AccountsScreen ids={partIds} />;
    case 'system':
      return <SystemScreen ids={partIds} />;
    case 'health':
      return <HealthScreen ids={partIds} />;
    case 'wall':
      return <WallScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}

/** Today is put together here, because its parts belong to features that do not know each other. */
function Today(): ReactNode {
  return (
    <TodayScreen
      ids={partIds}
      upstream={<UpstreamPanel id={partIds.upstream} />}
      recent={<RecentPasses />}
      passes={<PassList id={partIds.list} />}
      passesSide={<ResyncButton />}
    />
  );
}
