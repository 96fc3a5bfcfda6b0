import { randomUUID } from 'node:crypto';
import { identityOf } from '../database-identity.ts';
import { OpsdeckError } from '../errors.ts';
import type { Queryable, Transaction } from '../storage/postgres.ts';

/**
 * One life of a database: from its beginning, or from the backup it was restored from, until the next restore. What was
 * learnt or decided in another life may be unknown in this one, so whoever keeps something outside keeps the id with it.
 */
export interface DatabaseEpoch {
  id: string;
  /** When the backup was made that this life began with; null: it began empty, or nobody knows with what. */
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

/** Names the database among others; one whose name was lost is given a new one. */
export async function readDatabaseId(db: Queryable): Promise<string> {
  await db.query(
    `insert into system_config (key, value, updated_by)
     values ('database_id', to_jsonb(gen_random_uuid()::text), 'opsdeck') on conflict do nothing`,
  );
  const found = await db.query<{ id: string }>(
    `select value #>> '{}' as id from system_config where key = 'database_id'`,
  );
  const id = found.rows[0]?.id;
  if (!id) throw new Error('the database has no id');
  return id;
}

/** The database and the life it is in, as one name. */
export async function readIdentity(db: Queryable): Promise<{ identity: string; backupAt: string | null }> {
  const databaseId = await readDatabaseId(db);
  const epoch = await databaseEpoch(db);
  return { identity: identityOf(databaseId, epoch.id), backupAt: epoch.backupAt };
}

/** Begins a new life; answers its id. */
export async function beginEpoch(tx: Transaction, backupAt: string | null): Promise<string> {
  const id = randomUUID();
  await tx.query(
    `insert into system_config (key, value, updated_by) values ('db_epoch', $1, 'opsdeck')
     on conflict (key) do update
       set value = excluded.value, version = system_config.version + 1, updated_at = now()`,
    [JSON.stringify({ id, backup_at: backupAt })],
  );
  return id;
}

/**
 * Refuses to go on in another life of the database than something was looked at in. Holds until COMMIT where the
 * transaction has met `deals` before: a restore begins by locking that.
 */
export async function requireEpoch(tx: Transaction, epoch: string): Promise<void> {
  const found = await tx.query(`select 1 from system_config where key = 'db_epoch' and value ->> 'id' = $1`, [
    epoch,
  ]);
  if (found.rowCount === 0) {
    throw new OpsdeckError(
      'DATABASE_AWAY',
      'The database was restored from a backup meanwhile. Nothing was done; look at the case again.',
    );
  }
}
