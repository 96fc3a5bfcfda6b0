import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import type { SystemMode } from '../../shared/contract/mode.ts';
import type { Log } from '../log.ts';

/** What the tray says of the console. */
export interface TrayState {
  awaySince: string | null;
  /** What waits for a person. */
  waiting: number;
  leads: boolean;
  /** How requests for accounts are carried out; null while nobody knows. */
  mode: SystemMode | null;
  paused: boolean;
  /** Everything that runs by itself is stopped. */
  stopped: boolean;
}

export interface TrayIcon {
  /** True while there is an icon to come back from. */
  isThere(): boolean;
  show(state: TrayState, language: 'sv' | 'en'): void;
  close(): void;
}

const words = {
  en: {
    open: 'Open Opsdeck',
    pause: 'Do not disturb',
    stop: 'Stop all schedules',
    quit: 'Quit',
    away: 'The database does not answer',
    leads: 'Runs the schedule',
    follows: 'Follows',
    none: 'Nothing waits',
    waiting: (count: number) => `${count} ${count === 1 ? 'waits' : 'wait'} for you`,
    mode: { async_queue: 'Accounts: queued', sync_direct: 'Accounts: made at once' },
  },
  sv: {
    open: 'Öppna Opsdeck',
    pause: 'Stör inte',
    stop: 'Stoppa alla scheman',
    quit: 'Avsluta',
    away: 'Databasen svarar inte',
    leads: 'Kör schemat',
    follows: 'Följer',
    none: 'Inget väntar',
    waiting: (count: number) => `${count} väntar på dig`,
    mode: { async_queue: 'Konton: köas', sync_direct: 'Konton: skapas direkt' },
  },
} as const;

/**
 * Puts the program's icon in the tray. Where the desktop has no tray (`hasTray` false, or the system refuses) there is
 * none, and a closed window ends the program as without it.
 */
export function createTray(parts: {
  icon: string;
  hasTray: boolean;
  log: Log;
  open(): void;
  pause(paused: boolean): void;
  stopAll(stopped: boolean): void;
  quit(): void;
}): TrayIcon {
  const tray = parts.hasTray ? makeTray(parts) : null;
  let drawn = '';
  return {
    isThere: () => tray !== null,
    show(state, language) {
      const template = trayMenu(state, language, parts);
      const now = JSON.stringify([state, language]);
      if (tray === null || now === drawn) return;
      drawn = now;
      tray.setToolTip(`Opsdeck · ${template[0]?.label ?? ''}`);
      tray.setContextMenu(Menu.buildFromTemplate(template));
    },
    close: () => tray?.destroy(),
  };
}

/** The tray's menu as data: what is the case, then what can be done. */
export function trayMenu(
  state: TrayState,
  language: 'sv' | 'en',
  act: { open(): void; pause(paused: boolean): void; stopAll(stopped: boolean): void; quit(): void },
): MenuItemConstructorOptions[] {
  const say = words[language];
  const line = (label: string): MenuItemConstructorOptions => ({ label, enabled: false });
  return [
    line(state.awaySince !== null ? say.away : state.waiting === 0 ? say.none : say.waiting(state.waiting)),
    ...(state.awaySince !== null ? [] : [line(state.leads ? say.leads : say.follows)]),
    ...(state.mode === null ? [] : [line(say.mode[state.mode])]),
    { type: 'separator' },
    { label: say.open, click: act.open },
    { label: say.pause, type: 'checkbox', checked: state.paused, click: () => act.pause(!state.paused) },
    {
      label: say.stop,
      type: 'checkbox',
      checked: state.stopped,
      // Without the database nobody would hear of it.
      enabled: state.awaySince === null,
      click: () => act.stopAll(!state.stopped),
    },
    { type: 'separator' },
    { label: say.quit, click: act.quit },
  ];
}

function makeTray(parts: { icon: string; log: Log; open(): void }): Tray | null {
  try {
    const image = nativeImage.createFromPath(parts.icon).resize({ width: 22, height: 22 });
    const tray = new Tray(image);
    tray.on('click', parts.open);
    return tray;
  } catch (error) {
    parts.log.warn('There is no icon in the tray', { error });
    return null;
  }
}
