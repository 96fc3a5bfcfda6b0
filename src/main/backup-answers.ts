import type { BackupProgress, BackupsView } from '../shared/contract/backups.ts';
import { OpsdeckError } from './errors.ts';
import { iterateEvents } from './iterate-events.ts';
import type { Operations } from './operations.ts';
import type { Backups } from './system/backups/run-backups.ts';

/** The backups of this database here, and when the next is made. */
export function list(operations: Operations): Promise<BackupsView> {
  return backupsOf(operations).view();
}

/** Begins one that a person asked for; its end is told by `progress`. */
export function start(operations: Operations, actor: string): { started: boolean } {
  return { started: backupsOf(operations).start(actor) };
}

/** Gives up the one under way. */
export function cancel(operations: Operations): { cancelled: boolean } {
  return { cancelled: backupsOf(operations).cancel() };
}

/** How far those made here are. */
export function progress(
  operations: Operations,
  signal: AbortSignal | undefined,
): AsyncGenerator<BackupProgress> {
  const backups = backupsOf(operations);
  return iterateEvents<BackupProgress>(signal, (push) => backups.subscribe(push));
}

/** Where they are. */
export function folder(operations: Operations): string {
  return backupsOf(operations).folder;
}

function backupsOf(operations: Operations): Backups {
  if (operations.backups) return operations.backups;
  throw new OpsdeckError('NOT_FOUND', 'This process makes no backups. Ask on a console or an agent host.');
}
