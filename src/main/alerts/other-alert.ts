import type { AlertKind } from './alert-event.ts';

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
        body: message,
      };
    return {
      title: critical ? (count === 1 ? 'Something critical' : `${count} critical events`) : 'A switch',
      body: message,
    };
  },
};
