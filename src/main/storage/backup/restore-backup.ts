import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { OpsdeckError } from '../../errors.ts';
import { appliedMigrations, migrationNames, migrationsLock } from '../migrate.ts';
import type { Database, Transaction } from '../postgres.ts';
import { classifyPostgresError } from '../postgres-errors.ts';
import { badBackup, tableHead, type TableHead } from './backup-format.ts';
import {
  columnList,
  listSequences,
  listTables,
  loadingStatements,
  ourSchema,
  qualified,
  raiseSequences,
  type CatalogueTable,
} from './catalogue-store.ts';
import { watchStall, withLongConnection } from './long-connection.ts';
import { readJson, type Frame, type OpenBackup } from './read-frames.ts';

const inflate = promisify(inflateRaw);

/** Where an older backup is brought up to date before it takes the place of what is there. */
const sideSchema = 'opsdeck_restore';
/** Tries to get every table's lock, when other writers were met in another order. */
const lockTries = 5;

export interface RestoreOptions {
  database: Database;
  /** Open, and verified. */
  backup: OpenBackup;
  migrationsFolder: string;
  /** Tables of what goes on now (who runs, who leads, calls made): they stay as they are. */
  keep: readonly string[];
  /** Locked before and after all others, in the order in which writers meet them. */
  lockFirst: readonly string[];
  lockLast: readonly string[];
  /** The last statements before COMMIT. */
  finish(tx: Transaction): Promise<void>;
  signal: AbortSignal;
  onShare?: (share: number) => void;
}

export interface RestoredTables {
  rows: number;
  tables: number;
  /** Tables of the file that this database does not have; they were left out. */
  skipped: string[];
  /** True when the file's schema was older and was brought up to date. */
  migrated: boolean;
}

/**
 * Puts what a backup holds in the place of what the database holds, in one transaction: it is there whole, or nothing
 * has changed. The database must be migrated; a backup of an older schema is loaded into a schema of its own, migrated
 * there and taken over, so that rights and views that others made on our tables stay.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredTables> {
  const { database, backup, signal } = options;
  const known = await migrationNames(options.migrationsFolder);
  const newer = checkMigrations(backup, known, await appliedMigrations(database));
  return withLongConnection(
    { url: database.url, applicationName: 'opsdeck restore', signal },
    async (connection) => {
      const schema = await ourSchema(connection);
      const tables = (await listTables(connection, schema)).filter(
        ({ name }) => !options.keep.includes(name),
      );
      await beginLocked(connection, schema, inLockOrder(tables, options));
      try {
        const restored =
          newer.length === 0
            ? await loadDirectly(connection, options, schema, tables)
            : await loadThroughSide(connection, options, schema, tables, newer);
        signal.throwIfAborted();
        await options.finish(connection);
        await connection.query('commit');
        return { ...restored, migrated: newer.length > 0 };
      } catch (error) {
        await connection.query('rollback').catch(() => {});
        throw error;
      }
    },
  );
}

/** The migrations that the backup lacks. Refuses one that a newer program wrote, or whose order is not ours. */
function checkMigrations(backup: OpenBackup, known: string[], applied: string[]): string[] {
  const { migrations } = backup.header;
  const unknown = migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OpsdeckError(
      'SCHEMA_NEWER',
      `${backup.path} was written by a newer Opsdeck (${unknown.join(', ')}). Install that version here; nothing was changed.`,
    );
  }
  if (known.some((name) => !applied.includes(name))) {
    throw new OpsdeckError('CONFLICT', 'The schema is not up to date yet. Run db migrate, then try again.');
  }
  if (migrations.length === 0 || migrations.some((name, index) => name !== known[index])) {
    throw badBackup(backup.path, 'its migrations are not the first ones of this program');
  }
  return known.slice(migrations.length);
}

function inLockOrder(
  tables: readonly CatalogueTable[],
  { lockFirst, lockLast }: Pick<RestoreOptions, 'lockFirst' | 'lockLast'>,
): string[] {
  const names = tables.map((table) => table.name);
  const between = names.filter((name) => !lockFirst.includes(name) && !lockLast.includes(name));
  return [...lockFirst, ...between, ...lockLast].filter((name) => names.includes(name));
}

/** Begins with every table locked. Nothing is done yet, so a deadlock with other writers only means: again. */
async function beginLocked(connection: Transaction, schema: string, names: string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.query('begin isolation level read committed');
      await connection.query(`select pg_advisory_xact_lock(${migrationsLock})`);
      const list = names.map((name) => qualified(schema, name)).join(', ');
      return void (await connection.query(`lock table ${list} in access exclusive mode`));
    } catch (error) {
      await connection.query('rollback');
      if (attempt >= lockTries || classifyPostgresError(error) !== 'retry') throw error;
    }
  }
}

