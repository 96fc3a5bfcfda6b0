import { parse } from 'csv-parse/sync';
import { OpsdeckError } from '../errors.ts';
import { toCsv } from '../csv.ts';
import type { MappingRow } from './my-packages-store.ts';

const header = [
  'reseller_id',
  'name',
  'price',
  'visible',
  'country_code',
  'region',
  'data_mb',
  'days',
] as const;
/** What of a file is read: the rest of a mapping is its package's. */
const readable = ['reseller_id', 'name', 'price', 'visible'] as const;

/** One line as it was read. `problems` are sentences for whoever made the file. */
export interface CsvRow {
  line: number;
  resellerId: string;
  name: string | null | undefined;
  price: number | null | undefined;
  visible: boolean | undefined;
  problems: string[];
}

/** What the office sells as a file that can be read in again. */
export function myPackagesCsv(mappings: readonly MappingRow[]): string {
  return toCsv(
    header,
    mappings.map((mapping) => [
      ...[mapping.resellerId, mapping.name, mapping.price, mapping.visible ? 'true' : 'false'],
      ...[mapping.countryCode, mapping.region, mapping.dataMb, mapping.days],
    ]),
  );
}

/** Reads a file with a header line. BAD_REQUEST when it is no such file; what is wrong in a line is told with the line. */
export function readMyPackagesCsv(text: string): CsvRow[] {
  const rows = parseFile(text);
  const unknown = rows[0] && !Object.hasOwn(rows[0].record, 'reseller_id');
  if (unknown) {
    throw new OpsdeckError(
      'BAD_REQUEST',
      `The file has no column reseller_id. Its first line has to name the columns: ${readable.join(', ')}.`,
    );
  }
  const seen = new Map<string, number>();
  return rows.map(({ record, info }) => {
    const row = readRow(record, info.lines);
    const earlier = seen.get(row.resellerId);
    if (earlier !== undefined && row.resellerId !== '')
      row.problems.push(`It stands in line ${earlier} already.`);
    seen.set(row.resellerId, row.line);
    return row;
  });
}

type Parsed = { record: Record<string, string>; info: { lines: number } };

function parseFile(text: string): Parsed[] {
  const first = text.slice(0, text.search(/\r?\n|$/));
  try {
    return parse(text, {
      ...{ bom: true, columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()) },
      // Spreadsheets of half of Europe write semicolons.
      delimiter: first.includes(';') && !first.includes(',') ? ';' : ',',
      ...{ info: true, relax_column_count: true, skip_empty_lines: true, trim: true },
    }) as unknown as Parsed[];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, 200) : 'unreadable';
    throw new OpsdeckError(
      'BAD_REQUEST',
      `The file is no CSV that can be read (${why}). Save it as CSV, UTF-8, with a header line.`,
      { cause },
    );
  }
}

function readRow(record: Record<string, string>, line: number): CsvRow {
  const problems: string[] = [];
  // What we put in front of a text that looks like a formula.
  const field = (name: string) => record[name]?.replace(/^'(?=[=+\-@])/, '');
  const resellerId = field('reseller_id') ?? '';
  if (resellerId === '') problems.push('The reseller_id is empty.');
  const name = field('name');
  if (name !== undefined && name.length > 200) problems.push('The name is longer than 200 characters.');
  const price = readPrice(field('price'), problems);
  const visible = readVisible(field('visible'), problems);
  return { line, resellerId, name: name === '' ? undefined : name, price, visible, problems };
}

/** Empty: no price; a column that is not there leaves it as it is. */
function readPrice(text: string | undefined, problems: string[]): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === '') return null;
  const plain = text.replace(',', '.');
  if (/^\d{1,6}(\.\d{1,2})?$/.test(plain) && Number(plain) <= 100_000) return Number(plain);
  problems.push(
    `The price ${JSON.stringify(text.slice(0, 30))} is not a number from 0 to 100000 with at most two decimals.`,
  );
  return undefined;
}

const yes = ['true', '1', 'yes', 'ja'];
const no = ['false', '0', 'no', 'nej'];

function readVisible(text: string | undefined, problems: string[]): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  const word = text.toLowerCase();
  if (yes.includes(word) || no.includes(word)) return yes.includes(word);
  problems.push(`visible is ${JSON.stringify(text.slice(0, 30))}; it has to be true or false.`);
  return undefined;
}
