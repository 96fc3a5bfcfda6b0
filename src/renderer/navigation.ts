import { createStore, type StoreApi } from 'zustand/vanilla';

export const screens = ['today', 'leaderboard', 'settings'] as const;
export type Screen = (typeof screens)[number];
export const todayTabs = ['board', 'waiting', 'passes'] as const;
export type TodayTab = (typeof todayTabs)[number];
export const waitingKinds = ['duplicates', 'held', 'rejected'] as const;
export type WaitingKind = (typeof waitingKinds)[number];

export interface Navigation {
  readonly screen: Screen;
  readonly tab: TodayTab;
  /** Null: the first kind in which something waits. */
  readonly waiting: WaitingKind | null;
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
  openTab(tab: TodayTab, waiting?: WaitingKind): void;
  /** Answers the question about unsaved changes. */
  leave(yes: boolean): void;
}

/** Where a person is in the console. */
export function createNavigation(): NavigationStore {
  const store = createStore<Navigation>(() => ({
    screen: 'today',
    tab: 'board',
    waiting: null,
    keysShown: false,
    resyncShown: false,
    unsaved: false,
    leavingTo: null,
  }));
  return Object.assign(store, {
    go(screen: Screen): void {
      const now = store.getState();
      if (now.unsaved && screen !== now.screen) store.setState({ leavingTo: screen });
      else store.setState({ screen });
    },
    openTab(tab: TodayTab, waiting?: WaitingKind): void {
      const now = store.getState();
      if (now.unsaved && now.screen !== 'today') return store.setState({ leavingTo: 'today', tab });
      store.setState({ screen: 'today', tab, ...(waiting === undefined ? {} : { waiting }) });
    },
    leave(yes: boolean): void {
      const to = store.getState().leavingTo;
      store.setState(
        yes && to !== null ? { screen: to, unsaved: false, leavingTo: null } : { leavingTo: null },
      );
    },
  });
}
