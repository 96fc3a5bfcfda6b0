import type { AlertKind } from './alert-event.ts';

/** The database does not answer this console: ERROR, `{kind: 'database-away', subject: host}`. */
export const databaseAway: AlertKind = {
  name: 'database-away',
  quietAfterMs: 43_200_000,
  tellsSolved: true,
  target: () => ({ screen: 'health' }),
  words: (language) =>
    language === 'sv'
      ? {
          title: 'Databasen svarar inte',
          body: 'Det senast kända visas. Beslut sparas här och skickas senare.',
        }
      : {
          title: 'The database does not answer',
          body: 'What was last known is shown. Decisions are kept here and sent later.',
        },
  solvedWords: (language) =>
    language === 'sv'
      ? { title: 'Databasen svarar igen', body: 'Det som sparades här skickas nu.' }
      : { title: 'The database answers again', body: 'What was kept here is sent now.' },
};
