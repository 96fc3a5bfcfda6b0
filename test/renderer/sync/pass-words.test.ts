import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../src/renderer/i18n/format.ts';
import { initI18n } from '../../../src/renderer/i18n/init-i18n.ts';
import { passInWords, passName, progressInWords } from '../../../src/renderer/sync/pass-words.ts';
import { makeRun } from '../preview/scenarios.ts';

const { t } = initI18n('en');
const format = createFormat('en', 'Europe/Stockholm');

describe('a pass in words', () => {
  it('leaves out what was zero', () => {
    expect(passInWords(makeRun(1, 5, { inserted: 3, updated: 1, unchanged: 2396 }), t, format)).toBe(
      '3 new, 1 changed, 2,396 unchanged',
    );
    expect(passInWords(makeRun(1, 5, { unchanged: 0 }), t, format)).toBe('no records');
  });

  it('says what kept it from finishing', () => {
    expect(passInWords(makeRun(1, 5, { shifted: true, waiting: 2 }), t, format)).toBe(
      '12 unchanged; the list moved, nothing was removed; 2 removals wait for their look-up',
    );
    expect(passInWords(makeRun(1, 5, { state: 'failed', error_code: 'UPSTREAM_FAILED' }), t, format)).toBe(
      'Adversus answered with an error.',
    );
  });

  it('says of a cancelled one that nothing was changed, not that there were no records', () => {
    expect(passInWords(makeRun(1, 5, { state: 'cancelled' }), t, format)).toBe('nothing was changed');
  });

  it('is named by its source and kind, without saying names twice', () => {
    expect(passName({ source: 'deals', kind: 'window' }, t)).toBe('Deals, window');
    expect(passName({ source: 'agents', kind: 'names' }, t)).toBe('Names');
  });
});

describe('progress in words', () => {
  const base = {
    run_id: 1,
    source: 'deals',
    kind: 'window',
    pages: 3,
    pages_expected: 12,
    records: 2400,
    waiting_for: null,
    cancellable: true,
  } as const;
  it('names the page, of how many, and the records', () => {
    expect(progressInWords({ ...base, stage: 'reading' }, t, format)).toBe(
      'Reading page 3 of 12, 2,400 records',
    );
    expect(progressInWords({ ...base, stage: 'reading', pages_expected: null }, t, format)).toBe(
      'Reading page 3, 2,400 records',
    );
  });

  it('names no page before the first has come', () => {
    const first = { ...base, stage: 'reading', pages: 0, records: 0, pages_expected: null } as const;
    expect(progressInWords(first, t, format)).toBe('Asking for the first page');
  });

  it('names whom or what it waits for', () => {
    expect(
      progressInWords({ ...base, stage: 'waiting-permit', waiting_for: 'cli 4711@host' }, t, format),
    ).toBe('Waiting for cli 4711@host');
    expect(
      progressInWords({ ...base, stage: 'waiting-budget', waiting_for: '2026-11-22T08:14:00Z' }, t, format),
    ).toBe('Waiting for free calls until 09:14');
  });
});
