import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkScreens, readLink } from '../../src/shared/contract/links.ts';

it('a link opens a screen, or one thing on it', () => {
  expect(readLink('opsdeck://duplicates/123')).toEqual({ screen: 'duplicates', id: 123 });
  expect(readLink('opsdeck://health/')).toEqual({ screen: 'health' });
  for (const screen of linkScreens) expect(readLink(`opsdeck://${screen}`)).toEqual({ screen });
});

it('anything else opens nothing', () => {
  for (const text of [
    'opsdeck://nowhere',
    'opsdeck://duplicates/0',
    'opsdeck://duplicates/1/2',
    'opsdeck://duplicates/123?x=1',
    'opsdeck://duplicates/123456789012345678',
    'opsdeck://duplicates/../../etc',
    'OPSDECK://duplicates',
    ' opsdeck://duplicates',
    'opsdeck://duplicates\n',
    'opsdeck:duplicates',
    'https://opsdeck/duplicates',
    null,
    7,
  ])
    expect(readLink(text), String(text)).toBeNull();
});

it('no text makes it throw or answer what is not a place', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `opsdeck://${rest}`),
      ),
      (text) => {
        const target = readLink(text);
        expect(target === null || linkScreens.includes(target.screen)).toBe(true);
      },
    ),
  );
});
