import { existsSync } from 'node:fs';
import { OpsdeckError } from '../errors.ts';
import { setAside } from '../json-file.ts';
import { openSqlite, type Sqlite } from './sqlite.ts';

/** Steps of the durable file's schema; `user_version` counts those taken. A released one is never edited. */
const steps: readonly string[] = [
  `create table walls (wall text primary key, attended_at text not null) without rowid;
   create table plings (
     wall text not null, lead_id text not null, user_id integer not null, order_date text not null,
     deal_id integer not null, state text not null, at text not null,
     primary key (wall, lead_id, user_id, order_date)
   ) without rowid;
   create index plings_by_date on plings (order_date);`,
];

export interface DurableFile {
  sqlite: Sqlite;
  /** Where a damaged file was kept that stood here before; null when all was well. */
  setAside: string | null;
}

/**
 * Opens the local file that may not be lost (a cache may), every commit of which is on disk before it returns. A
 * damaged one is set aside and begun anew. Throws when there can be none here at all, and for one of a newer program.
 */
export function openDurableFile(path: string, wall: number): DurableFile {
  try {
    return { sqlite: open(path), setAside: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const kept = setAside(path, wall);
    if (kept === null) throw error;
    // What the write-ahead log of the damaged file holds belongs to that file.
    for (const ending of ['-wal', '-shm']) if (existsSync(path + ending)) setAside(path + ending, wall);
    return { sqlite: open(path), setAside: kept };
  }
}

/** True for what SQLite says of a file that is no database, or no longer whole. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

function open(path: string): Sqlite {
  const sqlite = openSqlite(path);
  try {
    sqlite.pragma('journal_mode = WAL');
    // The build's own choice for WAL is NORMAL, which syncs only now and then.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('busy_timeout = 2000');
    if (sqlite.pragma('quick_check', { simple: true }) !== 'ok') throw damaged();
    takeSteps(sqlite, path);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function takeSteps(sqlite: Sqlite, path: string): void {
  const taken = Number(sqlite.pragma('user_version', { simple: true }));
  if (taken > steps.length) {
    throw new OpsdeckError(
      'SCHEMA_NEWER',
      `${path} was written by a newer Opsdeck. Start that one, or update this.`,
    );
  }
  for (let step = taken; step < steps.length; step += 1) {
    sqlite.transaction(() => {
      sqlite.exec(steps[step]!);
      sqlite.pragma(`user_version = ${step + 1}`);
    })();
  }
}

function damaged(): Error {
  return Object.assign(new Error('The file is damaged'), { code: 'SQLITE_CORRUPT' });
}
