import { app, powerMonitor, powerSaveBlocker, screen, type BrowserWindow } from 'electron';
import type { WallBeat } from '../../shared/contract/wall.ts';
import type { DisplayName, WallWindowState } from '../../shared/contract/wall-window.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { chooseDisplay, type DisplayFacts } from './choose-display.ts';
import type { ConsoleSettingsStore } from './console-settings.ts';
import { createWindow, type WindowParts } from './create-window.ts';
import { isTooBig, judgePulse, lookEveryMs, stoodStill, type Signs } from './judge-pulse.ts';

/** The one wall of this console: opened and closed by a person, kept on its display and alive by itself. */
export interface WallWindow {
  state(): WallWindowState;
  open(): WallWindowState;
  close(): WallWindowState;
  /** A page says that it lives; `window` is the id of its contents. */
  beat(window: number, beat: WallBeat): void;
  /** False for a page that is loaded behind the one on show: it makes no sound. */
  isOnStage(window: number): boolean;
  /** Told when the wall was opened, closed or moved, recovered, or the displays changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** Told in a sentence when the page crashed or froze and is loaded anew. */
  onTrouble(listener: (sentence: string) => void): () => void;
}

/** Displays come and go in several steps; they are looked at again after these pauses, in ms. */
const settleMs = [300, 3_000] as const;
/** The new page lies painted under the old one for this long before that goes, in ms. */
const overlapMs = 1_000;
/** A page that is to replace another and is not ready after this long is given up, in ms. */
const patienceMs = 40_000;
/** A page that crashes again and again is told of once in this time, in ms. */
const tellAgainMs = 300_000;

/** A window of the wall and what is known of its page. */
interface Page {
  window: BrowserWindow;
  signs: Signs;
  memoryMb: number | null;
  /** True while it is ended for being silent, which is no crash. */
  ended: boolean;
}

