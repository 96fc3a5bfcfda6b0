import { createStore, type StoreApi } from 'zustand/vanilla';

/** The rail from above; each has its digit as key. */
export const screens = [
  'today',
  'duplicates',
  'held',
  'rejected',
  'leaderboard',
  'wall',
  'settings',
] as const;
export type Screen = (typeof screens)[number];
export const todayTabs = ['board', 'waiting', 'passes'] as const;
export type TodayTab = (typeof todayTabs)[number];
/** What waits for a person, each with a screen of its own. */
export const waitingKinds = ['duplicates', 'held', 'rejected'] as const satisfies readonly Screen[];
export type WaitingKind = (typeof waitingKinds)[number];

export const duplicatesTabs = ['queue', 'sent', 'history'] as const;
export type DuplicatesTab = (typeof duplicatesTabs)[number];

export interface Navigation {
  readonly screen: Screen;
  readonly tab: TodayTab;
  /** The duplicates screen shows what waits, or what was decided. */
  readonly duplicatesTab: DuplicatesTab;
  readonly keysShown: boolean;
  readonly resyncShown: boolean;
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
  /** Answers the question about unsaved changes. */
  leave(yes: boolean): void;
}

/** Where a person is in the console. */
export function createNavigation(): NavigationStore {
  const store = createStore<Navigation>(() => ({
    screen: 'today',
    tab: 'board',
    duplicatesTab: 'queue',
    keysShown: false,
    resyncShown: false,
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
    leave(yes: boolean): void {
      const to = store.getState().leavingTo;
      store.setState(
        yes && to !== null ? { screen: to, unsaved: false, leavingTo: null } : { leavingTo: null },
      );
    },
  });
}
