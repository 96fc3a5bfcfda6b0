import { app, dialog } from 'electron';
import { OpsdeckError } from '../errors.ts';

/** Ends a start that cannot go on: says why in a dialog (on Linux on stderr) and exits with 2 for a wrong configuration, else 1. */
export function refuseStart(error: unknown): void {
  const known = error instanceof OpsdeckError;
  const reason = error instanceof Error ? error.message : String(error);
  if (!known) console.error(error);
  // Before Electron is ready this writes to stderr on Linux, where a dialog could not be shown yet.
  dialog.showErrorBox('Opsdeck could not start', reason);
  app.exit(known && error.code === 'CONFIG_INVALID' ? 2 : 1);
}
