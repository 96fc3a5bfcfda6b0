import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { freePath, removeOldBackups, type BackupKind } from '../../storage/backup/backup-folder.ts';
import { makeBackup, type BackupStep } from '../../storage/backup/make-backup.ts';
import type { Database } from '../../storage/postgres.ts';
import { version } from '../../version.ts';
import { appendAudit } from '../audit.ts';
import { databaseEpoch } from '../database-epoch.ts';
import { noteBackup } from './backups-store.ts';

/** One database, and where its backups are. */
export interface BackupDeps {
  database: Database;
  clock: Clock;
  log: Log;
  folder: string;
  /** The database in file names. */
  place: string;
  /** The database in words, without user and password. */
  label: string;
  sandbox: boolean;
  /** This process in words. */
  holder: string;
}

export interface BackupRequest {
  kind: BackupKind;
  /** Null: a name of its own in the folder, where only the latest are kept. */
  path: string | null;
  /** Who asked; null: the schedule. */
  actor: string | null;
  signal: AbortSignal;
  onStep?: (step: BackupStep) => void;
}

export interface MadeBackup {
  path: string;
  createdAt: string;
  bytes: number;
  tables: number;
  rows: number;
  sha256: string;
}

/** Makes one backup, notes it for every console and lets the oldest of its kind go. */
export async function backUp(deps: BackupDeps, request: BackupRequest): Promise<MadeBackup> {
  const { database, clock, folder, place } = deps;
  const { kind, signal, onStep } = request;
  const wall = clock.wall();
  const createdAt = new Date(wall).toISOString();
  const path = request.path ?? freePath(folder, place, kind, wall);
  const { id: epoch } = await databaseEpoch(database);
  const { bytes, footer, sha256 } = await makeBackup({
    database,
    path,
    header: { program: version, createdAt, sandbox: deps.sandbox, label: deps.label, epoch },
    signal,
    ...(onStep ? { onStep } : {}),
  });
  const made = { path, createdAt, bytes, tables: footer.tables.length, rows: footer.rows, sha256 };
  await tellOfBackup(deps, request, made);
  if (request.path === null) await removeOldBackups(folder, place, kind);
  return made;
}

/** The file is there and whole; that the database could not be told of it does not make it less. */
async function tellOfBackup(deps: BackupDeps, request: BackupRequest, made: MadeBackup): Promise<void> {
  const { database, clock, holder, log } = deps;
  const { actor } = request;
  try {
    await database.transaction(async (tx) => {
      const { path, createdAt: at, bytes, rows } = made;
      await noteBackup(tx, request.kind, { at, by: holder, path, bytes, rows });
      if (actor === null) return;
      await appendAudit(tx, {
        at: clock.now(),
        actor,
        console: holder,
        action: 'database.backup',
        target: path,
        after: { rows, bytes, sha256: made.sha256 },
      });
    });
  } catch (error) {
    log.warn('The backup was made, but could not be noted in the database', { error: String(error) });
  }
}
