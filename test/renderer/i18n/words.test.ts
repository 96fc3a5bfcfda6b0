import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../src/shared/contract/errors.ts';
import { noteCodes, rejectReasons } from '../../../src/shared/contract/mapping-codes.ts';
import en from '../../../src/renderer/i18n/en.json' with { type: 'json' };
import sv from '../../../src/renderer/i18n/sv.json' with { type: 'json' };
import { initI18n } from '../../../src/renderer/i18n/init-i18n.ts';

type Words = { readonly [key: string]: string | Words };

function flatten(words: Words, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const swedish = flatten(sv);
const english = flatten(en);
const holes = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('the words of both languages', () => {
  it('have the same keys', () => {
    expect([...swedish.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('fill the same holes', () => {
    for (const [key, text] of english) expect(holes(swedish.get(key) ?? ''), key).toEqual(holes(text));
  });

  it('say something everywhere', () => {
    for (const [key, text] of [...swedish, ...english]) expect(text.trim(), key).not.toBe('');
  });

  it('give every plural both of its forms', () => {
    const singular = [...english.keys()].filter((key) => key.endsWith('_one'));
    for (const key of singular) expect(english.has(key.replace(/_one$/, '_other')), key).toBe(true);
  });

  it.each(['sv', 'en'] as const)('name every code a person may meet (%s)', (language) => {
    const { exists } = initI18n(language);
    for (const code of errorCodes) {
      expect(exists(`errors.${code}.title`), code).toBe(true);
      expect(exists(`errors.${code}.next`), code).toBe(true);
    }
    for (const note of noteCodes) expect(exists(`notes.${note}`), note).toBe(true);
    for (const reason of rejectReasons) {
      expect(exists(`rejected.reason.${reason}`), reason).toBe(true);
      expect(exists(`rejected.fix.${reason}`), reason).toBe(true);
    }
  });

  it('have no key that nothing uses', () => {
    const folder = join(import.meta.dirname, '../../../src/renderer');
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    // A key counts as used when it stands whole in the source, or when a template there begins or ends it.
    const used = (key: string): boolean => {
      const plain = key.replace(/_(one|other)$/, '');
      if (source.includes(`'${plain}'`)) return true;
      const parts = plain.split('.');
      return parts.some((_, i) => i > 0 && source.includes(`\`${parts.slice(0, i).join('.')}.\${`));
    };
    const unused = [...english.keys()].filter((key) => !used(key));
    expect(unused).toEqual([]);
  });
});
