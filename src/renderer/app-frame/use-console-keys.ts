import { useEffect } from 'react';
import { screenKeys, screens, type NavigationStore } from '../navigation.ts';
import { openDialogues, usePageKeys } from '../page-keys.ts';

/** Ids of the parts that keys and the palette can give the focus. */
export const partIds = {
  list: 'part-list',
  feed: 'part-feed',
  upstream: 'part-upstream',
  search: 'part-search',
} as const;

/** Gives the focus to a part once it is drawn. */
export function focusPart(part: keyof typeof partIds): void {
  setTimeout(() => document.getElementById(partIds[part])?.focus(), 60);
}

/** j and k outside any list go to the main one, so that they work right after a click elsewhere. */
function moveInMainList(key: string): boolean {
  const list = document.getElementById(partIds.list);
  if (list === null || !list.hasAttribute('data-list')) return false;
  list.focus();
  return !list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

/** To the field that searches this screen, its text ready to be replaced. */
function focusSearch(): boolean {
  const field = document.getElementById(partIds.search);
  if (!(field instanceof HTMLInputElement)) return false;
  field.focus();
  field.select();
  return true;
}

const todayKeys: ReadonlySet<string> = new Set(['b', 'w', 'p', 'f', 'u']);

/** Acts on a console-wide key; false when the key means nothing here. */
export function actOnKey(key: string, navigation: NavigationStore): boolean {
  const screen = screens.find((name) => screenKeys[name] === key);
  if (screen !== undefined) {
    navigation.go(screen);
    return true;
  }
  // The parts of Today; elsewhere these keys are the screen's own, or nothing.
  if (todayKeys.has(key) && navigation.getState().screen !== 'today') return false;
  switch (key) {
    case '/':
      return focusSearch();
    case 'b':
    case 'w':
    case 'p':
      navigation.openTab(key === 'b' ? 'board' : key === 'w' ? 'waiting' : 'passes');
      focusPart('list');
      return true;
    case 'f':
      focusPart('feed');
      return true;
    case 'u':
      focusPart('upstream');
      return true;
    case 'j':
    case 'k':
      return moveInMainList(key);
    case 'y':
      navigation.askWhy();
      return true;
    case '?':
      navigation.setState({ keysShown: true });
      return true;
    default:
      return false;
  }
}

/** Listens for the console's single keys, except while a person types or a dialogue is open. */
export function useConsoleKeys(navigation: NavigationStore): void {
  usePageKeys((key) => actOnKey(key, navigation), 'console');
  // Also while a person types.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isMeant = (event.ctrlKey || event.metaKey) && !event.altKey && event.key === screenKeys.settings;
      if (!isMeant || openDialogues().length > 0) return;
      event.preventDefault();
      navigation.go('settings');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigation]);
}
