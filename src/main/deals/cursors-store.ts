import type { Queryable, Transaction } from '../storage/postgres.ts';

/** The newest upstream stamp of a complete pass; null before the first. */
export async function readCursor(db: Queryable, source: string): Promise<Date | null> {
  const rows = await db.query<{ position: Date }>('select position from sync_cursors where source = $1', [
    source,
  ]);
  return rows.rows[0]?.position ?? null;
}

/** Moves a cursor on, never back. Writes nothing when it stands there already. */
export async function moveCursor(tx: Transaction, source: string, position: Date): Promise<void> {
  await tx.query(
    `insert into sync_cursors (source, position) values ($1, $2)
     on conflict (source) do update set position = excluded.position, moved_at = now()
      where sync_cursors.position < excluded.position`,
    [source, position],
    'move-cursor',
  );
}
