import pg from 'pg';
import { migrationsTable } from '../migrate.ts';
import type { Queryable } from '../postgres.ts';

/** A table with what COPY names: its columns without generated ones. */
export interface CatalogueTable {
  name: string;
  columns: string[];
  /** Bytes on disk; how far a copy is, is measured by it. */
  bytes: number;
}

/** The schema that unqualified names are made in: ours. */
export async function ourSchema(db: Queryable): Promise<string> {
  const found = await db.query<{ schema: string }>('select current_schema() as schema');
  return found.rows[0]!.schema;
}

/**
 * The tables of a schema whose rows are to last, by name. Unlogged ones mean nothing beyond a pass and are left out, as
 * is the list of migrations, which a backup has in its header.
 */
export async function listTables(db: Queryable, schema: string): Promise<CatalogueTable[]> {
  const found = await db.query<CatalogueTable>(
    `select c.relname as name, pg_table_size(c.oid) as bytes,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                   order by a.attnum) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind = 'r' and c.relpersistence = 'p' and c.relname <> $2
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      order by c.relname`,
    [schema, migrationsTable],
  );
  return found.rows.filter((table) => table.columns.length > 0);
}

/** The sequences of a schema and the last number each gave; null: none yet. */
export async function listSequences(
  db: Queryable,
  schema: string,
): Promise<{ name: string; last: number | null }[]> {
  const found = await db.query<{ name: string; last: number | null }>(
    `select c.relname as name, pg_sequence_last_value(c.oid) as last
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind = 'S' order by c.relname`,
    [schema],
  );
  return found.rows;
}

/** Moves sequences on, never back: a number that was given once names one thing for ever. */
export async function raiseSequences(
  db: Queryable,
  schema: string,
  sequences: readonly { name: string; last: number | null }[],
): Promise<void> {
  const now = new Map((await listSequences(db, schema)).map((sequence) => [sequence.name, sequence.last]));
  for (const { name, last } of sequences) {
    if (last === null || !now.has(name) || (now.get(name) ?? 0) >= last) continue;
    await db.query('select setval($1::regclass, $2)', [qualified(schema, name), last]);
  }
}

/** Statements that take away what hinders loading rows in any order, and those that put it back. */
export async function loadingStatements(
  db: Queryable,
  schema: string,
): Promise<{ before: string[]; after: string[] }> {
  const keys = await db.query<{ table: string; name: string; definition: string }>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and k.contype = 'f' and k.conparentid = 0 order by 1, 2`,
    [schema],
  );
  const triggers = await db.query<{ table: string; name: string }>(
    `select c.relname as table, t.tgname as name
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and not t.tgisinternal and t.tgenabled = 'O' and c.relkind = 'r' order by 1, 2`,
    [schema],
  );
  const alter = (table: string, what: string) => `alter table ${qualified(schema, table)} ${what}`;
  const quoted = pg.escapeIdentifier;
  return {
    before: [
      ...triggers.rows.map((row) => alter(row.table, `disable trigger ${quoted(row.name)}`)),
      ...keys.rows.map((row) => alter(row.table, `drop constraint ${quoted(row.name)}`)),
    ],
    after: [
      ...keys.rows.map((row) => alter(row.table, `add constraint ${quoted(row.name)} ${row.definition}`)),
      ...triggers.rows.map((row) => alter(row.table, `enable trigger ${quoted(row.name)}`)),
    ],
  };
}

/** Which of the tables hold rows. */
export async function tablesWithRows(
  db: Queryable,
  schema: string,
  tables: readonly CatalogueTable[],
): Promise<string[]> {
  if (tables.length === 0) return [];
  const found = await db.query<{ name: string }>(
    tables
      .map(
        ({ name }) =>
          `select ${pg.escapeLiteral(name)} as name where exists (select from ${qualified(schema, name)})`,
      )
      .join(' union all '),
  );
  return found.rows.map((row) => row.name);
}

/** Lets the planner know what was loaded; others wait for nothing meanwhile. */
export async function analyzeTables(db: Queryable, schema: string): Promise<void> {
  const tables = await listTables(db, schema);
  if (tables.length > 0)
    await db.query(`analyze ${tables.map((table) => qualified(schema, table.name)).join(', ')}`);
}

/** A name in a statement, with its schema. */
export function qualified(schema: string, name: string): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}

/** Columns as a statement lists them. */
export function columnList(columns: readonly string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}
