import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('boards begin with what is there already, in the days of the zone that the office has set', async () => {
  const empty = await createEmptyDatabase();
  const earlier = mkdtempSync(join(tmpdir(), 'opsdeck-migrations-'));
  for (const file of readdirSync(migrationsFolder).filter((name) => name < '0003'))
    copyFileSync(join(migrationsFolder, file), join(earlier, file));
  const database = openDatabase({ url: empty.url, applicationName: 'test' });
  await migrate(database, earlier);
  await database.query(
    `insert into system_config (key, value, updated_by) values ('office', '{"timeZone": "Asia/Kathmandu"}', 'anna');
     insert into deals (lead_id, user_id, commission, multi_deals, order_date, status, upstream_updated_at)
     values ('1', 7, 100, 2, '2026-11-15T18:15:00Z', 'success', now()), ('2', 7, null, 1, '2026-11-15T18:14:59Z', 'success', now());
     insert into sms_messages (id, user_id, receiver, "timestamp", status)
     values ('1', 7, '+461', '2026-11-15T20:00:00Z', 'delivered'), ('2', 7, '+462', '2026-11-15T20:00:00Z', 'sent')`,
  );
  await migrate(database, migrationsFolder);
  const found = await database.query<{ lines: string[] }>(
    `select array_agg(concat_ws(' ', day, user_id, deals, commission) order by day)
            || (select array_agg(concat_ws(' ', day, user_id, receivers)) from sms_days) as lines from board_days`,
  );
  expect(found.rows[0]?.lines).toEqual(['2026-11-15 7 1 0.00', '2026-11-16 7 2 100.00', '2026-11-16 7 1']);
  await database.close();
  await empty.drop();
  rmSync(earlier, { recursive: true });
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
