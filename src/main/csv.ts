/** A value of a CSV file; null is an empty field. Numbers keep their point, whatever the language. */
export type CsvValue = string | number | null;

/**
 * A CSV file (RFC 4180) with a byte-order mark, so that spreadsheets read it as UTF-8. Text that a spreadsheet would
 * take for a formula gets an apostrophe in front: names and notes come from outside.
 */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header, ...rows].map((row) => row.map(field).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
