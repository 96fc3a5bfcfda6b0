import { databaseOf, epochOf } from '../database-identity.ts';
import type { Database } from '../storage/postgres.ts';
import { endFormerLife } from './backups/backups-store.ts';
import { appendChange } from './change-log.ts';
import { beginEpoch, readDatabaseId } from './database-epoch.ts';
import { raiseHealthEvent } from './health-events.ts';

/**
 * A database that was set back by other means than `db restore` (a dump loaded, a disk image, a stand-by that lagged)
 * says of itself that it is in the same life, but has counted fewer changes than somebody has seen. It begins a new
 * life then, once, whoever notices. Answers whether it did.
 */
export async function noticeSetBack(
  database: Database,
  seen: { identity: string; seq: number },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if ((await readDatabaseId(tx)) !== databaseOf(seen.identity)) return false;
    // Whoever comes second waits here, and finds another life.
    const found = await tx.query<{ id: string }>(
      `select value ->> 'id' as id from system_config where key = 'db_epoch' for update`,
    );
    const counter = await tx.query<{ seq: number }>('select seq from change_counter where id = 1');
    if (found.rows[0]?.id !== epochOf(seen.identity) || (counter.rows[0]?.seq ?? 0) >= seen.seq) return false;
    const epoch = await beginEpoch(tx, null);
    await endFormerLife(tx);
    await raiseHealthEvent(
      tx,
      'CRITICAL',
      'The database was set back to an earlier state by something else than db restore. What came after is not in it.',
      { kind: 'set-back', seen: seen.seq, found: counter.rows[0]?.seq ?? 0 },
    );
    await appendChange(tx, 'restored', { epoch, backup_at: null });
    return true;
  });
}