async function loadDirectly(
  connection: Transaction,
  options: RestoreOptions,
  schema: string,
  tables: CatalogueTable[],
): Promise<Omit<RestoredTables, 'migrated'>> {
  const listed = new Set(options.backup.footer.tables.map((table) => table.name));
  const targets = tables.filter((table) => listed.has(table.name));
  const { before, after } = await loadingStatements(connection, schema);
  for (const statement of before) await connection.query(statement);
  await empty(connection, schema, targets);
  const loaded = await loadRows(connection, options, schema, new Set(targets.map((table) => table.name)));
  await raiseSequences(connection, schema, options.backup.footer.sequences);
  for (const statement of after) await connection.query(statement);
  return loaded;
}

/** Builds the older schema beside ours, loads and migrates it there, then takes over its rows. */
async function loadThroughSide(
  connection: Transaction,
  options: RestoreOptions,
  schema: string,
  tables: CatalogueTable[],
  newer: string[],
): Promise<Omit<RestoredTables, 'migrated'>> {
  await connection.query(`drop schema if exists ${sideSchema} cascade`);
  await connection.query(`create schema ${sideSchema}`);
  await connection.query(`set local search_path = ${sideSchema}`);
  await runMigrations(connection, options.migrationsFolder, options.backup.header.migrations);
  const sideTables = await listTables(connection, sideSchema);
  const loaded = await loadDirectly(
    connection,
    options,
    sideSchema,
    sideTables.filter((table) => !options.keep.includes(table.name)),
  );
  await runMigrations(connection, options.migrationsFolder, newer);
  const ours = new Set((await listTables(connection, sideSchema)).map((table) => table.name));
  await connection.query(`set local search_path = ${pg.escapeIdentifier(schema)}`);
  await takeOver(
    connection,
    schema,
    tables.filter((table) => ours.has(table.name)),
  );
  await connection.query(`drop schema ${sideSchema} cascade`);
  return loaded;
}

async function takeOver(connection: Transaction, schema: string, targets: CatalogueTable[]): Promise<void> {
  const { before, after } = await loadingStatements(connection, schema);
  for (const statement of before) await connection.query(statement);
  await empty(connection, schema, targets);
  for (const { name, columns } of targets) {
    const list = columnList(columns);
    await connection.query(
      `insert into ${qualified(schema, name)} (${list}) overriding system value
       select ${list} from ${qualified(sideSchema, name)}`,
    );
  }
  await raiseSequences(connection, schema, await listSequences(connection, sideSchema));
  for (const statement of after) await connection.query(statement);
}

async function empty(
  connection: Transaction,
  schema: string,
  tables: readonly CatalogueTable[],
): Promise<void> {
  if (tables.length === 0) return;
  await connection.query(`truncate ${tables.map((table) => qualified(schema, table.name)).join(', ')}`);
}

/** Streams the file's rows into the tables named; those of others are read past. */
async function loadRows(
  connection: Transaction,
  options: RestoreOptions,
  schema: string,
  wanted: ReadonlySet<string>,
): Promise<Omit<RestoredTables, 'migrated'>> {
  const { backup, signal, keep, onShare } = options;
  const expected = new Map(backup.footer.tables.map((table) => [table.name, table.rows]));
  const frames = backup.frames((read) => onShare?.(read / backup.bytes));
  const result = { rows: 0, tables: 0, skipped: [] as string[] };
  // By hand, since the table's own loop reads on from here. Read to the end: there the digest is checked once more.
  for (let next = await frames.next(); !next.done; next = await frames.next()) {
    signal.throwIfAborted();
    if (next.value.type !== 'T') continue;
    const head = readJson(next.value, tableHead, backup.path);
    if (!wanted.has(head.name)) {
      if (!keep.includes(head.name)) result.skipped.push(head.name);
      continue;
    }
    const rows = await loadTable(connection, schema, head, frames, signal);
    if (rows !== expected.get(head.name))
      throw badBackup(backup.path, `${head.name} has other rows than listed`);
    result.rows += rows;
    result.tables += 1;
  }
  return result;
}

async function loadTable(
  connection: Transaction,
  schema: string,
  head: TableHead,
  frames: AsyncGenerator<Frame, void, undefined>,
  signal: AbortSignal,
): Promise<number> {
  const target = `${qualified(schema, head.name)} (${columnList(head.columns)})`;
  const stall = watchStall();
  const stream = connection.client.query(copyFrom(`copy ${target} from stdin`));
  async function* rows(): AsyncGenerator<Buffer, void, undefined> {
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      if (next.value.type !== 'D') return;
      stall.moved();
      yield await inflate(next.value.payload);
    }
  }
  try {
    await pipeline(Readable.from(rows()), stream, { signal: AbortSignal.any([signal, stall.signal]) });
  } catch (error) {
    if (stall.signal.aborted) throw stall.signal.reason;
    throw error;
  } finally {
    stall.end();
  }
  return stream.rowCount;
}

/** Runs migrations as they stand in their files, in this transaction and in the schema that is searched. */
async function runMigrations(
  connection: Transaction,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const text = await readFile(join(folder, `${name}.sql`), 'utf8');
    await connection.query(text.split(/^\s*--[\s-]*down\s+migration/im)[0]!);
  }
}
