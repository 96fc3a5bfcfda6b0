import type { AlertKind } from './alert-event.ts';

/** A vendor does not accept our sign-in: ERROR, `{kind: 'upstream-refusing', subject: vendor}`. */
export const upstreamRefusing: AlertKind = {
  name: 'upstream-refusing',
  quietAfterMs: 43_200_000,
  tellsSolved: true,
  target: () => ({ screen: 'settings' }),
  words(language, events) {
    const name = nameOf(events[0]!.metadata['subject']);
    return language === 'sv'
      ? { title: `${name} godtar inte inloggningen`, body: 'Kontrollera användare och lösenord.' }
      : { title: `${name} does not accept our sign-in`, body: 'Check the user and the password.' };
  },
  solvedWords(language, { metadata }) {
    const name = nameOf(metadata['subject']);
    return language === 'sv'
      ? { title: `${name} svarar igen`, body: 'Inloggningen godtas.' }
      : { title: `${name} answers again`, body: 'The sign-in is accepted.' };
  },
};

function nameOf(subject: unknown): string {
  return typeof subject === 'string' ? subject : 'Adversus';
}
