import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { raiseHealthEvent } from '../../src/main/system/health-events.ts';
import { listIncidents, moveIncident, openIncidents } from '../../src/main/system/incidents.ts';
import { createTestDatabase, migrationsFolder, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.query('truncate system_health_logs'));

const stalled = { kind: 'sync-stalled', subject: 'deals' } as const;
const at = (iso: string) =>
  database.query(
    'update system_health_logs set created_at = $1 where id = (select max(id) from system_health_logs)',
    [new Date(iso)],
  );

test('of many consoles that say so at once, one begins an incident and one ends it', async () => {
  const begin = () => moveIncident(database, 'WARNING', 'late', stalled);
  const end = () => moveIncident(database, 'INFO', 'again', { ...stalled, solved: true });
  expect((await Promise.all(Array.from({ length: 8 }, begin))).filter(Boolean)).toHaveLength(1);
  expect(await openIncidents(database, ['sync-stalled', 'budget-low'])).toEqual(['sync-stalled:deals']);
  expect((await Promise.all(Array.from({ length: 8 }, end))).filter(Boolean)).toHaveLength(1);
  expect(await openIncidents(database, ['sync-stalled'])).toEqual([]);
  // Without the look under the lock every console would say it.
  await Promise.all(Array.from({ length: 8 }, () => raiseHealthEvent(database, 'WARNING', 'late', stalled)));
  expect((await listIncidents(database)).incidents[0]?.events).toBe(8);
});

test('incidents are the events of one name up to the one that solves it, the latest first', async () => {
  await raiseHealthEvent(database, 'WARNING', 'first', stalled);
  await at('2026-11-16T08:00:00Z');
  await raiseHealthEvent(database, 'ERROR', 'worse', stalled);
  await at('2026-11-16T08:10:00Z');
  await raiseHealthEvent(database, 'INFO', 'over', { ...stalled, solved: true });
  await at('2026-11-16T09:00:00Z');
  await raiseHealthEvent(database, 'CRITICAL', 'queue', { kind: 'queue-fell-back' });
  await at('2026-11-16T09:30:00Z');
  await raiseHealthEvent(database, 'WARNING', 'second', stalled);
  await at('2026-11-16T10:00:00Z');
  // Half a day later it is another one.
  await raiseHealthEvent(database, 'CRITICAL', 'queue anew', { kind: 'queue-fell-back' });
  await at('2026-11-16T23:00:00Z');
  await raiseHealthEvent(database, 'SWITCH', 'stands for itself', { kind: 'mode' });
  await raiseHealthEvent(database, 'INFO', 'of no kind');
  const all = await listIncidents(database);
  expect(all).toMatchObject({ count: 4, total: 4, open: 3 });
  expect(
    all.incidents.map(({ message, type, events, solvedAt }) => [message, type, events, solvedAt !== null]),
  ).toEqual([
    ['queue anew', 'CRITICAL', 1, false],
    ['second', 'WARNING', 1, false],
    ['queue', 'CRITICAL', 1, false],
    ['first', 'ERROR', 3, true],
  ]);
  expect(all.incidents[3]).toMatchObject({
    firstAt: new Date('2026-11-16T08:00:00Z'),
    solvedAt: new Date('2026-11-16T09:00:00Z'),
  });
  const found = await listIncidents(database, { search: 'WORSE', types: ['ERROR'], limit: 1 });
  expect([found.incidents.map(({ message }) => message), found.count]).toEqual([['first'], 1]);
  expect((await listIncidents(database, { offset: 3 })).incidents).toHaveLength(1);
});

test('what was stored under two spellings is known under the one name, and what is over is no incident', async () => {
  for (const [type, kind, incident] of [
    ['CRITICAL', 'queue_fell_back', 'queue_fell_back'],
    ['SWITCH', 'mode_switched', 'mode_switched'],
    ['ERROR', 'task_parked', 'task_parked'],
    ['WARNING', 'packages-health', 'packages-health'],
    ['INFO', 'packages-health', 'packages-health'],
    ['WARNING', 'kept-without-lead', 'kept-without-lead'],
    ['WARNING', 'sync-stalled', 'sync-stalled:deals'],
  ])
    await database.query(
      `insert into system_health_logs (event_type, message, metadata, incident, solved)
       values ($1, '', jsonb_build_object('kind', $2::text), $3, false)`,
      [type!, kind!, incident!],
    );
  const migration = readFileSync(join(migrationsFolder, '0015_one-name-for-each-kind.sql'), 'utf8');
  const statements = migration.replaceAll(/^--.*$/gm, '').split(';');
  for (const statement of statements) if (statement.trim() !== '') await database.query(statement);
  const { rows } = await database.query(
    `select metadata ->> 'kind' as kind, incident, solved from system_health_logs order by id`,
  );
  expect(rows).toEqual([
    { kind: 'queue-fell-back', incident: 'queue-fell-back', solved: false },
    { kind: 'mode', incident: null, solved: false },
    { kind: 'task-parked', incident: null, solved: false },
    { kind: 'package-health', incident: 'package-health', solved: false },
    { kind: 'package-health', incident: 'package-health', solved: true },
    { kind: 'kept-without-lead', incident: null, solved: false },
    { kind: 'sync-stalled', incident: 'sync-stalled:deals', solved: false },
  ]);
});
