import { existsSync } from 'node:fs';
import { setAside } from '../json-file.ts';
import { openSqlite, type Sqlite } from './sqlite.ts';

/** The mirror's schema as a whole; a file of another version is begun anew, since all of it can be had again. */
const version = 2;
const schema = `
  create table identity (id integer primary key check (id = 1), place text not null, identity text not null,
                         confirmed_at text, seq integer not null default 0);
  create table topics (topic text primary key, body text not null, crc integer not null) without rowid;
  create table rows (topic text not null, id integer not null, position text not null, search text not null,
                     body text not null, crc integer not null, primary key (topic, id)) without rowid;
  create index rows_in_order on rows (topic, position, id);
`;

export interface MirrorFile {
  /** Null where SQLite cannot be loaded at all. */
  sqlite: Sqlite | null;
  /** Why it was begun anew, in words; null when all was well. */
  began: string | null;
}

/**
 * Opens the local copy of what the database says, a cache: whatever is wrong with the file, it is set aside and begun
 * anew, and where there can be none at all it is kept in memory.
 */
export function openMirrorFile(path: string, wall: number): MirrorFile {
  try {
    return { sqlite: open(path), began: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    for (const ending of ['', '-wal', '-shm']) if (existsSync(path + ending)) setAside(path + ending, wall);
    try {
      return { sqlite: open(path), began: `The local copy was begun anew (${why}).` };
    } catch {
      const began = `There can be no local copy at ${path} (${why}).`;
      try {
        return { sqlite: open(':memory:'), began };
      } catch {
        return { sqlite: null, began };
      }
    }
  }
}

function open(path: string): Sqlite {
  const sqlite = openSqlite(path);
  try {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('busy_timeout = 100');
    sqlite.pragma('journal_size_limit = 16777216');
    const found = Number(sqlite.pragma('user_version', { simple: true }));
    if (found !== version) {
      const tables = sqlite.prepare('select count(*) from sqlite_schema').pluck().get();
      if (tables !== 0) throw new Error(`it has version ${found}`);
      sqlite.transaction(() => {
        sqlite.exec(schema);
        sqlite.pragma(`user_version = ${version}`);
      })();
    }
    // Reads a page of each table: a file that is none, or was cut off, is found here.
    for (const table of ['identity', 'topics', 'rows'])
      sqlite.prepare(`select * from ${table} limit 1`).all();
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
