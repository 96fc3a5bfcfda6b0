import type { AlertKind } from './alert-event.ts';

/** No read of the vendor came through for three turns: WARNING, `{kind: 'sync-stalled', subject: source}`. */
export const syncStalled: AlertKind = {
  name: 'sync-stalled',
  quietAfterMs: 43_200_000,
  tellsSolved: true,
  target: () => ({ screen: 'today' }),
  words: (language) =>
    language === 'sv'
      ? { title: 'Läsningen står still', body: 'Tre läsningar kom inte fram. Siffrorna kan vara gamla.' }
      : { title: 'Reading stands still', body: 'Three reads did not come. The figures may be old.' },
  solvedWords: (language) =>
    language === 'sv'
      ? { title: 'Läsningen går igen', body: 'Siffrorna är aktuella.' }
      : { title: 'Reading goes on again', body: 'The figures are up to date.' },
};
