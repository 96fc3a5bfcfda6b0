import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { appendAudit, verifyAudit, type AuditEntry } from '../../src/main/system/audit.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let writers: Database;
const at = new Date('2026-03-01T09:30:00.123Z');

beforeAll(async () => {
  database = await createTestDatabase();
  writers = openDatabase({ url: database.url, applicationName: 'writers', maxConnections: 10 });
});
beforeEach(() => tamper(`truncate audit_log restart identity; update audit_head set hash = decode(repeat('00', 32), 'hex')`));
afterAll(async () => {
  await writers.close();
  await database.drop();
});

const append = (entry: Partial<AuditEntry> = {}, db: Database = database) =>
  db.transaction((tx) => appendAudit(tx, { at, actor: 'Åsa', console: 'north', action: 'settings.change', ...entry }));

/** What only a superuser can do: change the log behind its trigger. */
async function tamper(statement: string) {
  await database.query(
    `alter table audit_log disable trigger user; ${statement}; alter table audit_log enable trigger user`,
  );
}

test('the log refuses changes', async () => {
  await append();
  await expect(database.query(`update audit_log set note = 'x'`)).rejects.toThrow('append-only');
  await expect(database.query('delete from audit_log')).rejects.toThrow('append-only');
  await expect(database.query('truncate audit_log')).rejects.toThrow('append-only');
});

test('an empty log and one of many concurrent writers verify, ids in the order of the chain', async () => {
  expect(await verifyAudit(database)).toEqual({ ok: true, rows: 0 });
  await Promise.all(Array.from({ length: 80 }, (_, i) => append({ target: `deal ${i}`, after: { i } }, writers)));
  expect(await verifyAudit(database)).toEqual({ ok: true, rows: 80 });
});

test('a rolled back entry is no break in the chain', async () => {
  await append();
  const failing = database.transaction(async (tx) => {
    await appendAudit(tx, { at, actor: 'a', console: 'c', action: 'x' });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await append();
  expect(await verifyAudit(database)).toEqual({ ok: true, rows: 2 });
});

test('the hash is that of the documented text', async () => {
  await append({ target: 'deal 7', note: 'a "quoted", [note]\nÅ', before: { b: 1.5, a: null }, after: ['x'] });
  const row = await database.query<{ prev: string; id: number; hash: string }>(
    `select encode(prev_hash, 'hex') as prev, id, encode(hash, 'hex') as hash from audit_log`,
  );
  const { prev, id, hash } = row.rows[0]!;
  // Postgres puts ", " between the parts of an array; the strings are JSON's.
  const parts = [prev, id, '1772357400.123000', 'Åsa', 'north', 'settings.change', 'deal 7'];
  parts.push('a "quoted", [note]\nÅ', '{"a": null, "b": 1.5}', '["x"]');
  const text = `[${parts.map((part) => JSON.stringify(part)).join(', ')}]`;
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
});

test('text of any kind can be logged and verified', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), async (text, value) => {
      await append({ actor: text, note: `${text}\0\uD800`, before: { text, value }, after: value });
      expect(await verifyAudit(database)).toMatchObject({ ok: true });
    }),
    { numRuns: 40 },
  );
});

const fieldChanges = [
  'id = id + 1000',
  `at = at + interval '1 microsecond'`,
  `at = 'infinity'`,
  `actor = actor || ' '`,
  `actor = actor || console, console = ''`,
  `console = upper(console)`,
  `action = 'settings.chang'`,
  `target = null`,
  `target = note, note = target`,
  `note = coalesce(note, '') || 'x'`,
  `before = 'null'`,
  `before = after, after = before`,
  `after = jsonb_set(after, '{n}', '1.0')`,
  `prev_hash = decode(repeat('11', 32), 'hex')`,
  `hash = decode(repeat('22', 32), 'hex')`,
  `prev_hash = hash`,
];

test('one field of one row changed in any way is found, at that row or at the one after', async () => {
  const rows = 8;
  for (let i = 0; i < rows; i++) await append({ target: `t${i}`, note: `n${i}`, after: { n: 1 } });
  await database.query('create table audit_copy as table audit_log');
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fieldChanges), fc.integer({ min: 1, max: rows }), async (change, id) => {
      await tamper(`update audit_log set ${change} where id = ${id}`);
      const verdict = await verifyAudit(database);
      await tamper('truncate audit_log; insert into audit_log overriding system value table audit_copy');
      expect(verdict.ok).toBe(false);
      // A row that got another id is missed where the next one stood, or found at its new place.
      if (!verdict.ok) expect([id, id + 1, id + 1000]).toContain(verdict.firstBad);
      changed++;
    }),
    { numRuns: 80 },
  );
  console.info(`audit: ${changed} changes, all found`);
  expect(await verifyAudit(database)).toEqual({ ok: true, rows });
});

test.each([
  ['the first row removed', 'delete from audit_log where id = 1', 2],
  ['a middle row removed', 'delete from audit_log where id = 3', 4],
  ['the last row removed', 'delete from audit_log where id = 5', 5],
  ['all rows removed', 'delete from audit_log', 1],
  ['the head removed', 'delete from audit_head', 6],
  ['two rows swapped', 'update audit_log set id = case id when 2 then -1 else 2 end where id in (2, 3); update audit_log set id = 3 where id = -1', 2],
  [
    'a row repeated at the end',
    `insert into audit_log (id, at, actor, console, action, prev_hash, hash) overriding system value
       select 6, at, actor, console, action, hash, decode(repeat('33', 32), 'hex') from audit_log where id = 5`,
    6,
  ],
])('%s is found', async (_name, statement, firstBad) => {
  for (let i = 0; i < 5; i++) await append({ target: `t${i}` });
  const [head] = (await database.query<{ hash: Buffer }>('select hash from audit_head')).rows;
  await tamper(statement);
  const verdict = await verifyAudit(database);
  await database.query('insert into audit_head values (1, $1) on conflict do nothing', [head!.hash]);
  expect(verdict).toMatchObject({ ok: false, firstBad, why: expect.stringMatching(/^(Entry|The log) .*\.$/) });
});

test('an entry written after the end was cut off does not hide the cut', async () => {
  for (let i = 0; i < 3; i++) await append();
  await tamper('delete from audit_log where id = 3');
  await append();
  expect(await verifyAudit(database)).toMatchObject({ ok: false, firstBad: 4 });
});
