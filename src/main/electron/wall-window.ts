import { powerMonitor, powerSaveBlocker, screen, type BrowserWindow } from 'electron';
import type { DisplayName, WallWindowState } from '../../shared/contract/wall-window.ts';
import type { Log } from '../log.ts';
import { chooseDisplay, type DisplayFacts } from './choose-display.ts';
import type { ConsoleSettingsStore } from './console-settings.ts';
import { createWindow, type WindowParts } from './create-window.ts';

/** The one wall of this console: opened and closed by a person, kept on its display by itself. */
export interface WallWindow {
  state(): WallWindowState;
  open(): WallWindowState;
  close(): WallWindowState;
  /** Told when the wall was opened, closed or moved, or the displays changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** Displays come and go in several steps; they are looked at again after these pauses, in ms. */
const settleMs = [300, 3_000] as const;

/** Makes the wall's switch; the window itself comes with `open`. To be called when Electron is ready. */
export function createWallWindow(parts: {
  settings: ConsoleSettingsStore;
  window(): WindowParts;
  log: Log;
}): WallWindow {
  const { settings, log } = parts;
  const listeners = new Set<() => void>();
  let window: BrowserWindow | null = null;
  let timers: NodeJS.Timeout[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };

  function state(): WallWindowState {
    const displays = listDisplays();
    const { index, standIn } = chooseDisplay(settings.get().wallDisplay, displays);
    return { open: window !== null, displays, shown_on: index, stand_in: standIn };
  }

  function open(): WallWindowState {
    if (window === null) {
      const { displays, shown_on } = state();
      const opened = createWindow(
        'wall.html',
        { bounds: boundsOf(displays[shown_on]), maximized: false },
        parts.window(),
      );
      window = opened;
      opened.removeMenu();
      keepAwake(opened);
      opened.webContents.on('before-input-event', (_event, input) => {
        if (input.type === 'keyDown' && input.key === 'Escape') opened.close();
      });
      opened.once('closed', () => {
        window = null;
        log.info('The wall was closed');
        tell();
      });
      log.info('The wall was opened', { display: displays[shown_on]?.label ?? '' });
      tell();
    }
    place();
    window.show();
    return state();
  }

  /** Puts the wall on its display, full screen; does nothing where it is already. */
  function place(): void {
    if (window === null || window.isDestroyed()) return;
    const { displays, shown_on, stand_in } = state();
    const wanted = boundsOf(displays[shown_on]);
    const now = window.getBounds();
    const there = (['x', 'y', 'width', 'height'] as const).every((side) => now[side] === wanted[side]);
    if (!there) {
      // A full-screen window cannot be moved to another display.
      if (window.isFullScreen()) window.setFullScreen(false);
      window.setBounds(wanted);
      log.info('The wall was put in its place', {
        display: displays[shown_on]?.label ?? '',
        standIn: stand_in,
      });
    }
    if (!window.isFullScreen()) window.setFullScreen(true);
  }

  function placeSoon(): void {
    for (const timer of timers) clearTimeout(timer);
    timers = settleMs.map((ms) =>
      setTimeout(() => {
        place();
        tell();
      }, ms),
    );
  }

  screen.on('display-added', placeSoon);
  screen.on('display-removed', placeSoon);
  screen.on('display-metrics-changed', placeSoon);
  powerMonitor.on('resume', placeSoon);
  powerMonitor.on('unlock-screen', placeSoon);
  let shownOn = settings.get().wallDisplay;
  settings.onChange(({ wallDisplay }) => {
    if (wallDisplay === shownOn) return;
    shownOn = wallDisplay;
    place();
    tell();
  });

  return {
    state,
    open,
    close() {
      window?.destroy();
      window = null;
      return state();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A display that sleeps shows nothing; held until the window is closed. */
function keepAwake(window: BrowserWindow): void {
  const blocker = powerSaveBlocker.start('prevent-display-sleep');
  window.once('closed', () => void powerSaveBlocker.stop(blocker));
}

function listDisplays(): DisplayFacts[] {
  const primary = screen.getPrimaryDisplay().id;
  return screen.getAllDisplays().map(({ id, label, bounds }) => ({
    label: (label ?? '').slice(0, 200),
    ...bounds,
    primary: id === primary,
  }));
}

function boundsOf(display: DisplayName | undefined) {
  const { x = 0, y = 0, width = 1280, height = 800 } = display ?? {};
  return { x, y, width, height };
}
