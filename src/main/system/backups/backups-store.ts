import { z } from 'zod';
import { backupKinds, type BackupKind } from '../../storage/backup/backup-folder.ts';
import type { Queryable, Transaction } from '../../storage/postgres.ts';

const note = z.object({
  at: z.iso.datetime(),
  /** Which process made it: 'console 4711@host'. */
  by: z.string(),
  path: z.string(),
  bytes: z.number().int(),
  rows: z.number().int(),
});
/** The latest backup of a kind, wherever it was made. */
export type BackupNote = z.infer<typeof note>;

const notes = z.partialRecord(z.enum(backupKinds), note);
export type BackupNotes = z.infer<typeof notes>;

/** The latest backup of each kind, as every console of this database may know. Unreadable: none. */
export async function readBackupNotes(db: Queryable): Promise<BackupNotes> {
  const found = await db.query<{ value: unknown }>(`select value from system_config where key = 'backups'`);
  const read = notes.safeParse(found.rows[0]?.value ?? {});
  return read.success ? read.data : {};
}

/** Notes one more. */
export async function noteBackup(db: Queryable, kind: BackupKind, made: BackupNote): Promise<void> {
  await db.query(
    `insert into system_config as c (key, value, updated_by) values ('backups', $1, 'opsdeck')
     on conflict (key) do update
       set value = c.value || excluded.value, version = c.version + 1, updated_at = now()`,
    [JSON.stringify({ [kind]: made })],
  );
}

/** Puts notes in the place of those that are there: a restore must not forget the backups made since. */
export async function replaceBackupNotes(tx: Transaction, kept: BackupNotes): Promise<void> {
  await tx.query(`delete from system_config where key = 'backups'`);
  for (const kind of backupKinds) {
    const one = kept[kind];
    if (one) await noteBackup(tx, kind, one);
  }
}

/**
 * Ends what was under way in the life before: no pass may write on what it read then, and whoever follows the change log
 * finds a gap. Numbers go on from the time in milliseconds, which is more than any earlier life has reached.
 */
export async function endFormerLife(tx: Transaction): Promise<void> {
  await tx.query(
    `update sync_permits set token = null, holder = null, process_id = null, backend_pids = '{}',
            acquired_at = null, expires_at = null`,
  );
  // Who looked at what when the backup was made; those who look now say so again within a minute.
  await tx.query('delete from duplicate_claims');
  await tx.query('delete from change_log');
  await tx.query(
    `update change_counter set seq = greatest(seq + 1, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)`,
  );
}
