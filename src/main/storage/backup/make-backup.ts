import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpsdeckError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { appliedMigrations } from '../migrate.ts';
import type { Database } from '../postgres.ts';
import type { BackupHeader, BackupSummary } from './backup-format.ts';
import { copySnapshot } from './copy-snapshot.ts';
import { withLongConnection } from './long-connection.ts';
import { verifyBackup } from './verify-backup.ts';
import { beginFrames } from './write-frames.ts';

/** How far a backup is; `checking` reads back what was written. */
export interface BackupStep {
  stage: 'copying' | 'checking';
  /** Of this stage, from 0 to 1. */
  share: number;
  rows: number;
}

export interface MakeBackupOptions {
  database: Pick<Database, 'url' | 'query' | 'transaction' | 'listen' | 'close'>;
  path: string;
  header: Pick<BackupHeader, 'program' | 'createdAt' | 'sandbox' | 'label' | 'epoch'>;
  signal: AbortSignal;
  onStep?: (step: BackupStep) => void;
}

/** What is written is under a name that ends with this until it is whole. */
const asideEnding = '.part';
/** A part-written file that nobody has touched for this long was left by a process that died, in ms. */
const abandonedMs = 3_600_000;

/**
 * Writes a backup aside, flushes it, reads it back and only then gives it its name: under that name there is a whole
 * backup or nothing, whenever the process dies. CONFLICT when the name is taken.
 */
export async function makeBackup(options: MakeBackupOptions): Promise<BackupSummary & { sha256: string }> {
  const { path, signal, onStep = () => {} } = options;
  const folder = dirname(path);
  await inWords(path, async () => makeFolder(folder));
  refuseTaken(path);
  await removeAbandoned(folder);
  const aside = `${path}.${randomUUID()}${asideEnding}`;
  try {
    const sha256 = await inWords(path, () => writeBackup({ ...options, path: aside }));
    const share = (done: number, rows = 0) => onStep({ stage: 'checking', share: done, rows });
    const summary = await verifyBackup(aside, { signal, onShare: (done) => share(done) });
    share(1, summary.footer.rows);
    refuseTaken(path);
    await inWords(path, () => rename(aside, path));
    await flushFolder(folder);
    return { ...summary, sha256 };
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Writes a whole backup to a new file and flushes it; answers its digest. What it leaves when it fails is no backup. */
export async function writeBackup(options: MakeBackupOptions): Promise<string> {
  const { database, header, signal, onStep = () => {} } = options;
  const migrations = await appliedMigrations(database);
  const file = await open(options.path, 'wx', 0o600);
  try {
    const writer = await beginFrames(file);
    await withLongConnection({ url: database.url, applicationName: 'opsdeck backup', signal }, (connection) =>
      copySnapshot(
        connection,
        writer,
        ({ serverVersion }) => ({ format: 1, serverVersion, migrations, ...header }),
        ({ share, rows }) => onStep({ stage: 'copying', share, rows }),
      ),
    );
    const sha256 = await writer.end();
    await file.sync();
    return sha256;
  } finally {
    await file.close();
  }
}

function refuseTaken(path: string): void {
  if (!existsSync(path)) return;
  throw new OpsdeckError('CONFLICT', `${path} is there already, and is kept. Name another file.`);
}

/** What a process that was killed left behind; one that still writes has touched its file lately. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.includes('.backup.') && one.endsWith(asideEnding))) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info && Date.now() - info.mtimeMs > abandonedMs) await rm(path, { force: true }).catch(() => {});
  }
}

/** The new name lasts only with its folder; where a folder cannot be flushed (Windows) the system does it itself. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Puts what the disk refuses into a sentence. */
async function inWords<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    const why = diskRefusals[code ?? ''];
    if (!why) throw error;
    throw new OpsdeckError(
      'INTERNAL',
      `The backup ${path} could not be written: ${why}. Nothing is left of it.`,
      {
        cause: error,
      },
    );
  }
}

const diskRefusals: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room or name another place',
  EDQUOT: 'the quota of the disk is used up; make room or name another place',
  EFBIG: 'the file system takes no file of that size; name another place',
  EACCES: 'the folder may not be written; name another place',
  EPERM: 'the folder may not be written; name another place',
  EROFS: 'the disk can only be read; name another place',
  ENOTDIR: 'its folder is a file; name another place',
  EEXIST: 'its folder is a file; name another place',
  EIO: 'the disk reports an error; name another place',
  ENOENT: 'its folder cannot be made; name another place',
  ENAMETOOLONG: 'the name is too long; name another place',
};
