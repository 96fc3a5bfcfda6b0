/** A value of a CSV file; null is an empty field. Numbers keep their point, whatever the language. */
export type CsvValue = string | number | null;

/** Content of a file: a text or bytes, or what writes a text piece by piece, waiting for each. */
export type FileContent = string | Uint8Array | ((write: (text: string) => Promise<void>) => Promise<void>);

/** The first line of a CSV file, for one that is written row by row. */
export function csvHead(header: readonly string[]): string {
  return `\uFEFF${csvRows([header])}`;
}

/** Rows of a CSV file, each with its end. */
export function csvRows(rows: Iterable<readonly CsvValue[]>): string {
  return [...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/**
 * A CSV file (RFC 4180) with a byte-order mark, so that spreadsheets read it as UTF-8. Text that a spreadsheet would
 * take for a formula gets an apostrophe in front: names and notes come from outside.
 */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  return csvHead(header) + csvRows(rows);
}

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
