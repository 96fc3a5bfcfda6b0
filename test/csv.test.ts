import { expect, test } from 'vitest';
import { toCsv } from '../src/main/csv.ts';

test('quotes what needs it, leaves empty what is null, and ends each line as spreadsheets expect', () => {
  const csv = toCsv(
    ['name', 'note', 'sum'],
    [
      ['Åsa "Kvick" Ek', 'a,b\nc', 4500.5],
      ['Erik', null, -3],
    ],
  );
  expect(csv).toBe('\uFEFFname,note,sum\r\n"Åsa ""Kvick"" Ek","a,b\nc",4500.5\r\nErik,,-3\r\n');
});

test('text that a spreadsheet would run as a formula stays text', () => {
  const csv = toCsv(['x'], [['=HYPERLINK("http://evil","x")'], ['+46'], ['-1'], ['@a'], ['\tb']]);
  const cells = csv.slice(1).split('\r\n').slice(1, -1);
  expect(cells).toEqual([`"'=HYPERLINK(""http://evil"",""x"")"`, `'+46`, `'-1`, `'@a`, `'\tb`]);
});
