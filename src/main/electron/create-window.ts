import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import type { Log } from '../log.ts';
import type { ServeWindow } from './serve-window.ts';
import type { TrustedWindows } from './trusted-window.ts';
import { pageUrl } from './window-policy.ts';
import { reviveWhenGone, type Revival } from './revive-window.ts';
import { minimumSize, type Placement } from './window-state.ts';

export interface WindowParts {
  trusted: TrustedWindows;
  serve: ServeWindow;
  preload: string;
  icon: string;
  log: Log;
}

/** The page's own background, so that a window never flashes in the other theme's colour while it loads. */
export function backgroundColour(dark: boolean): string {
  return dark ? '#242424' : '#ffffff';
}

/** What sets the wall apart: no frame, sounds without a click, awake while hidden, and revived for ever. */
const wallOptions = {
  frame: false,
  minWidth: 320,
  minHeight: 240,
  webPreferences: { autoplayPolicy: 'no-user-gesture-required', backgroundThrottling: false },
} as const satisfies BrowserWindowConstructorOptions;

/** Opens one of our pages in a window. The only place that makes windows, so that all of them are alike. */
export function createWindow(
  page: 'console.html' | 'wall.html',
  placement: Placement,
  parts: WindowParts,
  { shown }: { shown: boolean } = { shown: true },
): BrowserWindow {
  const url = pageUrl(page);
  const isWall = page === 'wall.html';
  const usual = options(parts);
  const special: BrowserWindowConstructorOptions = isWall ? wallOptions : {};
  const window = new BrowserWindow({
    ...usual,
    ...special,
    ...placement.bounds,
    show: shown,
    webPreferences: { ...usual.webPreferences, ...special.webPreferences },
  });
  const revival: Revival = isWall ? 'always' : 'thrice';
  parts.trusted.trust(window, url);
  parts.serve(window, url);
  reviveWhenGone(window, revival, parts.log);
  if (placement.maximized) window.maximize();
  void window.loadURL(url).catch((error: unknown) => {
    if (!window.isDestroyed()) parts.log.error('A page could not be loaded', { url, error });
  });
  return window;
}

function options(parts: WindowParts): BrowserWindowConstructorOptions {
  return {
    title: 'Opsdeck',
    icon: parts.icon,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    backgroundColor: backgroundColour(nativeTheme.shouldUseDarkColors),
    autoHideMenuBar: true,
    // Sandbox, context isolation and the absence of Node are Electron's defaults and stay untouched.
    webPreferences: { preload: parts.preload, spellcheck: false },
  };
}
