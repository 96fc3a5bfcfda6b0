import type { Command } from 'commander';
import { appliedMigrations } from '../storage/migrate.ts';
import { addArchiveCommands } from './archive-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `db migrate`, `db health`, `db backup`, `db restore`, `db archive` and `db maintain`. */
export function addDatabaseCommands(program: Command, output: Output): void {
  const db = program.command('db').description('the database');
  const migrateCommand = db
    .command('migrate')
    .description('bring the schema up to date (every command does so by itself)')
    .action(async () => {
      const migrations = await withWorkspace(migrateCommand, {}, ({ workspace }) =>
        appliedMigrations(workspace.database),
      );
      output.answer(
        { success: true, migrations },
        `The schema is up to date (${migrations.at(-1) ?? 'empty'}).`,
      );
    });
  addBackupCommands(db, output);
  addArchiveCommands(db, output);
  const health = db
    .command('health')
    .description('whether the database answers, and how it stands')
    .action(async () => {
      const found = await withWorkspace(health, {}, async ({ workspace }) => {
        const started = performance.now();
        const rows = await workspace.database.query<{
          version: string;
          size: number;
          connections: number;
          most: number;
        }>(
          `select current_setting('server_version') as version, pg_database_size(current_database()) as size,
                  (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
                  current_setting('max_connections')::int as most`,
        );
        const row = rows.rows[0]!;
        return {
          success: true,
          database: workspace.databaseLabel,
          server_version: row.version,
          size_bytes: row.size,
          connections: row.connections,
          max_connections: row.most,
          answer_ms: Math.round((performance.now() - started) * 10) / 10,
          migrations: await appliedMigrations(workspace.database),
        };
      });
      output.answer(
        found,
        `${found.database}: PostgreSQL ${found.server_version}, answers in ${found.answer_ms} ms, ` +
          `${(found.size_bytes / 1_048_576).toFixed(1)} MB, ${found.connections} of ${found.max_connections} connections`,
      );
    });
}
