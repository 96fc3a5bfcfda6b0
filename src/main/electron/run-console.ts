import { join } from 'node:path';
import { app, BrowserWindow, clipboard, nativeTheme, powerMonitor, session, shell } from 'electron';
import type { AnyRouter } from '@orpc/server';
import type { ConsoleSettings } from '../../shared/contract/system.ts';
import { systemClock, type Clock } from '../clock.ts';
import { openLog, type Log, type LogLevel, type OpenLog } from '../log.ts';
import { makeFolder } from '../make-folder.ts';
import { askNotificationService } from './ask-notification-service.ts';
import { openConsoleSettings, type ConsoleSettingsStore } from './console-settings.ts';
import { chooseFolder } from './choose-folder.ts';
import { backgroundColour, createWindow } from './create-window.ts';
import { keepScreenshot } from './keep-screenshot.ts';
import { menuLanguage, setMenu, skipUsualMenu } from './menu.ts';
import { createOpenTarget, type OpenTarget } from './open-target.ts';
import { takeOverExit } from './ordered-exit.ts';
import { openWindowMemory } from './remember-window.ts';
import type { FileContent } from '../csv.ts';
import { saveFile } from './save-file.ts';
import { savePdf } from './save-pdf.ts';
import { declareAppProtocol, serveAppProtocol } from './serve-app-protocol.ts';
import { createServeWindow } from './serve-window.ts';
import { createShowNotification, type ShowNotification } from './show-notification.ts';
import { setStartAtLogin } from './start-at-login.ts';
import { createTray, type TrayIcon, type TrayState } from './tray.ts';
import { guardSession, guardWebContents } from './trusted-window.ts';
import { openWallMedia, type WallMedia } from './wall-media.ts';
import { createWallWindow, type WallWindow } from './wall-window.ts';

