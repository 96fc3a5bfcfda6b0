import { existsSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../src/main/make-folder.ts';

const place = () => mkdtempSync(join(tmpdir(), 'opsdeck-folder-'));

it('makes what is missing, for this user alone, and is content with what is there', () => {
  const folder = join(place(), 'one', 'two', 'three');
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(statSync(join(folder, '..')).mode & 0o077).toBe(0);
});

it('says what stands in the way', () => {
  const file = join(place(), 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  expect(() => makeFolder(join(file, 'below'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  const nowhere = join(place(), 'nowhere');
  symlinkSync(join(nowhere, 'gone'), nowhere);
  expect(() => makeFolder(nowhere)).toThrow(expect.objectContaining({ code: expect.any(String) as string }));
});

// Node's own recursive way turns for ever here: the parent is there, and making the child answers ENOENT.
it.runIf(existsSync('/proc/self'))('ends below a folder that takes none', () => {
  expect(() => makeFolder('/proc/opsdeck/data')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
