import { readdir } from 'node:fs/promises';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { OpsdeckError } from '../errors.ts';
import type { Database, Queryable } from './postgres.ts';

/** The table in which applied migrations are noted. */
export const migrationsTable = 'opsdeck_migrations';

/** The key of the lock under which migrations are applied; the library's own. */
export const migrationsLock = '7241865325823964';

/** Oldest server we run on: earlier ones lack what the statements use. */
const oldestServer = 150_000;

/**
 * Brings the schema up to this program's, each migration in a transaction of its own. Safe when many start at
 * once (an advisory lock makes them wait). Refuses, without a change, a server that is too old and a schema
 * newer than this program. Answers the names applied now.
 */
export async function migrate(database: Database, folder: string): Promise<string[]> {
  const known = await migrationNames(folder);
  await checkServer(database);
  const applied = await appliedMigrations(database);
  refuseNewer(applied, known);
  if (known.every((name) => applied.includes(name))) return [];

  // No lock_timeout here: nineteen of twenty that start together wait for the first.
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const done = await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable,
      singleTransaction: false,
      advisoryLockMode: 'wait',
      checkOrder: true,
      log: () => {},
    });
    return done.map((migration) => migration.name);
  } catch (error) {
    throw new OpsdeckError(
      'DATABASE_REFUSED',
      `The schema could not be brought up to date (${reasonOf(error)}). The user needs CREATE on the database and ` +
        'on its schema public, and the schema must hold nothing but what Opsdeck made.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** What the server said, without the stack that the library puts into its messages. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/\s+at .*$/, '').trim();
}

/** Names of applied migrations, oldest first; none when the database is new. */
export async function appliedMigrations(database: Queryable): Promise<string[]> {
  const table = await database.query<{ exists: boolean }>(`select to_regclass($1) is not null as exists`, [
    migrationsTable,
  ]);
  if (!table.rows[0]?.exists) return [];
  const rows = await database.query<{ name: string }>(`select name from ${migrationsTable} order by id`);
  return rows.rows.map((row) => row.name);
}

/** Names of the migrations this program has, oldest first. */
export async function migrationNames(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

async function checkServer(database: Database): Promise<void> {
  const answer = await database.query<{ number: string; name: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  );
  const server = answer.rows[0];
  if (server && Number(server.number) < oldestServer) {
    throw new OpsdeckError(
      'DATABASE_REFUSED',
      `The database server is PostgreSQL ${server.name}; Opsdeck needs 15 or later. Use a newer server.`,
    );
  }
}

function refuseNewer(applied: string[], known: string[]): void {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OpsdeckError(
      'SCHEMA_NEWER',
      `The database was brought up to date by a newer Opsdeck (${unknown.join(', ')}). ` +
        'Install that version here too; nothing was changed.',
    );
  }
}
