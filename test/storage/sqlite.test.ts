import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../../src/main/storage/sqlite.ts';

const file = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-sqlite-')), 'file.db');

test('a file is opened, written and read', () => {
  const database = openSqlite(file());
  database.exec('create table deals (id integer primary key); insert into deals values (7)');
  expect(database.prepare('select id from deals').all()).toEqual([{ id: 7 }]);
  database.close();
});

test('a runtime too old for the module is refused in words, since loading would end the process', () => {
  expect(() => openSqlite(file(), { napi: 9, binding: undefined })).toThrow(
    /Node-API 9, the module needs 10/,
  );
});