/** Makes the wall's switch; the window itself comes with `open`. To be called when Electron is ready. */
export function createWallWindow(parts: {
  settings: ConsoleSettingsStore;
  window(): WindowParts;
  clock: Clock;
  log: Log;
}): WallWindow {
  const { settings, clock, log } = parts;
  const listeners = new Set<() => void>();
  const troubled = new Set<(sentence: string) => void>();
  /** The page on show, and the one that is to take its place. */
  let stage: Page | null = null;
  let next: Page | null = null;
  let timers: NodeJS.Timeout[] = [];
  let looking: NodeJS.Timeout | undefined;
  let lookedAt: number | null = null;
  let renewedAt: number | null = null;
  let toldAt: number | null = null;
  let recovered = 0;
  let renewed = 0;
  const tell = () => {
    for (const listener of listeners) listener();
  };

  function state(): WallWindowState {
    const displays = listDisplays();
    const { index, standIn } = chooseDisplay(settings.get().wallDisplay, displays);
    return { open: stage !== null, displays, shown_on: index, stand_in: standIn, pulse: pulse() };
  }

  function pulse(): WallWindowState['pulse'] {
    if (stage === null) return { state: 'closed', silent_ms: null, memory_mb: null, recovered, renewed };
    const { signs, memoryMb } = stage;
    const now = clock.monotonic();
    const silent_ms = signs.beatAt === null ? null : now - signs.beatAt;
    return { state: judgePulse(signs, now), silent_ms, memory_mb: memoryMb, recovered, renewed };
  }

  function displayName(): string {
    const { displays, shown_on } = state();
    return displays[shown_on]?.label || 'its display';
  }

  function open(): WallWindowState {
    if (stage === null) {
      stage = openPage(true);
      looking ??= setInterval(look, lookEveryMs);
      lookedAt = null;
      log.info('The wall was opened', { display: displayName() });
      tell();
    }
    place(stage.window);
    stage.window.show();
    return state();
  }

  function openPage(shown: boolean): Page {
    const { displays, shown_on } = state();
    const placement = { bounds: boundsOf(displays[shown_on]), maximized: false };
    const window = createWindow('wall.html', placement, parts.window(), { shown });
    const page: Page = { window, signs: freshSigns(), memoryMb: null, ended: false };
    const contents = window.webContents;
    window.removeMenu();
    keepAwake(window);
    contents.on('before-input-event', (_event, input) => {
      if (input.type === 'keyDown' && input.key === 'Escape') window.close();
    });
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) page.signs = freshSigns();
    });
    contents.on('render-process-gone', (_event, { reason }) => {
      if (page !== stage || reason === 'clean-exit') return;
      if (!page.ended) trouble(`The page of the wall on ${displayName()} crashed and is loaded anew.`);
      page.ended = false;
      page.signs = freshSigns();
    });
    window.once('closed', () => forget(page));
    return page;
  }

  function freshSigns(): Signs {
    return { loadedAt: clock.monotonic(), beatAt: null, excusedAt: null };
  }

  function forget(page: Page): void {
    if (page === next) next = null;
    if (page !== stage) return;
    stage = null;
    clearInterval(looking);
    looking = undefined;
    next?.window.destroy();
    log.info('The wall was closed');
    tell();
  }

  /** Puts the wall on its display, full screen; does nothing where it is already. */
  function place(window: BrowserWindow | undefined): void {
    if (window === undefined || window.isDestroyed()) return;
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
        place(stage?.window);
        tell();
      }, ms),
    );
  }

  /** What a machine that slept did not hear says nothing of the page. */
  function excuse(now: number): void {
    for (const page of [stage, next]) if (page) page.signs.excusedAt = now;
  }

  /** Ends a page that is silent and renews one that is too big. */
  function look(): void {
    const now = clock.monotonic();
    if (stoodStill(lookedAt, now)) excuse(now);
    lookedAt = now;
    if (stage === null) return;
    stage.memoryMb = memoryOf(stage.window);
    if (next !== null && now - next.signs.loadedAt > patienceMs) {
      log.warn('The page that was to replace the one of the wall did not become ready');
      next.window.destroy();
    }
    if (judgePulse(stage.signs, now) === 'silent') return endSilent(stage, now);
    if (isTooBig({ memoryMb: stage.memoryMb, renewedAt }, settings.get().wallMemoryMb, now)) renew(now);
  }

  function endSilent(page: Page, now: number): void {
    trouble(`The wall on ${displayName()} did not answer and is loaded anew.`);
    page.signs = { ...freshSigns(), loadedAt: now };
    // A process that is gone already cannot be ended again.
    if (page.window.webContents.isCrashed()) return page.window.webContents.reload();
    page.ended = true;
    page.window.webContents.forcefullyCrashRenderer();
  }

  /** Loads a new page behind the one on show, which stays until the new one is painted. */
  function renew(now: number): void {
    if (next !== null) return;
    renewedAt = now;
    log.info('The page of the wall is renewed because of its memory', { megabytes: stage?.memoryMb ?? 0 });
    next = openPage(false);
  }

  function swap(ready: Page): void {
    const old = stage;
    if (old === null) return;
    next = null;
    ready.window.showInactive();
    place(ready.window);
    if (!old.window.isDestroyed()) old.window.moveTop();
    stage = ready;
    renewed += 1;
    setTimeout(() => old.window.destroy(), overlapMs);
    tell();
  }

  function trouble(sentence: string): void {
    recovered += 1;
    log.warn(sentence);
    tell();
    const now = clock.monotonic();
    if (toldAt !== null && now - toldAt < tellAgainMs) return;
    toldAt = now;
    for (const listener of troubled) listener(sentence);
  }

  function wake(): void {
    excuse(clock.monotonic());
    placeSoon();
  }

  screen.on('display-added', placeSoon);
  screen.on('display-removed', placeSoon);
  screen.on('display-metrics-changed', placeSoon);
  powerMonitor.on('resume', wake);
  powerMonitor.on('unlock-screen', wake);
  let shownOn = settings.get().wallDisplay;
  settings.onChange(({ wallDisplay }) => {
    if (wallDisplay === shownOn) return;
    shownOn = wallDisplay;
    place(stage?.window);
    tell();
  });

  return {
    state,
    open,
    close() {
      stage?.window.destroy();
      return state();
    },
    beat(id, beat) {
      const page = [stage, next].find((one) => one?.window.webContents.id === id);
      if (!page) return;
      const first = page.signs.beatAt === null;
      page.signs.beatAt = clock.monotonic();
      if (page === next && beat.ready && !beat.celebrating) swap(page);
      else if (first) tell();
    },
    isOnStage: (id) => stage?.window.webContents.id === id,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTrouble(listener) {
      troubled.add(listener);
      return () => void troubled.delete(listener);
    },
  };
}

/** What the process of a window's page holds, in MB; null while there is none. */
function memoryOf(window: BrowserWindow): number | null {
  if (window.isDestroyed()) return null;
  const pid = window.webContents.getOSProcessId();
  const found = app.getAppMetrics().find((process) => process.pid === pid);
  return found ? Math.round(found.memory.workingSetSize / 1024) : null;
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
