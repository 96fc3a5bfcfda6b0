import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChanges } from '../../src/main/system/change-log.ts';
import { listHealthEvents, raiseHealthEvent } from '../../src/main/system/health-events.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('an event is on the timeline and in the change log, or in neither', async () => {
  const id = await raiseHealthEvent(database, 'CRITICAL', 'Removals of deals are held', { runId: 4 });
  const failing = database.transaction(async (tx) => {
    await raiseHealthEvent(tx, 'ERROR', 'undone');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await listHealthEvents(database)).toMatchObject([
    {
      id,
      type: 'CRITICAL',
      message: 'Removals of deals are held',
      metadata: { runId: 4 },
      createdAt: expect.any(Date),
    },
  ]);
  expect(await readChanges(database, 0, 10)).toMatchObject([
    { kind: 'health', data: { id, type: 'CRITICAL' } },
  ]);
});

test('the timeline is newest first, paged, by kind and by words, with wildcards taken as text', async () => {
  await database.query('truncate system_health_logs');
  for (const message of ['one', 'TWO 100%', 'three', 'two_more'])
    await raiseHealthEvent(database, 'INFO', message);
  await raiseHealthEvent(database, 'WARNING', 'two');
  const messages = async (query: Parameters<typeof listHealthEvents>[1]) =>
    (await listHealthEvents(database, query)).map((event) => event.message);
  expect(await messages({})).toEqual(['two', 'two_more', 'three', 'TWO 100%', 'one']);
  expect(await messages({ search: 'two', types: ['INFO'] })).toEqual(['two_more', 'TWO 100%']);
  expect(await messages({ search: '%' })).toEqual(['TWO 100%']);
  const [, second] = await listHealthEvents(database, { limit: 2 });
  expect(await messages({ limit: 2, before: second!.id })).toEqual(['three', 'TWO 100%']);
});
