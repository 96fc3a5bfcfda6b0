import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeWhole } from '../src/main/write-whole.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-')), 'deals.csv');

it('writes a text, or pieces in their order', async () => {
  const path = place();
  await writeWhole(path, 'åä');
  expect(readFileSync(path, 'utf8')).toBe('åä');
  await writeWhole(path, async (write) => {
    for (const piece of ['a', 'b', 'c']) await write(piece);
  });
  expect(readFileSync(path, 'utf8')).toBe('abc');
});

it('leaves what was there where the content breaks off, and nothing beside it', async () => {
  const path = place();
  writeFileSync(path, 'before');
  const broken = writeWhole(path, async (write) => {
    await write('half');
    throw new Error('the database went away');
  });
  await expect(broken).rejects.toThrow('the database went away');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(readdirSync(join(path, '..'))).toEqual(['deals.csv']);
});

it('says in a sentence that a place cannot be written', async () => {
  await expect(writeWhole(join(place(), 'there', 'is none.csv'), 'x')).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('Choose another place') as string,
  });
});
