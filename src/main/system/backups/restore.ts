import { OpsdeckError } from '../../errors.ts';
import {
  analyzeTables,
  listTables,
  ourSchema,
  tablesWithRows,
} from '../../storage/backup/catalogue-store.ts';
import { openBackup, type OpenBackup } from '../../storage/backup/read-frames.ts';
import { restoreBackup, type RestoredTables } from '../../storage/backup/restore-backup.ts';
import { verifyOpen } from '../../storage/backup/verify-backup.ts';
import type { Transaction } from '../../storage/postgres.ts';
import { appendAudit, verifyChain, type AuditVerdict } from '../audit.ts';
import { appendChange } from '../change-log.ts';
import { beginEpoch } from '../database-epoch.ts';
import { raiseHealthEvent } from '../health-events.ts';
import { backUp, type BackupDeps } from './back-up.ts';
import { endFormerLife, readBackupNotes, replaceBackupNotes } from './backups-store.ts';

/** Tables of what goes on at this moment, which no backup knows better: who runs and leads, calls made, the change log. */
const ofTheMoment = [
  'processes',
  'task_pools',
  'sync_permits',
  'leader_lease',
  'upstream_accounts',
  'upstream_calls',
  'change_counter',
  'change_log',
];
/** Tables that hold rows from the beginning. */
const neverEmpty = ['system_config', 'audit_head', 'board_zone', 'my_packages_guard'];

export interface RestoreRequest {
  path: string;
  actor: string;
  /** A person said that what is there may be replaced. */
  yes: boolean;
  /** Whether what is there is saved first. */
  saveFirst: boolean;
  signal: AbortSignal;
  onStep?: (step: RestoreStep) => void;
}

export interface RestoreStep {
  stage: 'checking' | 'saving' | 'restoring';
  share: number;
}

export interface Restored extends RestoredTables {
  backupAt: string;
  epoch: string;
  /** Where what was there before is now; null: nothing was, or it was not wanted. */
  saved: string | null;
  audit: AuditVerdict;
}

/**
 * Restores a backup: reads the whole file first, saves what is there, then replaces it in one transaction that begins a
 * new life of the database. BAD_REQUEST for a bad file, and where rows would be replaced without a person's yes.
 */
export async function restore(
  deps: BackupDeps & { migrationsFolder: string },
  request: RestoreRequest,
): Promise<Restored> {
  const { database } = deps;
  const { signal, onStep = () => {} } = request;
  const backup = await openBackup(request.path);
  try {
    refuseOtherKind(backup, deps.sandbox);
    const filled = await filledTables(deps);
    if (filled.length > 0 && !request.yes) throw notEmpty(deps.label, filled);
    await verifyOpen(backup, { signal, onShare: (share) => onStep({ stage: 'checking', share }) });
    const saved = filled.length > 0 && request.saveFirst ? await saveFirst(deps, request) : null;
    const notes = await readBackupNotes(database);
    let ended: Awaited<ReturnType<typeof beginNewLife>>;
    const tables = await restoreBackup({
      database,
      backup,
      migrationsFolder: deps.migrationsFolder,
      keep: ofTheMoment,
      lockFirst: ['deals', 'deals_archive', 'sms_messages'],
      lockLast: ['audit_log', 'audit_head'],
      finish: async (tx) => {
        await replaceBackupNotes(tx, notes);
        ended = await beginNewLife(tx, deps, request, backup);
      },
      signal,
      onShare: (share) => onStep({ stage: 'restoring', share }),
    });
    await database
      .transaction(async (tx) => analyzeTables(tx, await ourSchema(tx)), { statementTimeoutMs: 300_000 })
      .catch((error: unknown) => deps.log.warn('Statistics could not be renewed', { error: String(error) }));
    return { ...tables, ...ended!, saved, backupAt: backup.header.createdAt };
  } finally {
    await backup.close();
  }
}

function refuseOtherKind(backup: OpenBackup, sandbox: boolean): void {
  if (backup.header.sandbox === sandbox) return;
  throw new OpsdeckError(
    'BAD_REQUEST',
    backup.header.sandbox
      ? `${backup.path} holds practice data of the sandbox, which must not get among real data. Set OPSDECK_SANDBOX=1 to restore it.`
      : `${backup.path} holds real data, which must not get into the sandbox. Restore it without OPSDECK_SANDBOX=1.`,
  );
}

async function filledTables({ database }: BackupDeps): Promise<string[]> {
  const schema = await ourSchema(database);
  const tables = await listTables(database, schema);
  const telling = tables.filter(({ name }) => !ofTheMoment.includes(name) && !neverEmpty.includes(name));
  return tablesWithRows(database, schema, telling);
}

function notEmpty(label: string, filled: readonly string[]): OpsdeckError {
  return new OpsdeckError(
    'BAD_REQUEST',
    `The database ${label} is not empty (${filled.slice(0, 5).join(', ')}${filled.length > 5 ? ', …' : ''}). A restore ` +
      'replaces all of it, for every console. Add --yes when that is meant; what is there is saved first.',
  );
}

async function saveFirst(deps: BackupDeps, request: RestoreRequest): Promise<string> {
  const { signal, actor, onStep } = request;
  const made = await backUp(deps, {
    kind: 'before-restore',
    path: null,
    actor,
    signal,
    onStep: ({ share }) => onStep?.({ stage: 'saving', share }),
  });
  return made.path;
}

async function beginNewLife(
  tx: Transaction,
  deps: BackupDeps,
  request: RestoreRequest,
  backup: OpenBackup,
): Promise<{ epoch: string; audit: AuditVerdict }> {
  const { createdAt } = backup.header;
  const epoch = await beginEpoch(tx, createdAt);
  const audit = await verifyChain(tx);
  await endFormerLife(tx);
  await appendAudit(tx, {
    at: deps.clock.now(),
    actor: request.actor,
    console: deps.holder,
    action: 'database.restore',
    target: request.path,
    after: { backup_at: createdAt, rows: backup.footer.rows, audit_ok: audit.ok },
  });
  await raiseHealthEvent(
    tx,
    audit.ok ? 'WARNING' : 'CRITICAL',
    `The database was restored from the backup of ${createdAt}. What came after is not in it.` +
      (audit.ok ? '' : ` Its audit log is not intact: ${audit.why}`),
    {
      ...{ kind: 'restored', backupAt: createdAt, auditOk: audit.ok },
      ...{ actor: request.actor, path: request.path },
    },
  );
  await appendChange(tx, 'restored', { epoch, backup_at: createdAt });
  return { epoch, audit };
}
