import { join } from 'node:path';
import { screen, type BrowserWindow } from 'electron';
import { readJsonFile, setAside, writeJsonFile } from '../json-file.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { placeWindow, type Placement, type WindowState } from './window-state.ts';

/** Where the console's window was last time, in `window.json` of the data folder. */
export interface WindowMemory {
  place(): Placement;
  /** Follows a window from now on. */
  follow(window: BrowserWindow): void;
  /** Resolves when the last known state is on disk (or could not be written, which is logged). */
  save(): Promise<void>;
}

/** Nothing is written more often than this, in ms, while a window is dragged. */
const settleMs = 500;

export function openWindowMemory(dataFolder: string, clock: Clock, log: Log): WindowMemory {
  const path = join(dataFolder, 'window.json');
  let state: WindowState | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function save(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    if (state === null) return;
    const writing = state;
    state = null;
    try {
      await writeJsonFile(path, writing);
    } catch (error) {
      log.warn('The place of the window could not be remembered', { error });
    }
  }

  return {
    save,
    place() {
      const file = readJsonFile(path);
      if (file.kind === 'bad') {
        log.warn('The remembered place of the window was unreadable', { kept: setAside(path, clock.wall()) });
      }
      const saved = file.kind === 'read' ? file.value : null;
      return placeWindow(
        saved,
        screen.getAllDisplays().map((display) => display.workArea),
      );
    },
    follow(window) {
      const note = () => {
        if (window.isDestroyed() || window.isMinimized()) return;
        state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
        timer ??= setTimeout(() => void save(), settleMs);
      };
      for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) {
        // The overloads of `on` take one name each; these four have the same listener.
        window.on(event as 'resize', note);
      }
    },
  };
}
