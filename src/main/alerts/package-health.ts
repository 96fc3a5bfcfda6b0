import type { AlertKind } from './alert-event.ts';

/** Too many of the office's packages cannot be sold: WARNING, `{kind: 'package-health', score?, invalid?}`. */
export const packageHealth: AlertKind = {
  name: 'package-health',
  quietAfterMs: 86_400_000,
  tellsSolved: true,
  target: () => ({ screen: 'packages' }),
  words(language, events) {
    const { metadata, message } = events.at(-1)!;
    const { score, invalid } = metadata;
    const known = typeof score === 'number' && typeof invalid === 'number';
    if (language === 'sv')
      return {
        title: 'Paketens hälsa är låg',
        body: known
          ? `${percent(score, 'sv')} giltiga; ${invalid} kan inte säljas.`
          : 'Alla paket kan inte säljas.',
      };
    return {
      title: 'Package health is low',
      body: known ? `${percent(score, 'en')} valid; ${invalid} cannot be sold.` : message,
    };
  },
  solvedWords: (language) =>
    language === 'sv'
      ? { title: 'Paketens hälsa är god igen', body: 'Nästan alla paket kan säljas.' }
      : { title: 'Package health is good again', body: 'Nearly all packages can be sold.' },
};

function percent(score: number, language: 'sv' | 'en'): string {
  return language === 'sv' ? `${String(score).replace('.', ',')} %` : `${score}%`;
}
