import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../src/renderer/i18n/format.ts';
import { initI18n } from '../../../src/renderer/i18n/init-i18n.ts';
import { amountOfData, differenceWords, placeName } from '../../../src/renderer/packages/package-words.ts';
import type { Difference } from '../../../src/shared/contract/my-packages.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

function say(language: 'sv' | 'en', difference: Omit<Difference, 'words'>): string {
  const { t } = initI18n(language);
  return plain(differenceWords({ ...difference, words: '' }, t, createFormat(language, 'Europe/Stockholm')));
}

describe('differences in words', () => {
  it.each([
    ['en', { field: 'data', from: 3_072, to: 1_024 }, '2 GB less data (1 GB instead of 3 GB)'],
    ['sv', { field: 'data', from: 3_072, to: 1_024 }, '2 GB mindre data (1 GB i stället för 3 GB)'],
    ['en', { field: 'data', from: 'unlimited', to: 500 }, 'data: 500 MB instead of unlimited'],
    ['sv', { field: 'days', from: 7, to: 15 }, '8 dagar längre (15 dagar i stället för 7 dagar)'],
    ['en', { field: 'days', from: 8, to: 7 }, '1 day shorter (7 days instead of 8 days)'],
    ['sv', { field: 'price', from: 6, to: 7.5 }, '1,50 USD dyrare (7,50 USD i stället för 6,00 USD)'],
    ['en', { field: 'price', from: null, to: 7.5 }, 'cost: 7.50 USD instead of unknown'],
    ['en', { field: 'hotspot', from: true, to: false }, 'hotspot: No instead of Yes'],
    ['sv', { field: 'place', from: 'sweden', to: 'norway' }, 'plats: norway i stället för sweden'],
  ] as const)('%s: %o', (language, difference, words) => {
    expect(say(language, difference)).toBe(words);
  });
});

it('names places by their short names', () => {
  expect(['sweden', 'united-states', 'europe-us'].map(placeName)).toEqual([
    'Sweden',
    'United States',
    'Europe Us',
  ]);
});

it('tells data in the unit that people use', () => {
  const format = createFormat('sv', 'Europe/Stockholm');
  expect([500, 1_023, 1_024, 1_536].map((mb) => plain(amountOfData(mb, format)))).toEqual([
    '500 MB',
    '1 023 MB',
    '1 GB',
    '1,5 GB',
  ]);
});
