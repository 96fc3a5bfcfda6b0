import type { AlertKind } from './alert-event.ts';

/** A task failed three times and waits for a person: WARNING, `{kind: 'task-parked', subject: cause}`. */
export const taskParked: AlertKind = {
  name: 'task-parked',
  quietAfterMs: 3_600_000,
  tellsSolved: false,
  target: () => ({ screen: 'tasks' }),
  words(language, events) {
    const count = events.length;
    const { message } = events.at(-1)!;
    if (language === 'sv')
      return {
        title: count === 1 ? 'En uppgift gavs upp' : `${count} uppgifter gavs upp`,
        body: 'Orsaken står under Uppgifter, där den kan försökas igen.',
      };
    return { title: count === 1 ? 'A task was parked' : `${count} tasks were parked`, body: message };
  },
};
