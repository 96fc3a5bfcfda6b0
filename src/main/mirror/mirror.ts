import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ZodType } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { openMirrorFile } from '../storage/mirror-file.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import * as store from './mirror-store.ts';
import type { Identity, MirrorRow, RowQuery } from './mirror-store.ts';

/** Rows written between two turns of the event loop: a few ms. */
const chunk = 250;

/**
 * What the database last said, on this computer's disk. A cache: it may be deleted at any time, is never shown for
 * another database, and whatever goes wrong with it costs only what it held.
 */
export interface Mirror {
  /** The database and life whose data it holds; null: none, or of another place than this console is set up for. */
  identity(): string | null;
  /** The highest change number that was seen of it; 0: none. */
  seen(): number;
  /** A change of this number was seen; kept with the next confirmation. */
  saw(seq: number): void;
  /** Until when what it holds is known to be true; null: it holds nothing. */
  confirmedAt(): Date | null;
  /** Names the database and life it is filled from, and forgets the data of another. */
  adopt(identity: string): void;
  confirm(at: Date): void;
  /** What a topic holds; null when nothing, or nothing that can be read. */
  topic<T>(topic: string, schema: ZodType<T>): T | null;
  page<T>(topic: string, query: RowQuery, schema: ZodType<T>): { rows: T[]; count: number };
  row<T>(topic: string, id: number, schema: ZodType<T>): T | null;
  /** All rows of a list, each read by a schema, or by a function where there are thousands: null leaves a row out. */
  all<T>(topic: string, read: ZodType<T> | ((value: unknown) => T | null)): T[];
  /** Writes in one transaction, in slices between which the program goes on. Never rejects; false: not written. */
  write(change: MirrorChange): Promise<boolean>;
  close(): Promise<void>;
}

export interface MirrorChange {
  topics?: Readonly<Record<string, unknown>>;
  rows?: {
    topic: string;
    put: readonly MirrorRow[];
    remove: Iterable<number>;
    /** True: rows that are not put are not there any more. */
    whole?: boolean;
  };
}

export function openMirror(
  path: string,
  parts: { place: string; clock: Clock; log: Log; onLost?: () => void },
): Mirror {
  const { place, clock, log } = parts;
  let sqlite = open();
  let identity = attempt((file) => store.readIdentity(file)) ?? null;
  if (identity?.place !== place) identity = null;
  let highest = identity?.seq ?? 0;
  let writing: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function open(): Sqlite | null {
    const opened = openMirrorFile(path, clock.wall());
    if (opened.began) log.warn(opened.began);
    return opened.sqlite;
  }

  /** Runs a read or a small write; undefined when it failed. What is damaged is begun anew. */
  function attempt<T>(work: (sqlite: Sqlite) => T): T | undefined {
    if (!sqlite) return undefined;
    try {
      return work(sqlite);
    } catch (error) {
      lost(error);
      return undefined;
    }
  }

  function lost(error: unknown): void {
    if (isClosed || !sqlite) return;
    log.warn('The local copy could not be used', { error });
    const code = String((error as { code?: unknown } | null)?.code);
    if (!code.startsWith('SQLITE_CORRUPT') && code !== 'SQLITE_NOTADB' && code !== 'SQLITE_ERROR') return;
    sqlite.close();
    sqlite = open();
    if (identity) adopt(identity.identity);
    parts.onLost?.();
  }

  function adopt(of: string): void {
    if (identity?.identity !== of) highest = 0;
    attempt((file) => {
      store.writeIdentity(file, { place, identity: of } satisfies Identity);
      identity = store.readIdentity(file);
    });
  }

  const read = <T>(body: string | null | undefined, schema: ZodType<T>): T | null => {
    if (body === null || body === undefined || !identity) return null;
    const parsed = schema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  };
  const readAll = <T>(bodies: readonly string[], schema: ZodType<T>): T[] =>
    bodies.flatMap((body) => read(body, schema) ?? []);

  async function writeNow(change: MirrorChange): Promise<boolean> {
    const target = sqlite;
    if (isClosed || !target) return false;
    try {
      target.exec('begin immediate');
      for (const [topic, value] of Object.entries(change.topics ?? {}))
        store.writeTopic(target, topic, JSON.stringify(value));
      if (change.rows) await writeRows(target, change.rows);
      target.exec('commit');
      return true;
    } catch (error) {
      if (target.open && target.inTransaction) target.exec('rollback');
      if (target === sqlite) lost(error);
      return false;
    }
  }

  return {
    identity: () => identity?.identity ?? null,
    seen: () => highest,
    saw: (seq) => void (highest = Math.max(highest, seq)),
    confirmedAt: () => (identity?.confirmedAt ? new Date(identity.confirmedAt) : null),
    adopt,
    confirm(at) {
      if (!identity) return;
      attempt((file) => store.writeConfirmed(file, at, highest));
      identity = { ...identity, confirmedAt: at.toISOString() };
    },
    topic: (topic, schema) =>
      read(
        attempt((file) => store.readTopic(file, topic)),
        schema,
      ),
    page(topic, query, schema) {
      const found = attempt((file) => store.pageOfRows(file, topic, query)) ?? { bodies: [], count: 0 };
      return { rows: readAll(found.bodies, schema), count: found.count };
    },
    row: (topic, id, schema) =>
      read(
        attempt((file) => store.readRow(file, topic, id)),
        schema,
      ),
    all(topic, reader) {
      const bodies = attempt((file) => store.allRows(file, topic)) ?? [];
      if (typeof reader !== 'function') return readAll(bodies, reader);
      return identity ? bodies.flatMap((body) => reader(JSON.parse(body)) ?? []) : [];
    },
    write(change) {
      const written = writing.then(() => writeNow(change));
      writing = written;
      return written;
    },
    async close() {
      await writing;
      isClosed = true;
      sqlite?.close();
    },
  };
}

async function writeRows(sqlite: Sqlite, rows: NonNullable<MirrorChange['rows']>): Promise<void> {
  const gone = new Set(rows.whole ? store.rowIds(sqlite, rows.topic) : rows.remove);
  for (const row of rows.put) gone.delete(row.id);
  store.deleteRows(sqlite, rows.topic, gone);
  for (let at = 0; at < rows.put.length; at += chunk) {
    if (at > 0) await nextTurn();
    store.writeRows(sqlite, rows.topic, rows.put.slice(at, at + chunk));
  }
}
