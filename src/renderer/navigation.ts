import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LinkTarget } from '../shared/contract/links.ts';

/** The rail from above. */
export const screens = [
  'today',
  'duplicates',
  'held',
  'rejected',
  'leaderboard',
  'packages',
  'accounts',
  'system',
  'health',
  'wall',
  'settings',
] as const;
export type Screen = (typeof screens)[number];
/** The key of each: the rail's digits from above, 0 for the tenth; the comma for settings, as desktop programs have it. */
export const screenKeys: Readonly<Record<Screen, string>> = {
  today: '1',
  duplicates: '2',
  held: '3',
  rejected: '4',
  leaderboard: '5',
  packages: '6',
  accounts: '7',
  system: '8',
  health: '9',
  wall: '0',
  settings: ',',
};
export const todayTabs = ['board', 'waiting', 'passes'] as const;
export type TodayTab = (typeof todayTabs)[number];
/** What waits for a person, each with a screen of its own. */
export const waitingKinds = ['duplicates', 'held', 'rejected'] as const satisfies readonly Screen[];
export type WaitingKind = (typeof waitingKinds)[number];

export const duplicatesTabs = ['queue', 'sent', 'history', 'rules'] as const;
export type DuplicatesTab = (typeof duplicatesTabs)[number];

export const packagesTabs = [
  'health',
  'invalid',
  'mine',
  'catalogue',
  'diff',
  'duplicates',
  'orders',
] as const;
export type PackagesTab = (typeof packagesTabs)[number];
export const accountsTabs = ['accounts', 'list', 'requests', 'tasks'] as const;
export type AccountsTab = (typeof accountsTabs)[number];
export const systemTabs = ['mode', 'schedules', 'performance', 'log'] as const;
export type SystemTab = (typeof systemTabs)[number];

export interface Navigation {
  readonly screen: Screen;
  readonly tab: TodayTab;
  /** The duplicates screen shows what waits, or what was decided. */
  readonly duplicatesTab: DuplicatesTab;
  readonly packagesTab: PackagesTab;
  readonly accountsTab: AccountsTab;
  readonly systemTab: SystemTab;
  readonly keysShown: boolean;
  readonly resyncShown: boolean;
  readonly diagnosticsShown: boolean;
  /** The lead that is asked about, why it is on the board or not; empty: a person types it. Null: nothing is asked. */
  readonly whyLead: string | null;
  /** A screen with unsaved changes; leaving it asks first. */
  readonly unsaved: boolean;
  /** Where to go once a person has let unsaved changes go. */
  readonly leavingTo: Screen | null;
}

export interface NavigationStore extends StoreApi<Navigation> {
  /** Goes to a screen, or asks first where changes are unsaved. */
  go(screen: Screen): void;
  openTab(tab: TodayTab): void;
  openDuplicates(tab: DuplicatesTab): void;
  openPackages(tab: PackagesTab): void;
  openAccounts(tab: AccountsTab): void;
  openSystem(tab: SystemTab): void;
  /** Goes where a notification or a link leads; Health stands in for a screen that this console does not have. */
  open(target: LinkTarget): void;
  /** Asks why a lead is on the board or not; without one a person types it. */
  askWhy(lead?: string): void;
  /** Answers the question about unsaved changes. */
  leave(yes: boolean): void;
}

/** Where a person is in the console. */
export function createNavigation(): NavigationStore {
  const store = createStore<Navigation>(() => ({
    screen: 'today',
    tab: 'board',
    duplicatesTab: 'queue',
    packagesTab: 'health',
    accountsTab: 'accounts',
    systemTab: 'mode',
    keysShown: false,
    resyncShown: false,
    diagnosticsShown: false,
    whyLead: null,
    unsaved: false,
    leavingTo: null,
  }));
  function go(screen: Screen): void {
    const now = store.getState();
    if (now.unsaved && screen !== now.screen) store.setState({ leavingTo: screen });
    else store.setState({ screen });
  }
  return Object.assign(store, {
    go,
    openTab(tab: TodayTab): void {
      const now = store.getState();
      if (now.unsaved && now.screen !== 'today') return store.setState({ leavingTo: 'today', tab });
      store.setState({ screen: 'today', tab });
    },
    openDuplicates(tab: DuplicatesTab): void {
      store.setState({ duplicatesTab: tab });
      go('duplicates');
    },
    openPackages(tab: PackagesTab): void {
      store.setState({ packagesTab: tab });
      go('packages');
    },
    openAccounts(tab: AccountsTab): void {
      store.setState({ accountsTab: tab });
      go('accounts');
    },
    openSystem(tab: SystemTab): void {
      store.setState({ systemTab: tab });
      go('system');
    },
    open(target: LinkTarget): void {
      // Tasks stand beside the accounts that they make.
      if (target.screen === 'tasks') return this.openAccounts('tasks');
      if (target.screen === 'duplicates') store.setState({ duplicatesTab: 'queue' });
      go(screens.find((name) => name === target.screen) ?? 'health');
    },
    askWhy(lead = ''): void {
      store.setState({ whyLead: lead });
    },
    leave(yes: boolean): void {
      const to = store.getState().leavingTo;
      store.setState(
        yes && to !== null ? { screen: to, unsaved: false, leavingTo: null } : { leavingTo: null },
      );
    },
  });
}
