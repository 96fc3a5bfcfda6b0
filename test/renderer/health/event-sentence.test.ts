import { expect, it } from 'vitest';
import { createFormat } from '../../../src/renderer/i18n/format.ts';
import { initI18n } from '../../../src/renderer/i18n/init-i18n.ts';
import { eventSentence } from '../../../src/renderer/health/event-sentence.ts';

const say = (language: 'sv' | 'en', metadata: Record<string, unknown>, solved = false) =>
  eventSentence(
    { metadata, solved },
    { t: initI18n(language).t, format: createFormat(language, 'Europe/Stockholm') },
  );

it.each([
  [
    { kind: 'sync-stalled', subject: 'deals', lastAt: '2026-11-22T08:14:00Z' },
    'Affärer lästes senast fullständigt 22 nov. 09:14; tre läsningar sedan dess kom inte fram.',
  ],
  [{ kind: 'upstream-refusing', subject: 'Adversus' }, 'Adversus godtar inte inloggningen.'],
  [
    { kind: 'budget-low', subject: 'Adversus', left: 40, perHour: 1_000, forecast: 1_200 },
    'i denna takt skulle cirka 1\u00a0200 gå åt.',
  ],
  [{ kind: 'removals-held', count: 30, ofDeals: 200 }, '30 av 200 affärer skulle tas bort'],
  [{ kind: 'removals-held', subject: 'packages' }, 'Roamifys svar'],
  [{ kind: 'task-parked', subject: 'UPSTREAM_FAILED' }, 'Katalogen felar eller svarar inte'],
  [
    { kind: 'mode', from: 'async_queue', to: 'sync_direct', actor: 'anna' },
    'anna bytte läget från Köat till Direkt.',
  ],
  [
    { kind: 'restored', backupAt: '2026-11-22T08:14:00Z', auditOk: true },
    'säkerhetskopian av 22 nov. 09:14.',
  ],
  [{ kind: 'restored', backupAt: '2026-11-22T08:14:00Z', auditOk: false }, 'granskningslogg inte är hel'],
])('says %o in Swedish, with its figures', (metadata, words) => {
  expect(say('sv', metadata)).toContain(words);
  expect(say('en', metadata)).not.toBeNull();
});

it('says that an incident is over', () => {
  expect(say('sv', { kind: 'database-away', subject: 'db:5432' }, true)).toBe(
    'Databasen db:5432 svarar igen.',
  );
  expect(say('en', { kind: 'budget-low', subject: 'Adversus', left: 9 }, true)).toContain('again');
});

it('invents nothing: an unknown kind, or one without its figures, is left to the words it came with', () => {
  expect(say('sv', {})).toBeNull();
  expect(say('sv', { kind: 'made-up' })).toBeNull();
  expect(say('sv', { kind: 'toString' })).toBeNull();
  expect(say('sv', { kind: 'sync-stalled', lastAt: 'never' })).toBeNull();
  expect(say('sv', { kind: 'restored', backupAt: '2026-11-22T08:14:00Z' })).toBeNull();
  expect(say('sv', { kind: 'removals-held', count: 30 })).toBeNull();
  expect(say('sv', { kind: 'mode', to: 'sync_direct', actor: 'anna' })).toBeNull();
});
