import type { AlertKind } from './alert-event.ts';

/** What is known beforehand, in Swedish; the rest is told in the words it came with. */
const swedish: Readonly<Record<string, string>> = {
  restored: 'Databasen återställdes, men granskningsloggen i säkerhetskopian är inte hel. Se Hälsa.',
  'set-back':
    'Databasen har ställts tillbaka av något annat än db restore. Det som kom efter finns inte kvar.',
};

/** A CRITICAL or SWITCH event of no kind of its own: told in its own words. */
export const otherAlert: AlertKind = {
  name: 'other',
  quietAfterMs: 0,
  tellsSolved: false,
  target: () => ({ screen: 'health' }),
  words(language, events) {
    const count = events.length;
    const critical = events.some(({ type }) => type === 'CRITICAL');
    const { message } = events.at(-1)!;
    if (language === 'sv')
      return {
        title: critical ? (count === 1 ? 'Allvarligt fel' : `${count} allvarliga fel`) : 'En omställning',
        body: swedish[String(events.at(-1)!.metadata['kind'])] ?? message,
      };
    return {
      title: critical ? (count === 1 ? 'Something critical' : `${count} critical events`) : 'A switch',
      body: message,
    };
  },
};
