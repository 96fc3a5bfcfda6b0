import { randomUUID } from 'node:crypto';
import type { Queryable, Transaction } from '../storage/postgres.ts';

/**
 * One life of a database: from its beginning, or from the backup it was restored from, until the next restore. What was
 * learnt or decided in another life may be unknown in this one, so whoever keeps something outside keeps the id with it.
 */
export interface DatabaseEpoch {
  id: string;
  /** When the backup was made that this life began with; null: it began empty. */
  backupAt: string | null;
}

/** The present life; the first to ask names it. */
export async function databaseEpoch(db: Queryable): Promise<DatabaseEpoch> {
  await db.query(
    `insert into system_config (key, value, updated_by)
     values ('db_epoch', jsonb_build_object('id', gen_random_uuid(), 'backup_at', null), 'opsdeck')
     on conflict (key) do nothing`,
  );
  const found = await db.query<{ value: { id: string; backup_at: string | null } }>(
    `select value from system_config where key = 'db_epoch'`,
  );
  const { id, backup_at } = found.rows[0]!.value;
  return { id, backupAt: backup_at };
}

/** Begins a new life; answers its id. */
export async function beginEpoch(tx: Transaction, backupAt: string): Promise<string> {
  const id = randomUUID();
  await tx.query(
    `insert into system_config (key, value, updated_by) values ('db_epoch', $1, 'opsdeck')
     on conflict (key) do update
       set value = excluded.value, version = system_config.version + 1, updated_at = now()`,
    [JSON.stringify({ id, backup_at: backupAt })],
  );
  return id;
}
