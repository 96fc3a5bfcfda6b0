import { copyFileSync, existsSync, rmSync } from 'node:fs';
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
  // Decisions that are not in Postgres yet, in the order they were made; what is in `checksum` says kept-decision.ts.
  `create table outbox (
     seq integer primary key autoincrement, decision_id text not null unique, database_id text not null,
     payload text not null, checksum text not null, made_at text not null,
     state text not null, tries integer not null, outcome text, settled_at text, dismissed integer not null default 0
   );
   create index outbox_waiting on outbox (seq) where settled_at is null;`,
  // Deals read while Postgres is away, a row for each upstream state of a lead; `set_aside` says why one never goes on.
  `create table spool (
     seq integer primary key autoincrement, database_id text not null, lead_id text not null, stamp text not null,
     payload text not null, checksum text not null, read_at text not null,
     tries integer not null default 0, set_aside text,
     unique (database_id, lead_id, stamp)
   );`,
  // Health events that are not in Postgres yet, in the order they happened; and what became of each as a notification.
  `create table kept_events (
     seq integer primary key autoincrement, event_key text not null unique, payload text not null,
     checksum text not null, tries integer not null default 0
   );
   create table alert_results (
     event_key text primary key, incident text not null, kind text not null, at text not null,
     result text not null, why text
   ) without rowid;
   create index alert_results_at on alert_results (at);
   create table alert_incidents (
     incident text primary key, kind text not null, last_at text not null, told integer not null
   ) without rowid;
   create table alert_places (
     database_id text primary key, seq integer not null, event_id integer not null, duplicate_id integer not null
   ) without rowid;`,
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

/** The durable file as its users share it: one connection, so that nobody writes into a file that was set aside. */
export interface SharedDurableFile {
  /** The open file, opened (anew) when it is not. Throws like `openDurableFile`, in a sentence. */
  open(): Sqlite;
  /** Closes it; the next `open` begins with looking whether it is whole. */
  close(): void;
}

/**
 * Shares one durable file. When a damaged one was set aside, `onDamage` gets the new file, the path of the old, and a
 * way to read what is left of it.
 */
export function shareDurableFile(
  path: string,
  parts: {
    wall(): number;
    onDamage(now: Sqlite, kept: string, readDamaged: (read: (damaged: Sqlite) => void) => void): void;
  },
): SharedDurableFile {
  let sqlite: Sqlite | null = null;
  return {
    open() {
      if (sqlite) return sqlite;
      const opened = openOrSay(path, parts.wall());
      sqlite = opened.sqlite;
      const { setAside: kept } = opened;
      if (kept !== null) parts.onDamage(sqlite, kept, (read) => readCopy(path, kept, read));
      return sqlite;
    },
    close() {
      sqlite?.close();
      sqlite = null;
    },
  };
}

function openOrSay(path: string, wall: number): DurableFile {
  try {
    return openDurableFile(path, wall);
  } catch (error) {
    if (error instanceof OpsdeckError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsdeckError(
      'INTERNAL',
      `The local file of plings and kept decisions, ${path}, cannot be used (${why}). See that the disk has room and can be written.`,
      { cause: error },
    );
  }
}

/** Reads a copy of a damaged file with its write-ahead log: opening a file writes to it, and it is kept as it was. */
function readCopy(path: string, kept: string, read: (damaged: Sqlite) => void): void {
  const copy = `${path}.salvage`;
  const log = path + '-wal' + kept.slice(path.length);
  try {
    copyFileSync(kept, copy);
    if (existsSync(log)) copyFileSync(log, `${copy}-wal`);
    const sqlite = openSqlite(copy);
    try {
      read(sqlite);
    } finally {
      sqlite.close();
    }
  } catch {
    // Nothing of it can be read: it is kept aside whole, and that is told.
  } finally {
    for (const ending of ['', '-wal', '-shm']) rmSync(copy + ending, { force: true });
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
    sqlite.pragma('busy_timeout = 200');
    // After a long reader the log is cut back instead of staying as large as it ever was.
    sqlite.pragma('journal_size_limit = 16777216');
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
