import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isStartUpFailure } from '../failure.ts';
import { AccountsScreen } from '../accounts/accounts-screen.tsx';
import { DuplicatesScreen } from '../duplicates/duplicates-screen.tsx';
import { HealthScreen } from '../health/health-screen.tsx';
import { HeldScreen } from '../held/held-screen.tsx';
import { LeaderboardScreen } from '../leaderboard/leaderboard-screen.tsx';
import type { Screen } from '../navigation.ts';
import { PackagesScreen } from '../packages/packages-screen.tsx';
import { RejectedScreen } from '../rejected/rejected-screen.tsx';
import { useResource, useServices } from '../services.ts';
import { SettingsScreen } from '../settings/settings-screen.tsx';
import { PassList, RecentPasses, ResyncButton } from '../sync/pass-list.tsx';
import { ResyncDialog } from '../sync/resync-dialog.tsx';
import { UpstreamPanel } from '../sync/upstream-panel.tsx';
import { useSyncResults } from '../sync/use-sync-results.ts';
import { DiagnosticsDialog } from '../system/diagnostics-dialog.tsx';
import { SystemScreen } from '../system/system-screen.tsx';
import { TodayScreen } from '../today/today-screen.tsx';
import { WhyDialog } from '../why/why-dialog.tsx';
import { WallScreen } from '../wall-editor/wall-screen.tsx';
import { BannerStrip } from './banner-strip.tsx';
import { CommandPalette } from './command-palette.tsx';
import css from './frame.module.css';
import { KeysHelp } from './keys-help.tsx';
import { Rail } from './rail.tsx';
import { StartUpFailure } from './start-up-failure.tsx';
import { TopBar } from './top-bar.tsx';
import { partIds, useConsoleKeys } from './use-console-keys.ts';

/** The whole window: rail, top bar, banners and the screen a person is on. */
export function ConsoleFrame(): ReactNode {
  const { t } = useTranslation();
  const { system, navigation } = useServices();
  const status = useResource(system);
  const screen = useStore(navigation, (state) => state.screen);
  useConsoleKeys(navigation);
  useSyncResults();
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
        <Shown screen={screen} />
      </main>
      <CommandPalette />
      <KeysHelp />
      <ResyncDialog />
      <DiagnosticsDialog />
      <WhyDialog />
      <LeaveQuestion />
    </div>
  );
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

function LeaveQuestion(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const to = useStore(navigation, (state) => state.leavingTo);
  return (
    <Modal
      opened={to !== null}
      onClose={() => navigation.leave(false)}
      title={t('settings.leave.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
      size="sm"
    >
      <Text size="sm">{t('settings.leave.text')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => navigation.leave(false)} data-autofocus>
          {t('settings.leave.stay')}
        </Button>
        <Button color="danger" onClick={() => navigation.leave(true)}>
          {t('settings.leave.go')}
        </Button>
      </Group>
    </Modal>
  );
}
