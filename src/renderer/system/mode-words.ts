import type { Resource } from '../resource.ts';
import type { ModeProcess, ModeView } from '../../shared/contract/mode.ts';
import type { SystemStatus } from '../../shared/contract/system.ts';

/** Why the mode cannot be switched now, as a key of the words; null: it can. */
export function whyNotSwitch(
  mode: Resource<ModeView>,
  status: SystemStatus | null,
  connected: boolean,
): 'disconnected' | 'away' | 'unknown' | null {
  if (!connected) return 'disconnected';
  if (mode.data === null) return 'unknown';
  return mode.data.believed || status === null || status.database.away_since !== null ? 'away' : null;
}

/** How many living processes believe another mode than the office's. */
export function countBehind(view: ModeView): number {
  return view.processes.filter(
    (process) => process.alive && process.mode !== null && process.mode !== view.mode,
  ).length;
}

/** A process as one word: 'norr · 4711'. */
export function processName(process: Pick<ModeProcess, 'host' | 'pid'>): string {
  return `${process.host} · ${process.pid}`;
}
