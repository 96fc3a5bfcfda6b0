// A process of its own that makes or restores a backup, to be killed in the middle of it.
import { join } from 'node:path';
import { systemClock } from '../../../src/main/clock.ts';
import { openBackup } from '../../../src/main/storage/backup/read-frames.ts';
import { listTables, loadingStatements } from '../../../src/main/storage/backup/catalogue-store.ts';
import { writeBackup } from '../../../src/main/storage/backup/make-backup.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { backUp, type BackupDeps } from '../../../src/main/system/backups/back-up.ts';
import { restore } from '../../../src/main/system/backups/restore.ts';
import type { Log } from '../../../src/main/log.ts';

const [what, url, path, folder] = process.argv.slice(2) as [string, string, string, string];
const database = openDatabase({ url, applicationName: 'to be killed' });
const { signal } = new AbortController();
const nothing = () => {};
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
const migrationsFolder = join(import.meta.dirname, '../../../migrations/postgres');
const deps: BackupDeps = {
  ...{ database, clock: systemClock(), log, folder },
  ...{ place: 'test', label: 'test', sandbox: false, holder: 'killed' },
};

console.log('begun');
if (what === 'backup') await backUp(deps, { kind: 'manual', path, actor: null, signal });
if (what === 'naive-backup') {
  const header = {
    program: '0',
    createdAt: new Date().toISOString(),
    sandbox: false,
    label: '',
    epoch: null,
  };
  await writeBackup({ database, path, header, signal });
}
if (what === 'restore') {
  const how = { path, actor: 'anna', yes: true, saveFirst: false, signal };
  await restore({ ...deps, migrationsFolder }, how);
}
if (what === 'naive-restore') await restoreTableByTable();
console.log('done');
await database.close();

/** As a program would that reads "delete, then copy" as two steps. */
async function restoreTableByTable(): Promise<void> {
  const backup = await openBackup(path);
  const { before } = await loadingStatements(database, 'public');
  for (const statement of before) await database.query(statement);
  const tables = await listTables(database, 'public');
  for (const [n, { name }] of tables.entries()) {
    await database.query(`delete from "${name}"`);
    if (n !== Math.floor(tables.length / 2)) continue;
    console.log('halfway');
    // Long enough to be killed here.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  await backup.close();
}
