import { packagesTabs } from '../navigation.ts';
import { usePageKeys } from '../page-keys.ts';
import { useServices } from '../services.ts';

/**
 * h and l go through the tabs; a letter presses the button that says it is its shortcut. One that is not drawn, or
 * cannot be pressed now, has none.
 */
export function usePackageKeys(): void {
  const { navigation } = useServices();
  usePageKeys((key, event) => {
    if (event.repeat) return false;
    if (key === 'h' || key === 'l') {
      const at = packagesTabs.indexOf(navigation.getState().packagesTab) + (key === 'h' ? -1 : 1);
      const tab = packagesTabs[at];
      if (tab !== undefined) navigation.openPackages(tab);
      return true;
    }
    return /^[a-z]$/.test(key) && press(key);
  }, 'screen');
}

function press(key: string): boolean {
  const button = document.querySelector<HTMLElement>(`main [aria-keyshortcuts="${key}"]:not(:disabled)`);
  button?.click();
  return button !== null;
}
