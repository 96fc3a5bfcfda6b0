import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestEntry, readEntries, type Entry } from '../../../src/main/deals/legacy/read-entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'opsdeck-legacy-'));
let files = 0;

async function read(content: string | Buffer): Promise<Entry[]> {
  const path = join(folder, `${(files += 1)}.json`);
  writeFileSync(path, content);
  const entries: Entry[] = [];
  for await (const entry of readEntries(path)) entries.push(entry);
  return entries;
}

const json = fc.jsonValue({ maxDepth: 4 });

describe('readEntries', () => {
  it('gives the records of any list, however it is laid out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json), fc.constantFrom(0, 1, 4), async (values, indent) => {
        const entries = await read(JSON.stringify(values, null, indent));
        expect(entries).toEqual(
          JSON.parse(JSON.stringify(values)).map((value: unknown, at: number) => ({
            key: null,
            number: at + 1,
            value,
          })),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('gives the records of any object with their names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), json, { noNullPrototype: true }), async (values) => {
        const entries = await read(JSON.stringify(values, null, 1));
        const wanted = JSON.parse(JSON.stringify(values)) as Record<string, unknown>;
        expect(entries.map((entry) => [entry.key, 'value' in entry ? entry.value : null])).toEqual(
          Object.entries(wanted),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('refuses every beginning of a file, in a sentence', async () => {
    const whole = JSON.stringify([{ id: 1, text: 'a "quoted" \\ and å' }, [1, [2]], {}, 'x,]'], null, 1);
    for (let end = 0; end < whole.length; end += 1)
      await expect(read(whole.slice(0, end)), whole.slice(0, end)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining('is not a whole JSON file'),
      });
    expect(await read(whole)).toHaveLength(4);
  });

  it.each([
    ['text', '"deals"'],
    ['nothing', ''],
    ['a page', '<html></html>'],
    ['two lists', '[] []'],
    ['a comma too many', '[1,]'],
    ['a comma in front', '[,1]'],
    ['a missing record', '[1,,2]'],
    ['another bracket', '[1}'],
    ['a name without a record', '{"a"}'],
    ['a number for a name', '{1:2}'],
    ['NaN', '[NaN]'],
    ['unquoted text', '[success]'],
  ])('refuses %s', async (_what, content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('sets a record aside that is longer than any is, and goes on', async () => {
    const long = `"${'x'.repeat(longestEntry)}"`;
    expect(await read(`[1, ${long}, {"a": ${long}}, 2]`)).toEqual([
      { key: null, number: 1, value: 1 },
      { key: null, number: 2, tooLong: true },
      { key: null, number: 3, tooLong: true },
      { key: null, number: 4, value: 2 },
    ]);
  });

  it('takes a file that begins with a byte order mark', async () => {
    expect(await read('\uFEFF[1]')).toHaveLength(1);
  });

  it('reads nesting of any depth without running out of stack', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    await expect(read(`[1, ${deep}, 2]`)).resolves.toHaveLength(3);
  });
});
