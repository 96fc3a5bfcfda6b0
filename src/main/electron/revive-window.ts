import type { BrowserWindow } from 'electron';
import type { Log } from '../log.ts';

/**
 * How often a page whose process died is loaded again. `thrice`: a page that cannot live must be seen not to.
 * `always`: nobody sits at the wall to do it, so it is tried for ever, with growing pauses.
 */
export type Revival = 'thrice' | 'always';

const crashesForgiven = 3;
const longestPauseMs = 60_000;
/** A page that lived this long is thought well again, in ms. */
const wellAfterMs = 300_000;
/** A wall that does not answer for this long is ended, so that it can be loaded again, in ms. */
const patienceMs = 30_000;

/** Pause before the next try after this many crashes in a row (from 1), in ms: at once, then 1 s doubling to a minute. */
export function revivalPause(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(1_000 * 2 ** (crashes - 2), longestPauseMs);
}

/** Loads a window's page again when its process died. */
export function reviveWhenGone(window: BrowserWindow, revival: Revival, log: Log): void {
  let crashes = 0;
  let well: NodeJS.Timeout | undefined;
  let stuck: NodeJS.Timeout | undefined;
  const contents = window.webContents;
  const reload = () => {
    if (!window.isDestroyed()) contents.reload();
  };
  contents.on('render-process-gone', (_event, details) => {
    clearTimeout(well);
    clearTimeout(stuck);
    if (details.reason === 'clean-exit') return;
    crashes += 1;
    const { reason, exitCode } = details;
    log.error('The process of a window died', { reason, exitCode, crashes });
    if (revival === 'always') setTimeout(reload, revivalPause(crashes));
    else if (crashes <= crashesForgiven) reload();
  });
  contents.on('did-finish-load', () => {
    clearTimeout(well);
    if (revival === 'always') well = setTimeout(() => (crashes = 0), wellAfterMs);
  });
  contents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    // -3 is a load given up for another one.
    if (revival !== 'always' || !isMainFrame || code === -3) return;
    crashes += 1;
    log.error('A page could not be loaded and is tried again', { description, crashes });
    setTimeout(reload, Math.max(revivalPause(crashes), 1_000));
  });
  window.on('unresponsive', () => {
    log.warn('A window does not answer');
    if (revival !== 'always') return;
    stuck ??= setTimeout(() => {
      stuck = undefined;
      if (!window.isDestroyed()) contents.forcefullyCrashRenderer();
    }, patienceMs);
  });
  window.on('responsive', () => {
    clearTimeout(stuck);
    stuck = undefined;
    log.info('A window answers again');
  });
  window.on('closed', () => {
    clearTimeout(well);
    clearTimeout(stuck);
  });
}
