import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import type { Log } from '../log.ts';

/**
 * Makes the system start the program with the session, or not any more: through Electron where it can, on Linux by a
 * file that desktops read. A failure is logged; it never stops anything.
 */
export function setStartAtLogin(wanted: boolean, log: Log): void {
  // A program run from its sources would be started without them.
  if (!app.isPackaged) return;
  try {
    if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: wanted });
    const path = join(app.getPath('appData'), 'autostart', 'opsdeck.desktop');
    if (!wanted) return rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, desktopEntry(app.getPath('exe')));
  } catch (error) {
    log.warn('Starting with the session could not be set', { wanted, error });
  }
}

/** The entry of a program for desktops, its path quoted as their specification demands. */
export function desktopEntry(program: string): string {
  // First the string's own escapes, then those of the file's values; a percent sign would begin a field code.
  const quoted = `"${program.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`.replaceAll('\\', '\\\\');
  return ['[Desktop Entry]', 'Type=Application', 'Name=Opsdeck', `Exec=${quoted}`, 'Terminal=false', ''].join(
    '\n',
  );
}
