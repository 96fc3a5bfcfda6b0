import type { AlertKind } from './alert-event.ts';

/** The vendor's calls run out: WARNING, `{kind: 'budget-low', subject: vendor, left?, perHour?}`. */
export const budgetLow: AlertKind = {
  name: 'budget-low',
  quietAfterMs: 43_200_000,
  tellsSolved: true,
  target: () => ({ screen: 'today' }),
  words(language, events) {
    const { left, perHour } = events.at(-1)!.metadata;
    const known = typeof left === 'number' && typeof perHour === 'number';
    if (language === 'sv')
      return {
        title: 'Anropen tar slut',
        body: known
          ? `${left} av ${perHour} anrop kvar den här timmen. Läsningarna glesas ut.`
          : 'Läsningarna glesas ut.',
      };
    return {
      title: 'The calls run out',
      body: known
        ? `${left} of ${perHour} calls left this hour. Reads are spread out.`
        : 'Reads are spread out.',
    };
  },
  solvedWords: (language) =>
    language === 'sv'
      ? { title: 'Anropen räcker igen', body: 'Läsningarna går i vanlig takt.' }
      : { title: 'There are calls enough again', body: 'Reads go on at their usual pace.' },
};
