import { CsvError, parse } from 'csv-parse/sync';
import {
  accountEmail,
  accountName,
  accountPlan,
  maxListRows,
  type ListPreview,
  type ListRow,
  type RowProblem,
} from '../../shared/contract/accounts.ts';

/** What is known already, in lower case. */
export interface KnownEmails {
  accounts: ReadonlySet<string>;
  requested: ReadonlySet<string>;
}

/** A list as it was read, before anybody looked whom we know. */
export type ReadList =
  { rows: Omit<ListRow, 'problem'>[] } | { unreadable: { line: number | null; message: string } };

const headings = {
  email: ['email', 'e-mail', 'mail', 'e-post', 'epost', 'e-postadress'],
  name: ['name', 'namn', 'full name'],
  plan: ['plan', 'abonnemang'],
} as const;
type Column = keyof typeof headings;
const columnNames = Object.keys(headings) as Column[];

/**
 * Reads a pasted list or a CSV file: email, name and plan, parted by comma, semicolon or tab, in this order or as a
 * first line says.
 */
export function readList(text: string): ReadList {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? error['lines'] : null;
    return {
      unreadable: {
        line,
        message: 'The list cannot be read: a quotation mark that was opened is not closed.',
      },
    };
  }
  const columns = columnsOf(records[0]?.record ?? []);
  const body = columns ? records.slice(1) : records;
  if (body.length === 0)
    return {
      unreadable: { line: null, message: 'The list is empty. Give one account a line: email, name, plan.' },
    };
  if (body.length > maxListRows) {
    return {
      unreadable: {
        line: null,
        message: `The list has ${body.length} rows; at most ${maxListRows} are taken at a time. Split it.`,
      },
    };
  }
  const at = columns ?? { email: 0, name: 1, plan: 2 };
  return {
    rows: body.map(({ record, info }) => ({
      line: info.lines,
      email: record[at.email] ?? '',
      name: at.name === null ? '' : (record[at.name] ?? ''),
      plan: at.plan === null ? '' : (record[at.plan] ?? ''),
    })),
  };
}

/** Says of each row what is wrong with it; one that stands twice is taken the first time. */
export function checkList(list: ReadList, known: KnownEmails): ListPreview {
  if ('unreadable' in list) return { rows: [], ready: 0, problems: 0, unreadable: list.unreadable };
  const seen = new Set<string>();
  const rows = list.rows.map((row) => {
    const problem = problemOf(row, seen, known);
    seen.add(row.email.toLowerCase());
    return { ...row, problem };
  });
  const ready = rows.filter((row) => row.problem === null).length;
  return { rows, ready, problems: rows.length - ready, unreadable: null };
}

function problemOf(
  row: Omit<ListRow, 'problem'>,
  seen: ReadonlySet<string>,
  known: KnownEmails,
): RowProblem | null {
  const email = row.email.toLowerCase();
  if (!accountEmail.safeParse(row.email).success) return 'email_invalid';
  if (seen.has(email)) return 'twice';
  if (known.accounts.has(email)) return 'known';
  if (known.requested.has(email)) return 'requested';
  if (!accountName.safeParse(row.name).success) return 'name_missing';
  if (!accountPlan.safeParse(row.plan).success) return 'plan_missing';
  return null;
}

/** The one that parts the first line that has any; spreadsheets here write semicolons. */
function delimiterOf(text: string): string {
  for (const line of text.split(/\r?\n/, 50)) {
    const found = ['\t', ';', ','].find((delimiter) => line.includes(delimiter));
    if (found) return found;
  }
  return ',';
}

/** Where the columns are, by a first line of headings; null: it is none, and names an account. */
function columnsOf(first: readonly string[]): (Record<Column, number | null> & { email: number }) | null {
  const words = first.map((word) => word.toLowerCase());
  const at = Object.fromEntries(
    columnNames.map((name) => {
      const index = words.findIndex((word) => (headings[name] as readonly string[]).includes(word));
      return [name, index === -1 ? null : index];
    }),
  ) as Record<Column, number | null>;
  return at.email === null ? null : { ...at, email: at.email };
}
