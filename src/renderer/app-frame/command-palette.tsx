import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconArrowBackUp,
  IconArrowRight,
  IconBell,
  IconBellOff,
  IconCalendarEvent,
  IconCopy,
  IconDatabaseExport,
  IconDeviceTv,
  IconFileAlert,
  IconFileZip,
  IconFolder,
  IconHelpCircle,
  IconHandStop,
  IconHeartbeat,
  IconKeyboard,
  IconLanguage,
  IconListDetails,
  IconMoon,
  IconPackage,
  IconPlayerStop,
  IconRefresh,
  IconSearch,
  IconServerCog,
  IconSettings,
  IconTrophy,
  IconUserPlus,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import {
  accountsTabs,
  duplicatesTabs,
  packagesTabs,
  screenKeys,
  screens,
  systemTabs,
  type Screen,
} from '../navigation.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { openDialogues } from '../page-keys.ts';
import { useResource, useServices } from '../services.ts';
import { usePackageActions } from '../packages/use-package-actions.ts';
import { useBackupActions } from '../settings/use-backup-actions.ts';
import { useConsoleSettings } from '../settings/use-console-settings.ts';
import { useOpenLogFolder } from '../settings/use-open-log-folder.ts';
import { useReloadToday } from '../today/use-reload-today.ts';
import { useTestNotification } from '../settings/use-test-notification.ts';
import { useWallWindow } from '../settings/use-wall-window.ts';
import { useScheduleActions } from '../system/use-schedule-actions.ts';
import { useSyncActions } from '../sync/use-sync-actions.ts';
import { actionsOnScreen, pressable, type ActionOnScreen } from './actions-on-screen.ts';
import { focusPart } from './use-console-keys.ts';

const screenIcons: Readonly<Record<Screen, ReactNode>> = {
  today: <IconCalendarEvent size={18} aria-hidden />,
  duplicates: <IconCopy size={18} aria-hidden />,
  held: <IconHandStop size={18} aria-hidden />,
  rejected: <IconFileAlert size={18} aria-hidden />,
  leaderboard: <IconTrophy size={18} aria-hidden />,
  packages: <IconPackage size={18} aria-hidden />,
  accounts: <IconUserPlus size={18} aria-hidden />,
  system: <IconServerCog size={18} aria-hidden />,
  health: <IconHeartbeat size={18} aria-hidden />,
  wall: <IconDeviceTv size={18} aria-hidden />,
  settings: <IconSettings size={18} aria-hidden />,
};

