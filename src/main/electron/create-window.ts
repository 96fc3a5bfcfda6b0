import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import type { Log } from '../log.ts';
import type { ServeWindow } from './serve-window.ts';
import type { TrustedWindows } from './trusted-window.ts';
import { pageUrl } from './window-policy.ts';
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

/** Opens one of our pages in a window. The only place that makes windows, so that all of them are alike. */
export function createWindow(page: string, placement: Placement, parts: WindowParts): BrowserWindow {
  const url = pageUrl(page);
  const window = new BrowserWindow({ ...options(parts), ...placement.bounds });
  parts.trusted.trust(window, url);
  parts.serve(window, url);
  reviveWhenGone(window, parts.log);
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

const crashesForgiven = 3;

/** A page whose process died is loaded again, but not for ever: a page that cannot live must be seen not to. */
function reviveWhenGone(window: BrowserWindow, log: Log): void {
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    crashes += 1;
    log.error('The process of a window died', {
      reason: details.reason,
      exitCode: details.exitCode,
      crashes,
    });
    if (crashes <= crashesForgiven && !window.isDestroyed()) window.webContents.reload();
  });
  window.on('unresponsive', () => log.warn('A window does not answer'));
  window.on('responsive', () => log.info('A window answers again'));
}
