import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appliedMigrations, migrate } from '../../src/main/storage/migrate.ts';
import { openDatabase } from '../../src/main/storage/postgres.ts';
import { createEmptyDatabase, migrationsFolder } from '../support/postgres.ts';

const all = readdirSync(migrationsFolder)
  .map((file) => file.replace(/\.sql$/, ''))
  .sort();

test('twenty that start at once on an empty database all end with the whole schema, applied once', async () => {
  const empty = await createEmptyDatabase();
  const databases = Array.from({ length: 20 }, () =>
    openDatabase({ url: empty.url, applicationName: 'test', maxConnections: 1 }),
  );
  const applied = await Promise.all(databases.map((database) => migrate(database, migrationsFolder)));
  expect(applied.flat()).toEqual(all);
  expect(await appliedMigrations(databases[0]!)).toEqual(all);
  await Promise.all(databases.map((database) => database.close()));
  await empty.drop();
});

test('a schema newer than the program is refused and left alone', async () => {
  const empty = await createEmptyDatabase();
  const database = openDatabase({ url: empty.url, applicationName: 'test' });
  await migrate(database, migrationsFolder);
  await database.query(
    `insert into opsdeck_migrations (name, run_on) values ('9999_from-the-future', now())`,
  );
  await expect(migrate(database, migrationsFolder)).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
  await database.close();
  await empty.drop();
});
