import { crc32 } from 'node:zlib';
import type { Sqlite } from '../storage/sqlite.ts';

export interface Identity {
  /** Where the database is reached, in words: the console is set up for this one. */
  place: string;
  databaseId: string;
}

/** A row of a list: its place in the order, and what a search looks through, in small letters. */
export interface MirrorRow {
  id: number;
  position: string;
  search: string;
  body: string;
}

export interface RowQuery {
  limit: number;
  offset: number;
  search?: string | undefined;
  except?: ReadonlySet<number>;
}

interface Stored {
  body: string;
  crc: number;
}

/** The body where it is as it was written; null for one that is not: a flipped bit makes a gap, never another number. */
const whole = (row: Stored | undefined): string | null =>
  row && crc32(row.body) === row.crc ? row.body : null;

export function readIdentity(sqlite: Sqlite): (Identity & { confirmedAt: string | null }) | null {
  const row = sqlite
    .prepare<[], { place: string; database_id: string; confirmed_at: string | null }>(
      'select * from identity',
    )
    .get();
  return row ? { place: row.place, databaseId: row.database_id, confirmedAt: row.confirmed_at } : null;
}

/** Names whose data it holds from now on, and forgets those of another. */
export function writeIdentity(sqlite: Sqlite, identity: Identity): void {
  const known = readIdentity(sqlite);
  if (known?.place === identity.place && known.databaseId === identity.databaseId) return;
  sqlite.transaction(() => {
    sqlite.exec('delete from identity; delete from topics; delete from rows');
    sqlite
      .prepare('insert into identity (id, place, database_id) values (1, ?, ?)')
      .run(identity.place, identity.databaseId);
  })();
}

export function writeConfirmed(sqlite: Sqlite, at: Date): void {
  sqlite.prepare('update identity set confirmed_at = ?').run(at.toISOString());
}

export function readTopic(sqlite: Sqlite, topic: string): string | null {
  return whole(sqlite.prepare<[string], Stored>('select body, crc from topics where topic = ?').get(topic));
}

export function writeTopic(sqlite: Sqlite, topic: string, body: string): void {
  sqlite
    .prepare(
      `insert into topics (topic, body, crc) values (?, ?, ?)
         on conflict (topic) do update set body = excluded.body, crc = excluded.crc`,
    )
    .run(topic, body, crc32(body));
}

export function writeRows(sqlite: Sqlite, topic: string, rows: readonly MirrorRow[]): void {
  const insert = sqlite.prepare(
    `insert into rows (topic, id, position, search, body, crc) values (?, ?, ?, ?, ?, ?)
       on conflict (topic, id) do update set position = excluded.position, search = excluded.search,
         body = excluded.body, crc = excluded.crc`,
  );
  for (const { id, position, search, body } of rows)
    insert.run(topic, id, position, search, body, crc32(body));
}

export function deleteRows(sqlite: Sqlite, topic: string, ids: Iterable<number>): void {
  const remove = sqlite.prepare('delete from rows where topic = ? and id = ?');
  for (const id of ids) remove.run(topic, id);
}

export function rowIds(sqlite: Sqlite, topic: string): number[] {
  return sqlite.prepare<[string], number>('select id from rows where topic = ?').pluck().all(topic);
}

/** All rows of a list, in order. */
export function allRows(sqlite: Sqlite, topic: string): string[] {
  const rows = sqlite.prepare<[string], Stored>(
    'select body, crc from rows where topic = ? order by position, id',
  );
  return rows.all(topic).flatMap((row) => whole(row) ?? []);
}

/** A page of a list in order, and how many rows it is a page of. */
export function pageOfRows(
  sqlite: Sqlite,
  topic: string,
  query: RowQuery,
): { bodies: string[]; count: number } {
  const search = query.search?.toLowerCase() ?? '';
  const except = JSON.stringify([...(query.except ?? [])]);
  const where = `topic = ? and (? = '' or instr(search, ?) > 0) and id not in (select value from json_each(?))`;
  const given = [topic, search, search, except] as const;
  const rows = sqlite.prepare<unknown[], Stored>(
    `select body, crc from rows where ${where} order by position, id limit ? offset ?`,
  );
  const count = sqlite.prepare<unknown[], number>(`select count(*) from rows where ${where}`).pluck();
  return {
    bodies: rows.all(...given, query.limit, query.offset).flatMap((row) => whole(row) ?? []),
    count: count.get(...given) ?? 0,
  };
}

export function readRow(sqlite: Sqlite, topic: string, id: number): string | null {
  const row = sqlite.prepare<[string, number], Stored>(
    'select body, crc from rows where topic = ? and id = ?',
  );
  return whole(row.get(topic, id));
}
