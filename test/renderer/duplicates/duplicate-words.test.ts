import { expect, it } from 'vitest';
import type { BoardMove } from '../../../src/shared/contract/duplicates.ts';
import {
  differsInWords,
  moveInWords,
  reasonsInWords,
  refusalInWords,
} from '../../../src/renderer/duplicates/duplicate-words.ts';
import { explainRefusal } from '../../../src/renderer/duplicates/refusal.ts';
import { createFormat } from '../../../src/renderer/i18n/format.ts';
import { initI18n } from '../../../src/renderer/i18n/init-i18n.ts';
import { createFakeDuplicates } from '../preview/fake-duplicates.ts';
import { makeDuplicate } from '../preview/make-duplicates.ts';

const sv = createFormat('sv', 'Europe/Stockholm');
const en = createFormat('en', 'Europe/Stockholm');
const { t: svT } = initI18n('sv');
const { t: enT } = initI18n('en');
/** Hard spaces read as spaces, and isolates are invisible. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u2068\u2069]/g, '');

const move = (over: Partial<BoardMove>): BoardMove => ({
  user_id: '1',
  agent: 'Erik',
  rank_before: 3,
  rank_after: 2,
  deals: 1,
  commission: 4500,
  ...over,
});

it.each([
  [{}, '3:e → 2:a, +1 affär, +4 500 kr', '3rd → 2nd, +1 deal, +4,500 kr'],
  [{ rank_after: 3, deals: 0 }, 'kvar som 3:e, +4 500 kr', 'stays 3rd, +4,500 kr'],
  [
    { rank_after: null, deals: -2, commission: -1249.5 },
    '3:e → inte med, −2 affärer, −1 249,50 kr',
    '3rd → not on it, −2 deals, −1,249.50 kr',
  ],
  [
    { rank_before: null, rank_after: 11, commission: 0 },
    'inte med → 11:e, +1 affär',
    'not on it → 11th, +1 deal',
  ],
])('a move on the board: %o', (over, swedish, english) => {
  expect(plain(moveInWords(move(over), svT, sv))).toBe(swedish);
  expect(plain(moveInWords(move(over), enT, en))).toBe(english);
});

it('says why a case waits, a sentence for each reason', () => {
  const [agent, date] = reasonsInWords(makeDuplicate(2, 'ordinary'), enT, en).map(plain);
  expect(agent).toBe('Adversus now gives the sale to Oskar Öberg; on the board it belongs to Johan Åkesson.');
  expect(date).toMatch(/^The order date changed from .+ to .+\.$/);
  expect(reasonsInWords(makeDuplicate(8, 'ordinary'), enT, en)).toHaveLength(1);
});

it('keeps a name within a sentence to its own direction', () => {
  expect(reasonsInWords(makeDuplicate(2, 'ordinary'), enT, en)[0]).toContain('\u2068Oskar Öberg\u2069');
});

it('names the fields that differ', () => {
  expect(differsInWords(makeDuplicate(2, 'ordinary'), svT)).toBe(
    'säljare, provision, orderdatum, antal affärer',
  );
  expect(differsInWords(makeDuplicate(8, 'ordinary'), svT)).toBe('ingen tidigare affär');
});

it('says of a refused decision who was first, and what a refused undo means', () => {
  const main = createFakeDuplicates([makeDuplicate(0, 'ordinary')]);
  main.elsewhere.resolve(1, 'merge');
  const conflict = { code: 'CONFLICT', message: 'Case 1 was merged already.' } as const;
  const verdict = explainRefusal(conflict, 1, main.case(1));
  const duplicate = makeDuplicate(0, 'ordinary');
  expect(plain(refusalInWords({ duplicate, action: 'approve', verdict }, enT, en))).toMatch(
    /^Lead 4500000: Approve was not done\. erik was first: merged, .+\.$/,
  );
  const undo = { duplicate, action: 'undo', verdict: { kind: 'failed', failure: conflict } } as const;
  expect(refusalInWords(undo, enT, en)).toBe(
    'Lead 4500000 could not be undone: something changed since the decision.',
  );
});

it('does not call a case changed or decided when nothing says so', () => {
  const main = createFakeDuplicates([makeDuplicate(0, 'ordinary')]);
  const conflict = { code: 'CONFLICT', message: null } as const;
  expect(explainRefusal(conflict, 1, main.case(1)).kind).toBe('failed');
  expect(explainRefusal(conflict, 1, null).kind).toBe('failed');
  expect(explainRefusal({ code: 'DATABASE_AWAY', message: null }, 0, main.case(1)).kind).toBe('failed');
  expect(explainRefusal({ code: 'NOT_FOUND', message: null }, 1, null).kind).toBe('gone');
  expect(explainRefusal(conflict, 0, main.case(1)).kind).toBe('changed');
});
