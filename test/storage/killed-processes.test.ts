import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { connectionName } from '../../src/main/storage/killed-processes.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { takePermit, whoHolds } from '../../src/main/system/permits-store.ts';
import { registerProcess } from '../../src/main/system/processes.ts';
import { adversusLimits, createCallBudget } from '../../src/main/upstream/call-budget.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const clock = systemClock();
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** A process on the list with connections of its own; `kill` takes the connections and leaves the row, as kill -9 does. */
async function startProcess(): Promise<{ id: string; database: Database; kill(): Promise<void> }> {
  const id = randomUUID();
  const own = openDatabase({ url: database.url, applicationName: connectionName('cli', id) });
  await registerProcess(
    { database: own, clock, heartbeatMs: 3_600_000 },
    { id, kind: 'cli', host: 'here', pid: 1, version: '1' },
  );
  return { id, database: own, kill: () => own.close() };
}

test('the permit of a killed process is free at once, that of a living one is not', async () => {
  const holder = await startProcess();
  const key = { source: 'deals', token: randomUUID() };
  expect(
    await takePermit(holder.database, key, { processId: holder.id, holder: 'cli 1@here', ttlMs: 30_000 }),
  ).toBe(true);
  const other = { processId: randomUUID(), holder: 'cli 2@here', ttlMs: 30_000 };
  expect(await whoHolds(database, 'deals')).toMatchObject({ holder: 'cli 1@here' });
  expect(await takePermit(database, { source: 'deals', token: randomUUID() }, other)).toBe(false);

  await holder.kill();
  await expect.poll(() => whoHolds(database, 'deals')).toBeNull();
  expect(await takePermit(database, { source: 'deals', token: randomUUID() }, other)).toBe(true);
});

test('calls in flight of a killed process free their slots, those of a living one do not', async () => {
  const caller = await startProcess();
  const budgetOf = (where: Database, processId: string | null) =>
    createCallBudget({ database: where, clock, account: 'adversus:test', limits: adversusLimits, processId });
  const options = { timeoutMs: 60_000, maxWaitMs: 5_000, priority: 'person' as const };
  const never = new AbortController();
  const hanging = [1, 2].map(() =>
    budgetOf(caller.database, caller.id)
      .call(
        'window',
        () =>
          new Promise<never>((_, reject) =>
            never.signal.addEventListener('abort', () => reject(new Error('over'))),
          ),
        options,
      )
      .catch(() => {}),
  );
  const budget = budgetOf(database, null);
  await expect.poll(async () => (await budget.state()).inFlight).toBe(2);
  const quick = { ...options, maxWaitMs: 300 };
  await expect(budget.call('look-up', async () => ({ status: 200, value: 1 }), quick)).rejects.toMatchObject({
    code: 'UPSTREAM_BUSY',
  });

  await caller.kill();
  expect(await budget.call('look-up', async () => ({ status: 200, value: 1 }), options)).toBe(1);
  never.abort();
  await Promise.all(hanging);
});
