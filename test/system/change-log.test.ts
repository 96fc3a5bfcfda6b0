import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readChange, type Change } from '../../src/shared/contract/changes.ts';
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase, type Database, type Transaction } from '../../src/main/storage/postgres.ts';
import {
  appendChange,
  currentSeq,
  followChanges,
  pruneChanges,
  readChanges,
  type Follower,
  type FollowOptions,
} from '../../src/main/system/change-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const clock = systemClock();
let database: TestDatabase;
let writers: Database;
let followers: Follower[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  writers = openDatabase({ url: database.url, applicationName: 'writers', maxConnections: 12 });
});
beforeEach(async () => {
  await database.query('truncate change_log; update change_counter set seq = 0');
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  followers = [];
});
afterAll(async () => {
  await writers.close();
  await database.drop();
});

const addSms = (count: number) => database.transaction((tx) => appendChange(tx, 'sms', { count }));

function follow(over: Partial<FollowOptions> = {}) {
  const seen: Change[] = [];
  const follower = followChanges({
    database,
    clock,
    after: 0,
    onChanges: (changes) => void seen.push(...changes),
    ...over,
  });
  followers.push(follower);
  return { seen, follower };
}

async function until(condition: () => boolean, withinMs = 10_000) {
  const end = clock.monotonic() + withinMs;
  while (!condition()) {
    if (clock.monotonic() > end) throw new Error('did not happen in time');
    await clock.sleep(5);
  }
}

/** `each` transactions on each of 10 connections, which take a moment between numbering and COMMIT. */
async function writeFromMany(each: number, append: (tx: Transaction) => Promise<unknown>) {
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let i = 0; i < each; i++) {
        await writers.transaction(async (tx) => {
          await append(tx);
          if (Math.random() < 0.5) await clock.sleep(Math.random() * 8);
        });
      }
    }),
  );
}

test('a follower of many writers gets every number once, in order', async () => {
  const { seen } = follow({ pollMs: 60_000 });
  await writeFromMany(25, (tx) => appendChange(tx, 'sms', { count: 1 }));
  await until(() => seen.length >= 250);
  expect(seen.map((change) => change.seq)).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
  expect(await currentSeq(database)).toBe(250);
});

test('…while numbers from a sequence make the same reader miss some', async () => {
  await database.query('create sequence mutant_seq');
  const seen = new Set<number>();
  let after = 0;
  let writing = true;
  const reading = (async () => {
    for (let last = false; !last;) {
      last = !writing;
      for (const change of await readChanges(database, after, 500)) seen.add((after = change.seq));
    }
  })();
  await writeFromMany(25, (tx) =>
    tx.query(`insert into change_log (seq, kind, data) values (nextval('mutant_seq'), 'sms', '{"count":1}')`),
  );
  writing = false;
  await reading;
  const missed = 250 - seen.size;
  console.info(`numbers from a sequence: ${missed} of 250 missed`);
  expect(missed).toBeGreaterThan(0);
});

test('a rolled back transaction leaves no number behind', async () => {
  await addSms(1);
  const failing = database.transaction(async (tx) => {
    await appendChange(tx, 'sms', { count: 2 });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await addSms(3)).toBe(2);
  expect(await readChanges(database, 0, 10)).toMatchObject([{ seq: 1 }, { seq: 2, data: { count: 3 } }]);
});

test('an entry arrives at once, without waiting for a poll, on another connection pool too', async () => {
  const states: string[] = [];
  const { seen } = follow({ pollMs: 60_000, onState: (state) => states.push(state) });
  await until(() => states.at(-1) === 'live');
  const start = clock.monotonic();
  await addSms(1);
  await until(() => seen.length === 1);
  expect(clock.monotonic() - start).toBeLessThan(2_000);
});

test('a follower that was deaf for a while misses nothing and repeats nothing', async () => {
  const states: string[] = [];
  const { seen } = follow({ pollMs: 60_000, onState: (state) => states.push(state) });
  await until(() => states.at(-1) === 'live');
  for (let round = 0; round < 3; round++) {
    await writers.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
    );
    await addSms(round);
    await addSms(round);
    await until(() => seen.length === 2 * (round + 1) && states.at(-1) === 'live');
  }
  expect(seen.map((change) => change.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(states).toContain('polling');
});

test('polling alone brings changes when notifications never arrive', async () => {
  const deaf: Database = { ...database, listen: () => ({ close: async () => {} }) };
  const { seen } = follow({ database: deaf, pollMs: 50 });
  await addSms(1);
  await until(() => seen.length === 1);
});

test('while the database is away the follower says so, then goes on where it was', async () => {
  let away = false;
  const states: string[] = [];
  const query: Database['query'] = (sql, values) =>
    away ? Promise.reject(new Error('away')) : database.query(sql, values);
  const { seen } = follow({
    database: { ...database, query },
    pollMs: 30,
    onState: (state) => states.push(state),
  });
  await addSms(1);
  await until(() => seen.length === 1);
  away = true;
  await addSms(2);
  await until(() => states.at(-1) === 'away');
  away = false;
  await until(() => seen.length === 2 && states.at(-1) === 'live');
});

test('a list is handed over only after the one before was dealt with, and a failing receiver is reported', async () => {
  const errors: unknown[] = [];
  let busy = false;
  const seen: number[] = [];
  follow({
    pollMs: 20,
    onError: (error) => errors.push(error),
    onChanges: async (changes) => {
      expect(busy).toBe(false);
      busy = true;
      await clock.sleep(30);
      busy = false;
      seen.push(...changes.map((change) => change.seq));
      if (errors.length === 0) throw new Error('receiver failed');
    },
  });
  for (let i = 0; i < 5; i++) await addSms(i);
  await until(() => seen.length === 5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(errors).toMatchObject([{ message: 'receiver failed' }]);
});

test('pruning takes old entries from the beginning only, and a reader too far behind is told to load anew', async () => {
  for (let i = 0; i < 4; i++) await addSms(i);
  await database.query(`update change_log set at = at - interval '8 days' where seq in (1, 2)`);
  expect(await pruneChanges(database)).toBe(2);
  expect(await pruneChanges(database)).toBe(0);
  const resets: number[] = [];
  const { seen } = follow({ onReset: (seq) => void resets.push(seq) });
  await until(() => seen.length === 2);
  expect(resets).toEqual([2]);
  expect(seen.map((change) => change.seq)).toEqual([3, 4]);
  await database.query('delete from change_log');
  const late: number[] = [];
  follow({ after: 1, onReset: (seq) => void late.push(seq) });
  const ahead: number[] = [];
  follow({ after: 900, onReset: (seq) => void ahead.push(seq) });
  await until(() => late.length === 1 && ahead.length === 1);
  expect([late, ahead]).toEqual([[4], [4]]);
});

test('an entry of an unknown kind or shape is handed over as unknown', () => {
  const at = new Date('2026-03-01T10:00:00Z');
  expect(readChange({ seq: 7, at, kind: 'weather', data: { sunny: true } })).toEqual({
    seq: 7,
    at: '2026-03-01T10:00:00.000Z',
    kind: 'unknown',
    data: { kind: 'weather' },
  });
  expect(readChange({ seq: 8, at, kind: 'held', data: { id: 'x' } })).toMatchObject({ kind: 'unknown' });
  expect(readChange({ seq: 9, at, kind: 'held', data: { id: 3, state: 'held', later: 1 } })).toMatchObject({
    kind: 'held',
    data: { id: 3, state: 'held' },
  });
});
