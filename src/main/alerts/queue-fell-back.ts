import type { AlertKind } from './alert-event.ts';

/** The queue failed and requests ran directly instead: CRITICAL, `{kind: 'queue-fell-back'}`. */
export const queueFellBack: AlertKind = {
  name: 'queue-fell-back',
  quietAfterMs: 600_000,
  tellsSolved: true,
  target: () => ({ screen: 'tasks' }),
  words(language, events) {
    const count = events.length;
    if (language === 'sv')
      return {
        title: 'Kön svarar inte',
        body:
          count === 1
            ? 'En begäran kördes direkt i stället.'
            : `${count} begäranden kördes direkt i stället.`,
      };
    return {
      title: 'The queue does not answer',
      body: count === 1 ? 'A request ran directly instead.' : `${count} requests ran directly instead.`,
    };
  },
  solvedWords: (language) =>
    language === 'sv'
      ? { title: 'Kön svarar igen', body: 'Nya begäranden köas som vanligt.' }
      : { title: 'The queue answers again', body: 'New requests are queued as usual.' },
};
