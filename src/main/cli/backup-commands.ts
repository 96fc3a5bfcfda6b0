import { resolve } from 'node:path';
import type { Command } from 'commander';
import { listBackups } from '../storage/backup/backup-folder.ts';
import { backUp } from '../system/backups/back-up.ts';
import { restore, type Restored } from '../system/backups/restore.ts';
import { resourcePath } from '../resource-folder.ts';
import { backupDeps } from '../workspace.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `db backup [FILE]`, `db backup --list` and `db restore FILE`. */
export function addBackupCommands(db: Command, output: Output): void {
  const backup = db
    .command('backup')
    .description('copy everything in the database, as of one instant, into one file')
    .argument(
      '[file]',
      "where to; without it into the data folder's backups, of which the latest seven are kept",
    )
    .option('--list', 'only list the backups of this database in the data folder')
    .action((file: string | undefined, options: { list?: boolean }) =>
      options.list ? list(backup, output) : make(backup, output, file),
    );
  const restoring = db
    .command('restore')
    .description('put what a backup holds in the place of what the database holds, for every console')
    .argument('<file>', 'the backup')
    .option('--yes', 'what is in the database may be replaced')
    .option('--without-copy', 'do not save what is in the database first')
    .action((file: string, options: { yes?: boolean; withoutCopy?: boolean }) =>
      putBack(restoring, output, file, options),
    );
}

async function list(command: Command, output: Output): Promise<void> {
  await withWorkspace(command, {}, async ({ config, workspace, log }) => {
    const { folder, place } = backupDeps(workspace, config.backupFolder, log);
    const backups = (await listBackups(folder, place)).map(({ createdAt, ...rest }) => ({
      ...rest,
      created_at: createdAt,
      path: resolve(folder, rest.file),
    }));
    const words = backups.map(
      ({ created_at: made, kind, bytes, rows, path }) =>
        `${made}  ${kind}  ${megabytes(bytes)}  ${rows === null ? 'cannot be read' : `${rows} rows`}  ${path}`,
    );
    const none = `No backups of ${workspace.databaseLabel} in ${folder}. Make one with: db backup`;
    output.answer(
      { success: true, folder, backups, count: backups.length },
      words.length > 0 ? words.join('\n') : none,
    );
  });
}

async function make(command: Command, output: Output, file: string | undefined): Promise<void> {
  await withWorkspace(command, {}, async ({ config, workspace, log, signal, actor }) => {
    const tell = tellShares(output);
    const made = await backUp(backupDeps(workspace, config.backupFolder, log), {
      kind: 'manual',
      path: file === undefined ? null : resolve(file),
      actor,
      signal,
      onStep: ({ stage, share }) => tell(stage === 'copying' ? 'Copied' : 'Read back', share),
    });
    const { path, createdAt, bytes, tables, rows, sha256 } = made;
    output.answer(
      { success: true, file: path, created_at: createdAt, bytes, tables, rows, sha256 },
      `Backup made and read back whole: ${path} (${rows} rows of ${tables} tables, ${megabytes(bytes)}).`,
    );
  });
}

async function putBack(
  command: Command,
  output: Output,
  file: string,
  options: { yes?: boolean; withoutCopy?: boolean },
): Promise<void> {
  await withWorkspace(command, {}, async ({ config, workspace, log, signal, actor }) => {
    const tell = tellShares(output);
    const deps = backupDeps(workspace, config.backupFolder, log);
    const restored = await restore(
      { ...deps, migrationsFolder: resourcePath('migrations', 'postgres') },
      {
        path: resolve(file),
        actor,
        yes: options.yes ?? false,
        saveFirst: !options.withoutCopy,
        signal,
        onStep: ({ stage, share }) => tell(stages[stage], share),
      },
    );
    output.answer(restoredDocument(file, restored), restoredWords(file, restored));
  });
}

const stages = { checking: 'Checked', saving: 'Saved what is there', restoring: 'Restored' };

function restoredDocument(file: string, restored: Restored) {
  return {
    success: true,
    file: resolve(file),
    backup_at: restored.backupAt,
    tables: restored.tables,
    rows: restored.rows,
    migrated: restored.migrated,
    skipped: restored.skipped,
    saved: restored.saved,
    epoch: restored.epoch,
    audit_ok: restored.audit.ok,
  };
}

function restoredWords(file: string, restored: Restored): string {
  const { rows, tables, backupAt, saved, skipped, audit } = restored;
  const lines = [`Restored ${rows} rows of ${tables} tables, as they were at ${backupAt}, from ${file}.`];
  if (restored.migrated) lines.push('Its schema was older and was brought up to date.');
  if (saved) lines.push(`What was there before is in ${saved}`);
  if (skipped.length > 0)
    lines.push(`Left out, since this database has no such tables: ${skipped.join(', ')}.`);
  if (!audit.ok) lines.push(`The audit log in the backup is not intact: ${audit.why}`);
  return lines.join('\n');
}

/** Says every quarter of a stage, so that long work is seen to go on. */
function tellShares(output: Output): (what: string, share: number) => void {
  let told = '';
  return (what, share) => {
    const quarter = Math.floor(share * 4) * 25;
    const words = `${what}: ${quarter} %`;
    if (quarter === 0 || words === told) return;
    told = words;
    output.note(words);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
