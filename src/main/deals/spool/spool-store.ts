import type { Sqlite } from '../../storage/sqlite.ts';
import { checksumOf, spooledPayload, type SpooledFact, type SpooledPayload } from './spooled-fact.ts';

interface Row {
  seq: number;
  database_id: string;
  lead_id: string;
  stamp: string;
  payload: string;
  checksum: string;
  read_at: string;
  tries: number;
}

const columns = 'seq, database_id, lead_id, stamp, payload, checksum, read_at, tries';

/** Why a row is kept and never saved. */
export type SetAside = 'damaged' | 'refused';

/**
 * Writes readings down, in one transaction that is on disk when the call returns. A lead read again at the same stamp
 * is the same row; nothing is written where it says the same. Answers how many rows were written.
 */
export function spoolFacts(
  sqlite: Sqlite,
  databaseId: string,
  readings: readonly SpooledPayload[],
  readAt: Date,
): number {
  const upsert = sqlite.prepare(
    `insert into spool (database_id, lead_id, stamp, payload, checksum, read_at) values (?, ?, ?, ?, ?, ?)
     on conflict (database_id, lead_id, stamp) do update
        set payload = excluded.payload, checksum = excluded.checksum, read_at = excluded.read_at
      where spool.set_aside is null and spool.payload <> excluded.payload`,
  );
  const at = readAt.toISOString();
  return sqlite.transaction(() => {
    let written = 0;
    for (const reading of readings) {
      const { leadId, updatedAt } = reading.fact;
      const stamp = updatedAt.toISOString();
      const payload = JSON.stringify(reading);
      const checksum = checksumOf({ databaseId, leadId, stamp }, at, payload);
      written += upsert.run(databaseId, leadId, stamp, payload, checksum, at).changes;
    }
    return written;
  })();
}

/** Rows that wait, in the order of their upstream stamps; those whose checksum does not fit by number only. */
export function waitingFacts(
  sqlite: Sqlite,
  databaseId: string,
): { facts: SpooledFact[]; damaged: { seq: number; leadId: string }[] } {
  const rows = sqlite
    .prepare<[string], Row>(
      `select ${columns} from spool where database_id = ? and set_aside is null order by stamp, seq`,
    )
    .all(databaseId);
  const facts: SpooledFact[] = [];
  const damaged: { seq: number; leadId: string }[] = [];
  for (const row of rows) {
    const payload = readWhole(row);
    if (payload)
      facts.push({ ...payload, seq: row.seq, readAt: new Date(row.read_at), tries: Number(row.tries) });
    else damaged.push({ seq: row.seq, leadId: row.lead_id });
  }
  return { facts, damaged };
}

/** How many rows wait. */
export function countWaiting(sqlite: Sqlite, databaseId: string): number {
  return sqlite
    .prepare<[string], number>('select count(*) from spool where database_id = ? and set_aside is null')
    .pluck()
    .get(databaseId)!;
}

/** Takes saved rows out; to be called only after their COMMIT. */
export function removeFacts(sqlite: Sqlite, seqs: readonly number[]): void {
  const remove = sqlite.prepare('delete from spool where seq = ?');
  sqlite.transaction(() => {
    for (const seq of seqs) remove.run(seq);
  })();
}

/** Counts a try that failed although the database answered; answers how many there were. */
export function noteTry(sqlite: Sqlite, seq: number): number {
  const noted = sqlite.prepare<[number], { tries: number }>(
    'update spool set tries = tries + 1 where seq = ? returning tries',
  );
  return noted.get(seq)?.tries ?? 0;
}

/** Keeps rows out of the way for good. */
export function setFactsAside(sqlite: Sqlite, seqs: readonly number[], why: SetAside): void {
  const aside = sqlite.prepare('update spool set set_aside = ? where seq = ?');
  sqlite.transaction(() => {
    for (const seq of seqs) aside.run(why, seq);
  })();
}

/** Null where a byte of the row is not what was written. */
function readWhole(row: Row): SpooledPayload | null {
  const { database_id: databaseId, lead_id: leadId, stamp, payload, read_at: readAt } = row;
  if (
    typeof payload !== 'string' ||
    checksumOf({ databaseId, leadId, stamp }, readAt, payload) !== row.checksum
  )
    return null;
  const read = spooledPayload.safeParse(parsed(payload));
  return read.success && read.data.fact.leadId === leadId ? read.data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
