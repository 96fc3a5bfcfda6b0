import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ConsoleSettings } from '../../shared/contract/system.ts';

const words = {
  en: { file: 'File', close: 'Close window', quit: 'Quit', edit: 'Edit', view: 'View' },
  sv: { file: 'Arkiv', close: 'Stäng fönster', quit: 'Avsluta', edit: 'Redigera', view: 'Visa' },
} as const;
const roleWords: Readonly<Record<string, string>> = {
  undo: 'Ångra',
  redo: 'Gör om',
  cut: 'Klipp ut',
  copy: 'Kopiera',
  paste: 'Klistra in',
  selectAll: 'Markera allt',
  reload: 'Läs in igen',
  resetZoom: 'Verklig storlek',
  zoomIn: 'Större',
  zoomOut: 'Mindre',
  togglefullscreen: 'Helskärm',
  toggleDevTools: 'Utvecklarverktyg',
};

/** The language that a console speaks in menus: as set, else the system's, else English. */
export function menuLanguage(settings: ConsoleSettings, systemLocale: string): 'sv' | 'en' {
  if (settings.language !== 'system') return settings.language;
  return systemLocale.toLowerCase().startsWith('sv') ? 'sv' : 'en';
}

/** Sets the program's menu: the standard commands with their usual keys, and the developer tools while developing. */
export function setMenu(settings: ConsoleSettings): void {
  const language = menuLanguage(settings, app.getLocale());
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(language, !app.isPackaged)));
}

/** Spares Electron the making of a menu of its own. To be called before it is ready. */
export function skipUsualMenu(): void {
  Menu.setApplicationMenu(null);
}

type Role = NonNullable<MenuItemConstructorOptions['role']>;

/** The menu as data. */
export function menuTemplate(language: 'sv' | 'en', developing: boolean): MenuItemConstructorOptions[] {
  const say = words[language];
  const items = (...roles: Array<Role | 'separator'>): MenuItemConstructorOptions[] =>
    roles.map((role) => {
      if (role === 'separator') return { type: 'separator' };
      const label = language === 'sv' ? roleWords[role] : undefined;
      return label === undefined ? { role } : { role, label };
    });
  const view = items(
    'reload',
    'separator',
    'resetZoom',
    'zoomIn',
    'zoomOut',
    'separator',
    'togglefullscreen',
  );
  return [
    {
      label: say.file,
      submenu: [
        { role: 'close', label: say.close },
        { role: 'quit', label: say.quit },
      ],
    },
    { label: say.edit, submenu: items('undo', 'redo', 'separator', 'cut', 'copy', 'paste', 'selectAll') },
    { label: say.view, submenu: developing ? [...view, ...items('toggleDevTools')] : view },
  ];
}