/** What the desktop program needs of the configuration. */
export interface ConsoleConfig {
  dataFolder: string;
  logFolder: string;
  logLevel: LogLevel;
  /** Where a picture of the window is kept fresh; null for nowhere. */
  screenshotPath: string | null;
  /** Business time stands still here; null for the real one. */
  frozenNow: Date | null;
  /** Values that must never appear in a log. */
  secrets: readonly string[];
  /** False where the desktop is known to have no tray to come back from. */
  hasTray: boolean;
  /** As it was given; says where the desktop's own services are. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** What the desktop program gives to the services. */
export interface DesktopParts {
  log: OpenLog;
  clock: Clock;
  consoleSettings: ConsoleSettingsStore;
  /** True when the system opened the folder of the log. */
  openLogFolder(): Promise<boolean>;
  /** True when the system opened the folder. */
  openFolder(path: string): Promise<boolean>;
  wall: WallWindow;
  /** Puts a text where Ctrl-V finds it. */
  copyText(text: string): void;
  /** Sounds and pictures of agents. */
  wallMedia: WallMedia;
  /** Asks a person where to save a file, then writes it; null when they thought better of it. */
  saveFile(suggestedName: string, content: FileContent): Promise<string | null>;
  showNotification: ShowNotification;
  /** Where a notification, a link or the tray asks the window to go. */
  openTarget: Pick<OpenTarget, 'onOpen'>;
  /** The language of this console's own words outside the window. */
  language(): 'sv' | 'en';
  /** What tray and badge show. */
  showState(state: Omit<TrayState, 'paused'>): void;
  /** Asks a person where to save what the console's window prints; null when they thought better of it. */
  savePdf(suggestedName: string): Promise<string | null>;
  /** Asks a person for a folder; null when they thought better of it. */
  chooseFolder(): Promise<string | null>;
  /** Resolves when what would slow down the first picture waits for it no longer: it is late, or its window closed. */
  pictureIsLate: Promise<void>;
}

/** What the desktop program needs of the services. They are started at once and go on by themselves. */
export interface AppServices {
  router: AnyRouter;
  /** The smaller one that the wall gets. */
  wallRouter: AnyRouter;
  /** Ends passes, streams and connections, then stops an embedded database. */
  close(): Promise<void>;
  /** A sentence for the terminal about what was left undone; null when nothing was. */
  onQuitSummary?(): string | null;
  /** A person stops all that runs by itself from the tray, or lets it go on. */
  onStopAll?(stopped: boolean): void;
  /** The machine goes to sleep or wakes: leadership is given up first and asked for again after. */
  onSuspend?(): void;
  onResume?(): void;
}

export interface ConsoleProgram {
  config: ConsoleConfig;
  /** Loads the code of the services, which takes longer than a window; what it answers starts them. */
  loadServices(): Promise<(parts: DesktopParts) => AppServices>;
  /** Folder of the built pages, the built preload file, and the window's icon. */
  pages: string;
  preload: string;
  icon: string;
}

/**
 * A field for a day is written as the page's language has it, and changes with it at once; without this Chromium writes
 * it as the system does (`11/22/2026` in a Swedish window). A Chromium that no longer knows the name leaves it at that.
 */
const fieldsOfThePage = 'LangAttributeAwareFormControlUI';

/** How long services may take to load and stop before they are left behind, in ms; less than `npm start` waits for us. */
const servicesLimitMs = 15_000;
/** How long the first picture is waited for by what would slow it down, in ms. */
const pictureLimitMs = 2_000;

/**
 * Runs the console from start to exit: the window opens whether or not the services are loaded by then. Resolves when
 * they have started, rejects when they cannot; the process is ended from inside later.
 */
export async function runConsole(program: ConsoleProgram): Promise<void> {
  const { config } = program;
  const clock = systemClock(config.frozenNow ?? undefined);
  makeFolder(config.dataFolder);
  app.setPath('userData', join(config.dataFolder, 'chromium'));
  if (!app.requestSingleInstanceLock()) {
    print('Opsdeck already runs with this data folder; its window was brought to the front.');
    app.exit(0);
    return;
  }
  const { logFolder: folder, logLevel: level, secrets } = config;
  const log = openLog({ folder, name: 'console', level, secrets, print });
  declareAppProtocol();
  app.commandLine.appendSwitch('enable-blink-features', fieldsOfThePage);
  skipUsualMenu();
  const trusted = guardWebContents(log.child('window'));
  // Until Electron is ready this process has little else to do. A failure is told where the services start.
  const loading = program.loadServices();
  loading.catch(nothing);
  await app.whenReady();
  const exit = takeOverExit(log, clock, print);
  guardSession(session.defaultSession, log.child('window'));
  const wallMedia = openWallMedia(config.dataFolder, log.child('wall'));
  serveAppProtocol(session.defaultSession, program.pages, log.child('window'), wallMedia);
  const consoleSettings = openConsoleSettings(config.dataFolder, clock, log);
  const openFolder = async (path: string) => (await shell.openPath(path)) === '';
  const windowLog = log.child('window');
  const windowParts = (router: 'router' | 'wallRouter') => ({
    trusted,
    serve: createServeWindow(async () => (await started)?.[router] ?? null, windowLog),
    preload: program.preload,
    icon: program.icon,
    log: windowLog,
  });
  applySettings(consoleSettings, log);
  const memory = openWindowMemory(config.dataFolder, clock, log);
  const window = createWindow('console.html', memory.place(), windowParts('router'));
  // The console is the program: a wall does not keep it running.
  window.once('closed', () => app.quit());
  memory.follow(window);
  const bringWindow = () => bringForward(window);

  const wall = createWallWindow({
    settings: consoleSettings,
    window: () => windowParts('wallRouter'),
    clock,
    log: windowLog,
  });
  const target = createOpenTarget(bringWindow);
  const language = () => menuLanguage(consoleSettings.get(), app.getLocale());
  const tray = createTray({
    icon: program.icon,
    hasTray: config.hasTray,
    log: windowLog,
    open: bringWindow,
    pause: (alertsPaused) => void consoleSettings.change({ alertsPaused }).catch(() => {}),
    stopAll: (stopped) => void started.then((services) => services?.onStopAll?.(stopped), nothing),
    quit: () => app.quit(),
  });
  const started = startServices(loading, exit.stopping, {
    log,
    clock,
    consoleSettings,
    openLogFolder: () => openFolder(folder),
    openFolder,
    wall,
    copyText: (text) => void clipboard.writeText(text),
    wallMedia,
    saveFile: (name, content) => saveFile(BrowserWindow.getFocusedWindow(), name, content),
    showNotification: createShowNotification({
      icon: program.icon,
      log: windowLog,
      open: (to) => target.open(to),
      ask: (longestMs) => askNotificationService(config.environment, longestMs),
    }),
    openTarget: target,
    language,
    showState: followState(tray, consoleSettings, language),
    savePdf: (name) => savePdf(window, name),
    chooseFolder: () => chooseFolder(BrowserWindow.getFocusedWindow()),
    pictureIsLate: whenLate(window),
  });
  stayInTray(window, tray, consoleSettings);
  followSystem(window, started, target);
  takeLinks(target);
  if (consoleSettings.get().wallAtStart) wall.open();
  if (config.screenshotPath !== null) {
    void keepScreenshot(window, config.screenshotPath, { clock, log, signal: exit.stopping });
  }
  exit.stopWith([
    { name: 'wall', limitMs: 3000, run: () => void wall.close() },
    { name: 'tray', limitMs: 1000, run: () => tray.close() },
    { name: 'window', limitMs: 3000, run: () => memory.save().finally(() => window.destroy()) },
    // What is still being loaded is waited for: it may have begun something by then.
    { name: 'services', limitMs: servicesLimitMs, run: async () => (await started)?.close() },
    { name: 'summary', limitMs: 100, run: async () => tellSummary(await started, log) },
  ]);
  if ((await started) !== null) log.info('Window open', { data: config.dataFolder });
}

/** The services, or null when the program was asked to stop before their code was there. */
async function startServices(
  loading: ReturnType<ConsoleProgram['loadServices']>,
  stopping: AbortSignal,
  parts: DesktopParts,
): Promise<AppServices | null> {
  // The wall is told where its sounds and pictures are, so they are looked up by then.
  const [start] = await Promise.all([loading, parts.wallMedia.scan()]);
  return stopping.aborted ? null : start(parts);
}

/** Resolves after `pictureLimitMs`, or when the window closes before. */
function whenLate(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pictureLimitMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    window.once('closed', done);
  });
}

