import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkList, readList } from '../../src/main/accounts/read-list.ts';
import { maxListRows } from '../../src/shared/contract/accounts.ts';

const nobody = { accounts: new Set<string>(), requested: new Set<string>() };
const rowsOf = (text: string) => {
  const read = readList(text);
  return 'rows' in read ? read.rows.map(({ email, name, plan }) => [email, name, plan]) : read.unreadable;
};

it('reads commas, semicolons and tabs, with and without headings, in any order of them', () => {
  const anna = [['anna@example.com', 'Berg, Anna', 'basic']];
  expect(rowsOf('anna@example.com,"Berg, Anna",basic')).toEqual(anna);
  expect(rowsOf('anna@example.com;Berg, Anna;basic\r\n')).toEqual(anna);
  expect(rowsOf('anna@example.com\tBerg, Anna\tbasic')).toEqual(anna);
  expect(rowsOf('\uFEFFNamn;Plan;E-post\nBerg, Anna;basic;anna@example.com\n\n;;\n')).toEqual(anna);
});

it('says what is wrong with a row, and takes one that stands twice the first time', () => {
  const text = [
    ...['a@example.com,A,x', 'A@Example.com,A,x', 'bad,B,x', 'known@example.com,K,x', 'open@example.com,O,x'],
    ...['noname@example.com,,x', 'noplan@example.com,N', 'ctrl@example.com,"A\u0007B",x'],
  ].join('\n');
  const known = { accounts: new Set(['known@example.com']), requested: new Set(['open@example.com']) };
  const preview = checkList(readList(text), known);
  expect(preview.rows.map(({ problem }) => problem)).toEqual([
    ...[null, 'twice', 'email_invalid', 'known', 'requested', 'name_missing', 'plan_missing', 'name_missing'],
  ]);
  expect(preview).toMatchObject({ ready: 1, problems: 7, unreadable: null });
  expect(preview.rows.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('refuses an empty list, one that is too long, and one with an open quotation mark', () => {
  expect(rowsOf('')).toMatchObject({ message: expect.stringContaining('empty') as unknown });
  expect(rowsOf('email;name;plan\n')).toMatchObject({ message: expect.stringContaining('empty') as unknown });
  expect(rowsOf('a@example.com,A,x\n'.repeat(maxListRows + 1))).toMatchObject({
    message: expect.stringContaining('Split it') as unknown,
  });
  expect(rowsOf('a@example.com,"A,x\nb@example.com,B,x')).toMatchObject({
    message: expect.stringContaining('quotation mark') as unknown,
  });
});

it('never fails on any text, and no email is ready twice', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('a@example.com', 'A@example.com', '"', ';', '\n', 'email'),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 40 }), fc.constantFrom(',', ';', '\t', '\n'), (cells, by) => {
      const { rows, ready, problems } = checkList(readList(cells.join(by)), nobody);
      const emails = rows.filter(({ problem }) => problem === null).map(({ email }) => email.toLowerCase());
      expect(new Set(emails).size).toBe(emails.length);
      expect(ready + problems).toBe(rows.length);
    }),
  );
});
