import { expect, it } from 'vitest';
import { alertKinds } from '../../src/main/alerts/alert-kinds.ts';
import { wordNotice, wordSummary } from '../../src/main/alerts/word-notice.ts';
import { alertKindNames } from '../../src/shared/contract/alerts.ts';
import { event } from './alert-events.ts';

it('every kind has its file, and words in both languages, alone, together and solved', () => {
  expect(Object.keys(alertKinds)).toEqual([...alertKindNames]);
  for (const name of alertKindNames) {
    const kind = alertKinds[name];
    expect(kind.name).toBe(name);
    expect(kind.tellsSolved).toBe(kind.solvedWords !== undefined);
    const [one, two] = ['a', 'b'].map((key) => ({ ...event(key, 'CRITICAL'), kind: name }));
    for (const events of [[one!], [one!, two!]]) {
      const [sv, en] = (['sv', 'en'] as const).map((language) => wordNotice(language, events));
      expect(sv!.title).not.toBe(en!.title);
      expect(`${sv!.title}${sv!.body}${en!.title}${en!.body}`).not.toMatch(/undefined|null|NaN|\[object/);
    }
    if (kind.solvedWords) expect(kind.solvedWords('sv', one!)).not.toEqual(kind.solvedWords('en', one!));
  }
});

it('several kinds are a list, what is critical first, the rest counted', () => {
  const events = [
    event('a', 'WARNING', { kind: 'sync-stalled' }),
    event('b', 'SWITCH', { kind: 'mode' }),
    event('c', 'WARNING', { kind: 'task-parked', subject: 'x' }),
    event('d', 'CRITICAL', { kind: 'removals-held' }),
    event('e', 'WARNING', { kind: 'package-health' }),
  ];
  expect(wordNotice('en', events)).toEqual({
    title: '5 alerts',
    body: 'Removals wait for a decision\nThe mode was switched\nReading stands still\nand 2 more',
    critical: true,
    target: { screen: 'health' },
  });
  expect(wordSummary('sv', events.slice(0, 1))).toMatchObject({
    title: 'Medan Opsdeck var stängt',
    body: 'Läsningen står still',
    target: { screen: 'today' },
  });
});

it('a long message is cut', () => {
  const long = { ...event('a', 'CRITICAL'), message: 'x'.repeat(5_000) };
  expect(wordNotice('en', [long]).body).toHaveLength(240);
});
