import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/main/storage/migrate.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';

export const migrationsFolder = join(import.meta.dirname, '../../migrations/postgres');

/** A migrated database of its own on the test server; `drop` ends it. */
export interface TestDatabase extends Database {
  drop(): Promise<void>;
}

/** The server that tests may make databases on; set by the global set-up. */
export function testServerUrl(): string {
  const url = process.env['OPSDECK_TEST_SERVER_URL'];
  if (!url) throw new Error('no test server: run tests with npm test, or set OPSDECK_TEST_SERVER_URL');
  return url;
}

/** Every version that is tested against: the embedded one, and the oldest supported where it is installed. */
export function testServers(): { name: string; url: string }[] {
  const oldest = process.env['OPSDECK_TEST_SERVER_15_URL'];
  return [{ name: '18', url: testServerUrl() }, ...(oldest ? [{ name: '15', url: oldest }] : [])];
}

/** The same server, another database. */
export function urlOf(database: string, serverUrl = testServerUrl()): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Clones the migrated template (made once for each state of the migrations); tens of milliseconds. */
export async function createTestDatabase(serverUrl = testServerUrl()): Promise<TestDatabase> {
  const template = await ensureTemplate(serverUrl);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runAsAdmin(serverUrl, `create database ${name} template ${template}`);
  const database = openDatabase({ url: urlOf(name, serverUrl), applicationName: 'test' });
  return {
    ...database,
    async drop() {
      await database.close();
      await runAsAdmin(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** An empty database without a schema, for tests of the migrations themselves. */
export async function createEmptyDatabase(
  serverUrl = testServerUrl(),
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runAsAdmin(serverUrl, `create database ${name}`);
  return {
    url: urlOf(name, serverUrl),
    drop: () => runAsAdmin(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

async function ensureTemplate(serverUrl: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(migrationsFolder).sort())
    hash.update(readFileSync(join(migrationsFolder, file)));
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(815)');
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) {
      await admin.query(`drop database if exists ${name}_new`);
      await admin.query(`create database ${name}_new`);
      const database = openDatabase({
        url: urlOf(`${name}_new`, serverUrl),
        applicationName: 'test template',
      });
      await migrate(database, migrationsFolder);
      await database.close();
      await admin.query(`alter database ${name}_new rename to ${name}`);
    }
    return name;
  } finally {
    await admin.end();
  }
}

async function runAsAdmin(serverUrl: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
