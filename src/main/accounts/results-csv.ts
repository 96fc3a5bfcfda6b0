import type { RowResult } from '../../shared/contract/accounts.ts';
import { toCsv } from '../csv.ts';

const headings = {
  en: ['line', 'email', 'result', 'reason'],
  sv: ['rad', 'e-post', 'resultat', 'skäl'],
} as const;

/** What came of each row of a list, as a CSV file; results are the contract's words, so that scripts can read them. */
export function resultsCsv(rows: readonly RowResult[], language: 'sv' | 'en'): string {
  return toCsv(
    headings[language],
    rows.map(({ line, email, result, message }) => [line, email, result, message]),
  );
}
