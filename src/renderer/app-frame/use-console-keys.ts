import { useEffect } from 'react';
import type { NavigationStore } from '../navigation.ts';

/** Ids of the parts that keys and the palette can give the focus. */
export const partIds = { list: 'part-list', feed: 'part-feed', upstream: 'part-upstream' } as const;

/** Gives the focus to a part once it is drawn. */
export function focusPart(part: keyof typeof partIds): void {
  setTimeout(() => document.getElementById(partIds[part])?.focus(), 60);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

/** Acts on a console-wide key; false when the key means nothing here. */
export function actOnKey(key: string, navigation: NavigationStore): boolean {
  switch (key) {
    case '1':
      navigation.go('today');
      return true;
    case '2':
      navigation.go('settings');
      return true;
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
    case '?':
      navigation.setState({ keysShown: true });
      return true;
    default:
      return false;
  }
}

/** Listens for the console's single keys, except while a person types or a dialogue is open. */
export function useConsoleKeys(navigation: NavigationStore): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      if (actOnKey(event.key, navigation)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigation]);
}
