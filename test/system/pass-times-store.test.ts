import { afterAll, beforeAll, expect, it } from 'vitest';
import { passTimesOfDay } from '../../src/main/system/pass-times-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('spreads the times of the last day over sources and kinds, of passes that read to their end', async () => {
  await database.query(
    `insert into sync_runs (source, kind, trigger, state, started_at, ended_at)
     select 'deals', 'delta', 'schedule', 'complete', clock_timestamp() - interval '1 hour',
            clock_timestamp() - interval '1 hour' + n * interval '1 second'
       from generate_series(1, 3) n
     union all
     select 'deals', 'delta', 'schedule', 'failed', clock_timestamp() - interval '1 hour', clock_timestamp()
     union all
     select 'deals', 'delta', 'schedule', 'complete', clock_timestamp() - interval '25 hours', clock_timestamp()
     union all
     select 'sms', 'window', 'person', 'incomplete', clock_timestamp() - interval '1 hour',
            clock_timestamp() - interval '1 hour' + interval '500 milliseconds'`,
  );
  const [deals, sms, ...others] = await passTimesOfDay(database);
  expect(others).toEqual([]);
  expect(deals).toMatchObject({ source: 'deals', kind: 'delta', count: 3 });
  expect(deals?.median_ms).toBeCloseTo(2_000, 0);
  expect(deals?.high_ms).toBeCloseTo(2_900, 0);
  expect(deals?.max_ms).toBeCloseTo(3_000, 0);
  expect(sms).toMatchObject({ source: 'sms', kind: 'window', count: 1 });
});
