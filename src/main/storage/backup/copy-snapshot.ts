import { addAbortSignal, type Readable } from 'node:stream';
import { to as copyTo } from 'pg-copy-streams';
import type { Transaction } from '../postgres.ts';
import { chunkBytes, type BackupFooter, type BackupHeader } from './backup-format.ts';
import {
  columnList,
  listSequences,
  listTables,
  ourSchema,
  qualified,
  type CatalogueTable,
} from './catalogue-store.ts';
import { watchStall } from './long-connection.ts';
import type { FrameWriter } from './write-frames.ts';

/** How far a copy is. */
export interface CopyProgress {
  /** From 0 to 1, by the size of tables on disk. */
  share: number;
  rows: number;
}

/** Copies every table as of one instant; writers are not held up. Answers what stands in the footer. */
export async function copySnapshot(
  connection: Transaction,
  writer: FrameWriter,
  header: (server: { serverVersion: string }) => BackupHeader | Promise<BackupHeader>,
  onProgress: (progress: CopyProgress) => void,
): Promise<BackupFooter> {
  const schema = await ourSchema(connection);
  const tables = await beginSnapshot(connection, schema);
  const server = await connection.query<{ serverVersion: string }>(
    `select current_setting('server_version') as "serverVersion"`,
  );
  await writer.json('H', await header(server.rows[0]!));
  const total = Math.max(
    1,
    tables.reduce((sum, table) => sum + table.bytes, 0),
  );
  const footer: BackupFooter = { tables: [], rows: 0, sequences: [] };
  let done = 0;
  for (const table of tables) {
    const rows = await copyTable(connection, writer, schema, table, (copied, rowsSoFar) =>
      onProgress({
        share: Math.min(1, (done + Math.min(copied, table.bytes)) / total),
        rows: footer.rows + rowsSoFar,
      }),
    );
    done += table.bytes;
    footer.tables.push({ name: table.name, rows });
    footer.rows += rows;
  }
  // Read last, since sequences know no snapshot: none may be behind the rows.
  footer.sequences = await listSequences(connection, schema);
  await connection.query('commit');
  await writer.json('F', footer);
  return footer;
}

/**
 * Begins the snapshot with every table locked against truncation and changes of its columns. The locks come first: a
 * TRUNCATE that commits between a snapshot and its lock would show the snapshot an empty table.
 */
async function beginSnapshot(connection: Transaction, schema: string): Promise<CatalogueTable[]> {
  for (;;) {
    const expected = await listTables(connection, schema);
    await connection.query('begin isolation level repeatable read read only');
    if (expected.length > 0) {
      const names = expected.map((table) => qualified(schema, table.name)).join(', ');
      await connection.query(`lock table ${names} in access share mode`);
    }
    const tables = await listTables(connection, schema);
    if (shapeOf(tables) === shapeOf(expected)) return tables;
    await connection.query('rollback');
  }
}

function shapeOf(tables: readonly CatalogueTable[]): string {
  return JSON.stringify(tables.map(({ name, columns }) => [name, columns]));
}

async function copyTable(
  connection: Transaction,
  writer: FrameWriter,
  schema: string,
  table: CatalogueTable,
  onRows: (bytes: number, rows: number) => void,
): Promise<number> {
  const { name, columns } = table;
  await writer.json('T', { name, columns });
  const statement = `copy ${qualified(schema, name)} (${columnList(columns)}) to stdout`;
  const stall = watchStall();
  const stream: Readable = addAbortSignal(stall.signal, connection.client.query(copyTo(statement)));
  let bytes = 0;
  let rows = 0;
  try {
    for await (const chunk of gather(stream, stall.moved)) {
      await writer.rows(chunk);
      bytes += chunk.length;
      rows += countLines(chunk);
      onRows(bytes, rows);
      stall.moved();
    }
  } catch (error) {
    if (stall.signal.aborted) throw stall.signal.reason;
    throw error;
  } finally {
    stall.end();
  }
  await writer.json('E', { rows });
  return rows;
}

/** Puts the server's small pieces together. Rows may be cut anywhere: readers put them together again. */
async function* gather(stream: Readable, onPiece: () => void): AsyncGenerator<Buffer, void, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    onPiece();
    pieces.push(piece);
    length += piece.length;
    if (length < chunkBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pieces);
}

/** Rows of COPY's text format: a line end inside a value is written as \n, so every real one ends a row. */
function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) count++;
  return count;
}
