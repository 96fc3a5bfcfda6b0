import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Rows put into one chunk of the stream; small enough that the main thread answers in between. */
const rowsPerChunk = 500;

/** Streams rows into a `copy … from stdin`; values are text, numbers or null. Yields between chunks. */
export async function streamRows<Row>(
  client: pg.PoolClient,
  statement: string,
  rows: readonly Row[],
  toValues: (row: Row) => (string | number | null)[],
): Promise<void> {
  await pipeline(Readable.from(chunks(rows, toValues)), client.query(copyFrom(statement)));
}

async function* chunks<Row>(rows: readonly Row[], toValues: (row: Row) => (string | number | null)[]) {
  for (let at = 0; at < rows.length; at += rowsPerChunk) {
    let text = '';
    for (const row of rows.slice(at, at + rowsPerChunk))
      text += `${toValues(row).map(copyText).join('\t')}\n`;
    yield text;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A value in COPY's text format: backslash, tab and line ends escaped, null as \N. */
function copyText(value: string | number | null): string {
  if (value === null) return '\\N';
  const text = String(value);
  return /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
    : text;
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
