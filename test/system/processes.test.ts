import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { listProcesses, registerProcess, type ProcessInfo } from '../../src/main/system/processes.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
const clock = systemClock();
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const info = (kind: ProcessInfo['kind']): ProcessInfo => ({
  id: randomUUID(),
  kind,
  host: 'north',
  pid: 4711,
  version: '0.1.0',
});

test('a process is on the list from its registration to its end, the silent are shown as dead', async () => {
  const first = info('console');
  const registered = await registerProcess({ database, clock }, first);
  const silent = info('agent');
  await registerProcess({ database, clock }, silent).then((registration) => registration.close());
  await database.query(
    `insert into processes (id, kind, host, pid, version, started_at, seen_at)
     values ($1, 'agent', 'north', 4711, '0.1.0', now() - interval '1 hour', now() - interval '70 seconds')`,
    [silent.id],
  );
  expect(await listProcesses(database)).toMatchObject([
    { ...first, alive: true },
    { ...silent, alive: false },
  ]);
  await registered.close();
  expect((await listProcesses(database)).map((known) => known.id)).toEqual([silent.id]);
});

test('the heartbeat goes on, and puts a process back that was cleared away', async () => {
  const beating = info('cli');
  const registered = await registerProcess({ database, clock, heartbeatMs: 20 }, beating);
  const seen = async () =>
    (await listProcesses(database)).find((known) => known.id === beating.id)?.seenAt.getTime();
  const before = (await seen())!;
  await database.query('delete from processes where id = $1', [beating.id]);
  const end = clock.monotonic() + 5_000;
  while (!((await seen())! > before) && clock.monotonic() < end) await clock.sleep(20);
  expect(await seen()).toBeGreaterThan(before);
  await registered.close();
  expect(await seen()).toBeUndefined();
});
