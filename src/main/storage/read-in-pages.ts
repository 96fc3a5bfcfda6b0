import type { SqlValue, Transaction } from './postgres.ts';

let cursors = 0;

/**
 * The rows of one SELECT, some at a time, as of the instant at which it began: memory stays the same however many there
 * are. Belongs to the transaction, which has to allow for the pauses of whoever reads.
 */
export async function* readInPages<Row extends object>(
  tx: Transaction,
  select: string,
  values: readonly SqlValue[],
  rows: number,
): AsyncGenerator<Row[]> {
  const cursor = `pages_${(cursors += 1)}`;
  await tx.query(`declare ${cursor} no scroll cursor for ${select}`, values);
  for (;;) {
    const page = await tx.query<Row>(`fetch ${Math.round(rows)} from ${cursor}`);
    if (page.rows.length > 0) yield page.rows;
    if (page.rows.length < rows) break;
  }
  await tx.query(`close ${cursor}`);
}

/** What a transaction has to allow for that is read in pages and written to a disk. */
export const pagedReading = {
  /** All of it may have to be sorted before the first page. */
  statementTimeoutMs: 120_000,
  /** A slow disk may take so long over one page. */
  idleTimeoutMs: 60_000,
} as const;