/** A start that failed is told by `runConsole`; what else waits for the services then has nothing to do. */
const nothing = () => {};

/** Colours and menu as this console has them set, now and after each change. */
function applySettings(store: ConsoleSettingsStore, log: Log): void {
  let atLogin: boolean | null = null;
  const apply = (settings: ConsoleSettings) => {
    nativeTheme.themeSource = settings.theme;
    setMenu(settings);
    if (settings.startAtLogin !== atLogin) setStartAtLogin(settings.startAtLogin, log);
    atLogin = settings.startAtLogin;
  };
  apply(store.get());
  store.onChange(apply);
}

/** Tray and badge as the services tell, and again whenever a setting that they show was changed. */
function followState(
  tray: TrayIcon,
  settings: ConsoleSettingsStore,
  language: () => 'sv' | 'en',
): DesktopParts['showState'] {
  let last: Omit<TrayState, 'paused'> | null = null;
  const draw = () => {
    if (last === null) return;
    tray.show({ ...last, paused: settings.get().alertsPaused }, language());
    // Where the desktop has no badges this does nothing.
    app.setBadgeCount(last.waiting);
  };
  settings.onChange(draw);
  return (state) => {
    last = state;
    draw();
  };
}

/** Closing the window leaves the program running where that is set and there is a tray to come back from. */
function stayInTray(window: BrowserWindow, tray: TrayIcon, settings: ConsoleSettingsStore): void {
  window.on('close', (event) => {
    if (!settings.get().closeToTray || !tray.isThere()) return;
    event.preventDefault();
    window.hide();
  });
}

/** `opsdeck://` links: that this start was made with, and on macOS those the system hands over. */
function takeLinks(target: OpenTarget): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient('opsdeck');
  target.openLink(process.argv.slice(1));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    target.openLink([url]);
  });
}

/** What comes from outside the window: another start, a change of theme, the machine's sleep. */
function followSystem(window: BrowserWindow, started: Promise<AppServices | null>, target: OpenTarget): void {
  app.on('second-instance', (_event, args) => {
    if (!target.openLink(args)) bringForward(window);
  });
  app.on('activate', () => bringForward(window));
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColour(nativeTheme.shouldUseDarkColors));
  });
  powerMonitor.on('suspend', () => void started.then((services) => services?.onSuspend?.(), nothing));
  powerMonitor.on('resume', () => void started.then((services) => services?.onResume?.(), nothing));
}

function bringForward(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function tellSummary(services: AppServices | null, log: Log): void {
  const summary = services?.onQuitSummary?.() ?? null;
  if (summary !== null) log.info(summary);
}

/** A terminal that has gone away must not end the program. */
function print(line: string): void {
  process.stdout.write(`${line}\n`, () => undefined);
}