/** Everything that can be done, found by typing. */
export function CommandPalette(): ReactNode {
  const { t } = useTranslation();
  const [offered, setOffered] = useState<readonly ActionOnScreen[]>([]);
  const groups = [...useGoTo(), ...useDo(), usePackagesCommands(), useWallActions()];
  const listed = new Set(groups.flatMap(({ actions }) => actions.map(({ label }) => label)));
  const here = {
    group: t('palette.here'),
    actions: offered.filter(({ label }) => !listed.has(label)).map(onScreen),
  };
  return (
    <Spotlight
      actions={here.actions.length > 0 ? [...groups, here] : groups}
      onSpotlightOpen={() =>
        // What a dialogue covers cannot be pressed by hand either.
        setOffered(isCovered() ? [] : actionsOnScreen(document.querySelectorAll<HTMLInputElement>(pressable)))
      }
      nothingFound={t('palette.nothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
    />
  );
}

/** Whether a dialogue lies over the screen; the palette itself is one of them, and only about to open. */
function isCovered(): boolean {
  return openDialogues().some((dialog) => dialog.closest('.mantine-Spotlight-root') === null);
}

/** Pressed once the palette is gone and has given the focus back, so that a menu or a dialogue may take it. */
function onScreen({ id, label, key, press }: ActionOnScreen): SpotlightActionData {
  return {
    id,
    label,
    leftSection: <IconArrowRight size={18} aria-hidden />,
    rightSection: key === null ? null : <KeyHint>{key}</KeyHint>,
    onClick: () => void setTimeout(press, 250),
  };
}

function useGoTo(): SpotlightActionGroupData[] {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const tab = (name: 'board' | 'waiting' | 'passes') => ({
    id: `tab-${name}`,
    label: t(`today.tabs.${name}`),
    leftSection: <IconListDetails size={18} aria-hidden />,
    onClick: () => {
      navigation.openTab(name);
      focusPart('list');
    },
  });
  const screen = (name: Screen) => ({
    id: name,
    label: name === 'held' || name === 'rejected' ? t(`waiting.kinds.${name}`) : t(`screens.${name}`),
    leftSection: screenIcons[name],
    rightSection: <KeyHint>{screenKeys[name]}</KeyHint>,
    onClick: () => navigation.go(name),
  });
  const part = (name: 'feed' | 'upstream', label: string) => ({
    id: `part-${name}`,
    label,
    leftSection: <IconListDetails size={18} aria-hidden />,
    onClick: () => {
      navigation.go('today');
      focusPart(name);
    },
  });
  return [
    {
      group: t('palette.goTo'),
      actions: [
        ...screens.map(screen),
        ...duplicatesTabs.map((name) => ({
          id: `duplicates-${name}`,
          label: `${t('screens.duplicates')}: ${t(`duplicates.tabs.${name}`)}`,
          leftSection: screenIcons.duplicates,
          onClick: () => navigation.openDuplicates(name),
        })),
        ...packagesTabs.map((name) => ({
          id: `packages-${name}`,
          label: `${t('screens.packages')}: ${t(`packages.tabs.${name}`)}`,
          leftSection: screenIcons.packages,
          onClick: () => navigation.openPackages(name),
        })),
        ...accountsTabs.slice(1).map((name) => ({
          id: `accounts-${name}`,
          label: `${t('screens.accounts')}: ${t(`accounts.tabs.${name}`)}`,
          leftSection: screenIcons.accounts,
          onClick: () => navigation.openAccounts(name),
        })),
        ...systemTabs.map((name) => ({
          id: `system-${name}`,
          label: `${t('screens.system')}: ${t(`system.tabs.${name}`)}`,
          leftSection: screenIcons.system,
          onClick: () => navigation.openSystem(name),
        })),
        tab('board'),
        tab('waiting'),
        tab('passes'),
        part('feed', t('feed.title')),
        part('upstream', t('upstream.title')),
      ],
    },
  ];
}

function useDo(): SpotlightActionGroupData[] {
  const { t } = useTranslation();
  const services = useServices();
  const { passes, navigation, queue, backups } = services;
  const backup = useBackupActions();
  const backingUp = useStore(backups.underWay, (state) => state.running !== null);
  const sync = useSyncActions();
  const own = useConsoleSettings();
  const openLogFolder = useOpenLogFolder();
  const testNotification = useTestNotification();
  const reloadToday = useReloadToday();
  const running = useStore(passes, (state) => state.progress);
  const stopped = (useResource(services.schedules).data?.stopped ?? null) !== null;
  const schedules = useScheduleActions();
  const canUndo = useStore(queue.decisions, (state) => state.done.length > 0);
  const syncs = (['deals', 'sms'] as const).map((source) =>
    running[source] === undefined
      ? {
          id: `sync-${source}`,
          label: t(`sync.now.${source}`),
          leftSection: <IconRefresh size={18} aria-hidden />,
          onClick: () => void sync.start(source),
        }
      : {
          id: `cancel-${source}`,
          label: t(`sync.cancel.${source}`),
          leftSection: <IconPlayerStop size={18} aria-hidden />,
          onClick: () => void sync.cancel(source),
        },
  );
  const resync = {
    id: 'resync',
    label: t('resync.open'),
    leftSection: <IconRefresh size={18} aria-hidden />,
    onClick: () => navigation.setState({ resyncShown: true }),
  };
  const why = {
    id: 'why',
    label: t('why.title'),
    leftSection: <IconHelpCircle size={18} aria-hidden />,
    onClick: () => navigation.askWhy(),
  };
  const reload = {
    id: 'reload-today',
    label: t('palette.reloadToday'),
    leftSection: <IconRefresh size={18} aria-hidden />,
    onClick: () => void reloadToday(),
  };
  const backUp = {
    id: 'backup',
    label: t(backingUp ? 'backups.cancel' : 'backups.now'),
    leftSection: <IconDatabaseExport size={18} aria-hidden />,
    onClick: () => void (backingUp ? backup.cancel() : backup.start()),
  };
  const stopAll = {
    id: 'stop-all',
    label: t(stopped ? 'schedules.resumeAll' : 'schedules.stopAll'),
    leftSection: <IconPlayerStop size={18} aria-hidden />,
    onClick: () => void (stopped ? schedules.resume() : schedules.stopAll()),
  };
  const choose = (patch: Parameters<typeof own.change>[0], id: string, label: string, icon: ReactNode) => ({
    id,
    label,
    leftSection: icon,
    onClick: () => void own.change(patch),
  });
  const language = <IconLanguage size={18} aria-hidden />;
  const moon = <IconMoon size={18} aria-hidden />;
  return [
    { group: t('palette.sync'), actions: [...syncs, resync, reload, why, backUp, stopAll] },
    ...(canUndo
      ? [
          {
            group: t('screens.duplicates'),
            actions: [
              {
                id: 'undo-decision',
                label: t('keys.undo'),
                leftSection: <IconArrowBackUp size={18} aria-hidden />,
                onClick: () => {
                  navigation.openDuplicates('queue');
                  void queue.undo();
                },
              },
            ],
          },
        ]
      : []),
    {
      group: t('palette.console'),
      actions: [
        choose({ language: 'sv' }, 'language-sv', t('palette.language', { name: 'Svenska' }), language),
        choose({ language: 'en' }, 'language-en', t('palette.language', { name: 'English' }), language),
        choose(
          { language: 'system' },
          'language-system',
          t('palette.language', { name: t('own.language.system') }),
          language,
        ),
        choose({ theme: 'light' }, 'theme-light', t('palette.theme', { name: t('own.theme.light') }), moon),
        choose({ theme: 'dark' }, 'theme-dark', t('palette.theme', { name: t('own.theme.dark') }), moon),
        choose(
          { theme: 'system' },
          'theme-system',
          t('palette.theme', { name: t('own.theme.system') }),
          moon,
        ),
        choose(
          { alertsPaused: !own.settings.alertsPaused },
          'alerts-paused',
          `${t('alerts.paused.label')}: ${t(own.settings.alertsPaused ? 'settings.off' : 'settings.on')}`,
          own.settings.alertsPaused ? (
            <IconBell size={18} aria-hidden />
          ) : (
            <IconBellOff size={18} aria-hidden />
          ),
        ),
        {
          id: 'alerts-test',
          label: t('alerts.test.send'),
          leftSection: <IconBell size={18} aria-hidden />,
          onClick: () => void testNotification(),
        },
        {
          id: 'log-folder',
          label: t('actions.openLogFolder'),
          leftSection: <IconFolder size={18} aria-hidden />,
          onClick: () => void openLogFolder(),
        },
        {
          id: 'diagnostics',
          label: t('diagnostics.open'),
          leftSection: <IconFileZip size={18} aria-hidden />,
          onClick: () => navigation.setState({ diagnosticsShown: true }),
        },
        {
          id: 'keys',
          label: t('keys.title'),
          leftSection: <IconKeyboard size={18} aria-hidden />,
          onClick: () => navigation.setState({ keysShown: true }),
        },
      ],
    },
  ];
}

function usePackagesCommands(): SpotlightActionGroupData {
  const { t } = useTranslation();
  const { packages, navigation } = useServices();
  const actions = usePackageActions();
  const running = useStore(packages.underWay, (state) => state.progress !== null);
  const refresh = <IconRefresh size={18} aria-hidden />;
  return {
    group: t('screens.packages'),
    actions: [
      running
        ? {
            id: 'packages-cancel',
            label: t('packages.pass.cancel'),
            leftSection: <IconPlayerStop size={18} aria-hidden />,
            onClick: () => void actions.cancelPass(),
          }
        : {
            id: 'packages-pass',
            label: t('packages.pass.start'),
            leftSection: refresh,
            onClick: () => void actions.startPass(),
          },
      {
        id: 'packages-validate',
        label: t('packages.validate.now'),
        leftSection: refresh,
        onClick: () => {
          navigation.openPackages('health');
          void actions.validate();
        },
      },
    ],
  };
}

function useWallActions(): SpotlightActionGroupData {
  const { t } = useTranslation();
  const { state, open, close, testSound } = useWallWindow();
  const { settings, change } = useConsoleSettings();
  const tv = <IconDeviceTv size={18} aria-hidden />;
  const quieter = settings.wallMuted ? (
    <IconVolume size={18} aria-hidden />
  ) : (
    <IconVolumeOff size={18} aria-hidden />
  );
  return {
    group: t('wallWindow.title'),
    actions: [
      state?.open
        ? { id: 'wall-close', label: t('wallWindow.close'), leftSection: tv, onClick: () => void close() }
        : { id: 'wall-open', label: t('wallWindow.open'), leftSection: tv, onClick: () => void open() },
      {
        id: 'wall-mute',
        label: settings.wallMuted ? t('wallWindow.unmute') : t('wallWindow.mute'),
        leftSection: quieter,
        onClick: () => void change({ wallMuted: !settings.wallMuted }),
      },
      {
        id: 'wall-test',
        label: t('wallWindow.test'),
        leftSection: <IconVolume size={18} aria-hidden />,
        onClick: () => void testSound(),
      },
    ],
  };
}
