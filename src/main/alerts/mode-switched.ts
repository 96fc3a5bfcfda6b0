import type { AlertKind } from './alert-event.ts';

const modes: Readonly<Record<string, { sv: string; en: string }>> = {
  async_queue: { sv: 'kö', en: 'queue' },
  sync_direct: { sv: 'direkt', en: 'direct' },
};

/** Somebody switched how accounts are made: SWITCH, `{kind: 'mode', from?, to, actor?}`. */
export const modeSwitched: AlertKind = {
  name: 'mode',
  quietAfterMs: 0,
  tellsSolved: false,
  target: () => ({ screen: 'health' }),
  words(language, events) {
    const { metadata, message } = events.at(-1)!;
    const to = modes[String(metadata['to'])]?.[language];
    const by = typeof metadata['actor'] === 'string' ? metadata['actor'] : null;
    const title = language === 'sv' ? 'Läget byttes' : 'The mode was switched';
    if (to === undefined) return { title, body: message };
    if (language === 'sv') return { title, body: `Nu: ${to}${by === null ? '' : `, av ${by}`}.` };
    return { title, body: `Now: ${to}${by === null ? '' : `, by ${by}`}.` };
  },
};
