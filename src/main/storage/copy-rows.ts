import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyWriter, type CopyValue } from './copy-text.ts';

/** Rows put into one chunk of the stream; small enough that the main thread answers in between. */
const rowsPerChunk = 500;

/** Streams rows into a `copy … from stdin`. Yields between chunks. */
export async function streamRows<Row>(
  client: pg.PoolClient,
  statement: string,
  rows: readonly Row[],
  toValues: (row: Row) => CopyValue[],
): Promise<void> {
  await pipeline(Readable.from(chunks(rows, toValues)), client.query(copyFrom(statement)));
}

async function* chunks<Row>(rows: readonly Row[], toValues: (row: Row) => CopyValue[]) {
  const copyText = copyWriter();
  for (let at = 0; at < rows.length; at += rowsPerChunk) {
    let text = '';
    const end = Math.min(at + rowsPerChunk, rows.length);
    for (let row = at; row < end; row++) {
      const values = toValues(rows[row]!);
      for (let column = 0; column < values.length; column++) {
        text += column === 0 ? copyText(values[column]!) : `\t${copyText(values[column]!)}`;
      }
      text += '\n';
    }
    yield text;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Streams text that is in COPY's format already. */
export async function streamText(
  client: pg.PoolClient,
  statement: string,
  chunks: readonly Uint8Array[],
): Promise<void> {
  await pipeline(Readable.from(chunks), client.query(copyFrom(statement)));
}
