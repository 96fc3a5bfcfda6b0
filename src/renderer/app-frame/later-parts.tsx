import { lazy, type ComponentType, type ReactNode } from 'react';
import { failureOf } from '../failure.ts';
import { ErrorState } from '../ui/error-state.tsx';

const loaders: (() => Promise<unknown>)[] = [];

/** A part that is loaded when it is first shown, or by `loadTheRest` before. */
function later<Props extends object>(load: () => Promise<(props: Props) => ReactNode>) {
  loaders.push(load);
  return lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      return { default: await load() };
    } catch (error) {
      return { default: saysWhy(error) };
    }
  });
}

/** In the place of a part whose file cannot be read, as after an update under the running program. */
function saysWhy(error: unknown): () => ReactNode {
  return () => <ErrorState failure={failureOf(error)} onRetry={() => location.reload()} />;
}

/** Loads every part, so that no key ever waits for one. A failure is told where the part is shown. */
export function loadTheRest(): void {
  for (const load of loaders) load().catch(() => undefined);
}

export const AccountsScreen = later(
  async () => (await import('../accounts/accounts-screen.tsx')).AccountsScreen,
);
export const DuplicatesScreen = later(
  async () => (await import('../duplicates/duplicates-screen.tsx')).DuplicatesScreen,
);
export const HealthScreen = later(async () => (await import('../health/health-screen.tsx')).HealthScreen);
export const HeldScreen = later(async () => (await import('../held/held-screen.tsx')).HeldScreen);
export const LeaderboardScreen = later(
  async () => (await import('../leaderboard/leaderboard-screen.tsx')).LeaderboardScreen,
);
export const PackagesScreen = later(
  async () => (await import('../packages/packages-screen.tsx')).PackagesScreen,
);
export const RejectedScreen = later(
  async () => (await import('../rejected/rejected-screen.tsx')).RejectedScreen,
);
export const SettingsScreen = later(
  async () => (await import('../settings/settings-screen.tsx')).SettingsScreen,
);
export const SystemScreen = later(async () => (await import('../system/system-screen.tsx')).SystemScreen);
export const WallScreen = later(async () => (await import('../wall-editor/wall-screen.tsx')).WallScreen);
export const Dialogs = later(async () => (await import('./dialogs.tsx')).Dialogs);
