import type { AlertKind } from './alert-event.ts';

/**
 * A pass would have removed unusually much, and waits: CRITICAL, `{kind: 'removals-held', count?, ofDeals?}`, of
 * packages `{kind: 'removals-held', subject: 'packages', source: 'packages'}`.
 */
export const removalsHeld: AlertKind = {
  name: 'removals-held',
  quietAfterMs: 43_200_000,
  tellsSolved: false,
  target: (events) => ({ screen: events.at(-1)?.metadata['source'] === 'packages' ? 'packages' : 'held' }),
  words(language, events) {
    const { metadata, message } = events.at(-1)!;
    const { count, ofDeals } = metadata;
    const known = typeof count === 'number' && typeof ofDeals === 'number';
    if (language === 'sv')
      return {
        title: 'Borttagningar väntar på beslut',
        body: known
          ? `${count} av ${ofDeals} affärer skulle ha tagits bort.`
          : metadata['source'] === 'packages'
            ? 'Många paket saknas i katalogen; de utgår först efter ett beslut.'
            : message,
      };
    return {
      title: 'Removals wait for a decision',
      body: known ? `${count} of ${ofDeals} deals would have been removed.` : message,
    };
  },
};
