import { expect, it } from 'vitest';
import { resultsCsv } from '../../src/main/accounts/results-csv.ts';

it('writes a row for each result, harmless to a spreadsheet', () => {
  const rows = [
    { line: 2, email: 'karin@example.com', result: 'created' as const, message: null },
    {
      line: 3,
      email: '=cmd@example.com',
      result: 'refused' as const,
      message: 'It belongs to another, so "no".',
    },
  ];
  expect(resultsCsv(rows, 'sv')).toBe(
    '\uFEFFrad,e-post,resultat,skäl\r\n' +
      '2,karin@example.com,created,\r\n' +
      '3,\'=cmd@example.com,refused,"It belongs to another, so ""no""."\r\n',
  );
});
