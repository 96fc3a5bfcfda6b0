import { describe, expect, it } from 'vitest';
import { chooseLanguage, createFormat, isZone } from '../../../src/renderer/i18n/format.ts';

const sv = createFormat('sv', 'Europe/Stockholm');
const en = createFormat('en', 'Europe/Stockholm');
/** Hard and narrow spaces read as spaces. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is written by locale, with öre only where there are some', () => {
    expect(plain(sv.money(4500))).toBe('4 500 kr');
    expect(plain(sv.money(1249.5))).toBe('1 249,50 kr');
    expect(plain(en.money(4500))).toBe('4,500 kr');
    expect(plain(en.money(1249.5))).toBe('1,249.50 kr');
    expect(plain(sv.money(0))).toBe('0 kr');
  });

  it('keeps its number and its unit on one line', () => {
    expect(sv.money(4500)).not.toContain(' ');
  });
});

describe('instants', () => {
  it('are told in the zone of the office, not of the machine', () => {
    expect(sv.stamp('2026-11-22T08:14:00Z')).toBe('22 nov. 09:14');
    expect(en.stamp('2026-11-22T08:14:00Z')).toBe('22 Nov 09:14');
    expect(createFormat('sv', 'America/New_York').time('2026-11-22T08:14:00Z')).toBe('03:14');
  });

  it('never say 24:00', () => {
    expect(sv.time('2026-11-21T23:00:00Z')).toBe('00:00');
    expect(en.time('2026-11-21T23:00:00Z')).toBe('00:00');
  });

  it('compare by calendar day of the office', () => {
    expect(en.isoDay('2026-11-21T23:00:00Z')).toBe('2026-11-22');
    expect(en.isoDay('2026-11-21T22:59:59Z')).toBe('2026-11-21');
  });

  it('name a calendar day without moving it', () => {
    expect(sv.longDay('2026-03-29')).toBe('söndag 29 mars');
    expect(createFormat('en', 'Pacific/Kiritimati').longDay('2026-01-01')).toContain('1 January');
  });

  it('fall back to UTC where the zone is unknown', () => {
    expect(createFormat('sv', 'Europa/Stockholm').time('2026-11-22T08:14:00Z')).toBe('08:14');
  });
});

describe('spans and countdowns', () => {
  it.each([
    [-5_000, '0 s'],
    [42_900, '42 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 tim'],
    [7_800_000, '2 tim 10 min'],
    [90_000_000, '1 d'],
  ])('%d ms is %s', (ms, text) => {
    expect(plain(sv.span(ms))).toBe(text);
  });

  it.each([
    [-1, '0:00'],
    [1, '0:01'],
    [65_000, '1:05'],
    [3_729_000, '1:02:09'],
  ])('%d ms left is %s', (ms, text) => {
    expect(sv.countdown(ms)).toBe(text);
  });
});

describe('the language', () => {
  it("is the console's own choice before the system's", () => {
    expect(chooseLanguage('en', ['sv-SE'])).toBe('en');
    expect(chooseLanguage('system', ['de-DE', 'sv-FI', 'en-US'])).toBe('sv');
    expect(chooseLanguage('system', ['de-DE'])).toBe('en');
    expect(chooseLanguage('system', [])).toBe('en');
  });
});

it('orders names as Swedish does', () => {
  expect(['Öberg', 'Andersson', 'Åkesson', 'Zetterlund'].sort(sv.compare)).toEqual([
    'Andersson',
    'Zetterlund',
    'Åkesson',
    'Öberg',
  ]);
});

it('knows a time zone from a typing error', () => {
  expect(isZone('Europe/Stockholm')).toBe(true);
  expect(isZone('Europe/Stokholm')).toBe(false);
  expect(isZone('  ')).toBe(false);
});

describe('how long something took', () => {
  it('has a tenth where seconds alone would say nothing', () => {
    expect(plain(sv.took(180))).toBe('0,2 s');
    expect(plain(en.took(9_900))).toBe('9.9 s');
    expect(plain(en.took(9_970))).toBe('10 s');
    expect(plain(en.took(75_000))).toBe('1 min');
    expect(plain(en.took(-5))).toBe('0.0 s');
  });
});
