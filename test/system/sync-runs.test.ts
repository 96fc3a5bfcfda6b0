import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readChanges } from '../../src/main/system/change-log.ts';
import {
  closeAbandonedRuns,
  finishRun,
  lastRun,
  recentRuns,
  startRun,
} from '../../src/main/system/sync-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
const processId = randomUUID();
const pass = { source: 'deals', kind: 'window', trigger: 'schedule', processId } as const;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() =>
  database
    .query('truncate sync_runs, processes, change_log; update change_counter set seq = 0')
    .then(() => {}),
);
afterAll(() => database.drop());

test('a pass is open, then closed with its counts; both are told', async () => {
  const rangeStart = new Date('2026-02-22T23:00:00Z');
  const rangeEnd = new Date('2026-03-31T22:00:00Z');
  const id = await startRun(database, { ...pass, rangeStart, rangeEnd });
  expect(await recentRuns(database, 'deals', 5)).toMatchObject([{ id, state: 'running', endedAt: null }]);
  expect(await lastRun(database, 'deals')).toBeNull();
  const counts = {
    pages: 3,
    calls: 4,
    inserted: 5,
    updated: 6,
    removed: 7,
    unchanged: 8,
    held: 9,
    rejected: 10,
  };
  const closed = await finishRun(database, id, {
    state: 'incomplete',
    shifted: true,
    ...counts,
    ignoredFields: 2,
  });
  expect(closed).toBe(true);
  expect(await lastRun(database, 'deals')).toMatchObject({
    ...pass,
    id,
    state: 'incomplete',
    shifted: true,
    rangeStart,
    rangeEnd,
    ...counts,
    waiting: 0,
    ignoredFields: 2,
    endedAt: expect.any(Date),
  });
  const told = await readChanges(database, 0, 10);
  expect(told.map((change) => change.data)).toEqual([
    { id, source: 'deals', state: 'running' },
    { id, source: 'deals', state: 'incomplete' },
  ]);
});

test('a closed pass stays as it is', async () => {
  const id = await startRun(database, pass);
  await finishRun(database, id, { state: 'failed', error: { code: 'UPSTREAM_FAILED', message: 'It fell.' } });
  expect(await finishRun(database, id, { state: 'complete' })).toBe(false);
  expect(await lastRun(database, 'deals')).toMatchObject({
    state: 'failed',
    errorCode: 'UPSTREAM_FAILED',
    error: 'It fell.',
  });
});

test('the last pass can be asked for by kind and end', async () => {
  const window = await startRun(database, pass);
  await finishRun(database, window, { state: 'complete' });
  const failed = await startRun(database, { ...pass, kind: 'delta' });
  await finishRun(database, failed, { state: 'failed' });
  const sms = await startRun(database, { ...pass, source: 'sms' });
  await finishRun(database, sms, { state: 'complete' });
  expect(await lastRun(database, 'deals')).toMatchObject({ id: failed });
  expect(await lastRun(database, 'deals', ['window'])).toMatchObject({ id: window });
  expect(await lastRun(database, 'deals', undefined, ['complete'])).toMatchObject({ id: window });
  expect((await recentRuns(database, undefined, 2)).map((run) => run.id)).toEqual([sms, failed]);
});

test('runs of the dead are closed, those of the living and the newly started are not', async () => {
  const living = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version, seen_at) values
       ($1, 'console', 'a', 1, '1', now() - interval '5 seconds'),
       ($2, 'console', 'a', 2, '1', now() - interval '61 seconds')`,
    [living, processId],
  );
  const dead = await startRun(database, pass);
  const alive = await startRun(database, { ...pass, processId: living });
  const unlisted = await startRun(database, { ...pass, processId: randomUUID() });
  await database.query(`update sync_runs set started_at = now() - interval '2 minutes'`);
  const fresh = await startRun(database, { ...pass, processId: randomUUID() });
  const closed = await Promise.all([closeAbandonedRuns(database), closeAbandonedRuns(database)]);
  expect(closed.flat().sort()).toEqual([dead, unlisted].sort());
  const states = Object.fromEntries(
    (await recentRuns(database, 'deals', 9)).map((run) => [run.id, run.state]),
  );
  expect(states).toEqual({ [dead]: 'failed', [alive]: 'running', [unlisted]: 'failed', [fresh]: 'running' });
  // It was only frozen, and its pass did commit: its own word counts.
  expect(await finishRun(database, dead, { state: 'complete', inserted: 2 })).toBe(true);
  expect(await lastRun(database, 'deals', undefined, ['complete'])).toMatchObject({
    id: dead,
    error: null,
    note: null,
  });
});
