import { wasKilled } from '../storage/killed-processes.ts';
import type { Database } from '../storage/postgres.ts';

/** A permit as its holder knows it. */
export interface PermitKey {
  source: string;
  token: string;
}

/**
 * Takes a permit that is free, has run out, or whose holder was killed; false when another has it. Times are the database's. The old
 * holder's writing connections are ended first: one frozen between its check and COMMIT still holds the row.
 */
export async function takePermit(
  database: Database,
  key: PermitKey,
  by: { processId: string; holder: string; ttlMs: number },
): Promise<boolean> {
  await database.query('insert into sync_permits (source) values ($1) on conflict (source) do nothing', [
    key.source,
  ]);
  await endOldWriters(database, key.source);
  // Skips a locked row: whoever locks it is using the permit, or just got it.
  const taken = await database.query(
    `with free as (
       select source from sync_permits
        where source = $1 and (token is null or expires_at <= clock_timestamp() or ${wasKilled('process_id')})
          for update skip locked)
     update sync_permits p
        set token = $2, holder = $3, process_id = $4, backend_pids = '{}', acquired_at = clock_timestamp(),
            expires_at = clock_timestamp() + $5 * interval '1 millisecond'
       from free where p.source = free.source`,
    [key.source, key.token, by.holder, by.processId, by.ttlMs],
  );
  return taken.rowCount === 1;
}

/**
 * Ends the connections that a run-out holder left in a transaction. A pid may since belong to another connection:
 * only one whose transaction began while the permit was held is ended. Without the right to end them
 * (another role's), their own idle time-out of some seconds does.
 */
async function endOldWriters(database: Database, source: string): Promise<void> {
  await database.query(
    `select pg_terminate_backend(a.pid)
       from sync_permits p
       join pg_stat_activity a on a.pid = any (p.backend_pids)
      where p.source = $1 and p.expires_at <= clock_timestamp()
        and a.datname = current_database() and a.pid <> pg_backend_pid()
        and a.xact_start between p.acquired_at and p.expires_at
        and pg_has_role(a.usesysid, 'USAGE')`,
    [source],
  );
}

/** Lengthens a held permit; false when the token is not ours any more. */
export async function renewPermit(database: Database, key: PermitKey, ttlMs: number): Promise<boolean> {
  const renewed = await database.query(
    `update sync_permits set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
      where source = $1 and token = $2`,
    [key.source, key.token, ttlMs],
  );
  return renewed.rowCount === 1;
}

/** Gives the permit back; nothing happens when it is no longer ours. */
export async function releasePermit(database: Database, key: PermitKey): Promise<void> {
  await database.query(
    `update sync_permits set token = null, holder = null, process_id = null, backend_pids = '{}',
            acquired_at = null, expires_at = null
      where source = $1 and token = $2`,
    [key.source, key.token],
  );
}

/** Who has a source now and since when; null when it is free, run out, or its holder was killed. */
export async function whoHolds(
  database: Database,
  source: string,
): Promise<{ holder: string; since: Date } | null> {
  const found = await database.query<{ holder: string; since: Date }>(
    `select coalesce(holder, 'Another process') as holder, acquired_at as since from sync_permits
      where source = $1 and token is not null and expires_at > clock_timestamp()
        and not ${wasKilled('process_id')}`,
    [source],
  );
  return found.rows[0] ?? null;
}

/** Whether the token still stands, run out or not. */
export async function holdsPermit(database: Database, key: PermitKey): Promise<boolean> {
  const found = await database.query('select 1 from sync_permits where source = $1 and token = $2', [
    key.source,
    key.token,
  ]);
  return found.rowCount === 1;
}

/**
 * Others see the list of writers at its commit, which is all it is for; it need not outlive a crash of the server,
 * which ends the writers too. So its commits do not wait for the disk.
 */
const soon = `(select set_config('synchronous_commit', 'off', true)) as soon`;

/** Writes down a connection that is about to write under the permit; false when the permit is lost. */
export async function addWriter(database: Database, key: PermitKey, backendPid: number): Promise<boolean> {
  const added = await database.query(
    `update sync_permits set backend_pids = array_append(backend_pids, $3)
       from ${soon} where source = $1 and token = $2`,
    [key.source, key.token, backendPid],
  );
  return added.rowCount === 1;
}

export async function removeWriter(database: Database, key: PermitKey, backendPid: number): Promise<void> {
  await database.query(
    `update sync_permits set backend_pids = array_remove(backend_pids, $3)
       from ${soon} where source = $1 and token = $2`,
    [key.source, key.token, backendPid],
  );
}
