import { crc32 } from 'node:zlib';
import type { Sqlite, Statement } from '../storage/sqlite.ts';

export interface Identity {
  /** Where the database is reached, in words: the console is set up for this one. */
  place: string;
  /** The database and its life. */
  identity: string;
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

/** Statements parsed before on each open file: parsing takes longer than a small write. */
const parsed = new WeakMap<Sqlite, Map<string, unknown>>();

function prepare<Given extends unknown[] = unknown[], Row = unknown>(
  sqlite: Sqlite,
  sql: string,
): Statement<Given, Row> {
  let known = parsed.get(sqlite);
  if (!known) parsed.set(sqlite, (known = new Map<string, unknown>()));
  let statement = known.get(sql) as Statement<Given, Row> | undefined;
  if (!statement) known.set(sql, (statement = sqlite.prepare<Given, Row>(sql)));
  return statement;
}

/** The body where it is as it was written; null for one that is not: a flipped bit makes a gap, never another number. */
const whole = (row: Stored | undefined): string | null =>
  row && crc32(row.body) === row.crc ? row.body : null;

export interface StoredIdentity extends Identity {
  confirmedAt: string | null;
  /** The highest change number seen of it. */
  seq: number;
}

export function readIdentity(sqlite: Sqlite): StoredIdentity | null {
  const row = prepare<[], Identity & { confirmed_at: string | null; seq: number }>(
    sqlite,
    'select place, identity, confirmed_at, seq from identity',
  ).get();
  return row
    ? { place: row.place, identity: row.identity, confirmedAt: row.confirmed_at, seq: row.seq }
    : null;
}

/** Names whose data it holds from now on, and forgets those of another. */
export function writeIdentity(sqlite: Sqlite, identity: Identity): void {
  const known = readIdentity(sqlite);
  if (known?.place === identity.place && known.identity === identity.identity) return;
  sqlite.transaction(() => {
    sqlite.exec('delete from identity; delete from topics; delete from rows');
    prepare(sqlite, 'insert into identity (id, place, identity) values (1, ?, ?)').run(
      identity.place,
      identity.identity,
    );
  })();
}

export function writeConfirmed(sqlite: Sqlite, at: Date, seq: number): void {
  prepare(sqlite, 'update identity set confirmed_at = ?, seq = max(seq, ?)').run(at.toISOString(), seq);
}

export function readTopic(sqlite: Sqlite, topic: string): string | null {
  return whole(prepare<[string], Stored>(sqlite, 'select body, crc from topics where topic = ?').get(topic));
}

export function writeTopic(sqlite: Sqlite, topic: string, body: string): void {
  prepare(
    sqlite,
    `insert into topics (topic, body, crc) values (?, ?, ?)
         on conflict (topic) do update set body = excluded.body, crc = excluded.crc`,
  ).run(topic, body, crc32(body));
}

export function writeRows(sqlite: Sqlite, topic: string, rows: readonly MirrorRow[]): void {
  const insert = prepare(
    sqlite,
    `insert into rows (topic, id, position, search, body, crc) values (?, ?, ?, ?, ?, ?)
       on conflict (topic, id) do update set position = excluded.position, search = excluded.search,
         body = excluded.body, crc = excluded.crc`,
  );
  for (const { id, position, search, body } of rows)
    insert.run(topic, id, position, search, body, crc32(body));
}

export function deleteRows(sqlite: Sqlite, topic: string, ids: Iterable<number>): void {
  const remove = prepare(sqlite, 'delete from rows where topic = ? and id = ?');
  for (const id of ids) remove.run(topic, id);
}

export function rowIds(sqlite: Sqlite, topic: string): number[] {
  return prepare<[string], number>(sqlite, 'select id from rows where topic = ?').pluck().all(topic);
}

/** All rows of a list, in order. */
export function allRows(sqlite: Sqlite, topic: string): string[] {
  const rows = prepare<[string], Stored>(
    sqlite,
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
  const rows = prepare<unknown[], Stored>(
    sqlite,
    `select body, crc from rows where ${where} order by position, id limit ? offset ?`,
  );
  const count = prepare<unknown[], number>(sqlite, `select count(*) from rows where ${where}`).pluck();
  return {
    bodies: rows.all(...given, query.limit, query.offset).flatMap((row) => whole(row) ?? []),
    count: count.get(...given) ?? 0,
  };
}

export function readRow(sqlite: Sqlite, topic: string, id: number): string | null {
  const row = prepare<[string, number], Stored>(
    sqlite,
    'select body, crc from rows where topic = ? and id = ?',
  );
  return whole(row.get(topic, id));
}
