import { afterAll, beforeAll, expect, it } from 'vitest';
import { countRejected, countRejectedReasons, listRejected } from '../../src/main/deals/rejected-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(
    `insert into rejected_records (source, key, reason, detail, payload, first_seen, last_seen)
     select 'deals', (100 + i)::text, case when i <= 3 then 'commission' else 'no-agent' end,
            case when i <= 3 then 'Hundra%' || i end, '{}', timestamptz '2026-11-01' + i * interval '1 hour', now()
       from generate_series(1, 5) i`,
  );
});
afterAll(() => database?.drop());

const keys = async (filter: { search?: string; reason?: string; limit?: number; offset?: number }) =>
  (await listRejected(database, { limit: 10, offset: 0, ...filter })).map((row) => row.key);

it('lists the shelf newest first, a page at a time', async () => {
  expect(await keys({ limit: 2 })).toEqual(['105', '104']);
  expect(await keys({ limit: 2, offset: 4 })).toEqual(['101']);
});

it('finds part of a key or of the value as it is written, whatever its case', async () => {
  expect(await keys({ search: '104' })).toEqual(['104']);
  expect(await keys({ search: 'hundra%2' })).toEqual(['102']);
  expect(await keys({ search: '_' })).toEqual([]);
  expect(await countRejected(database, { search: 'HUNDRA' })).toBe(3);
});

it('counts each reason, most first, and keeps to one when asked', async () => {
  expect(await countRejectedReasons(database)).toEqual([
    { reason: 'commission', count: 3 },
    { reason: 'no-agent', count: 2 },
  ]);
  expect(await keys({ reason: 'no-agent' })).toEqual(['105', '104']);
  expect(await countRejected(database)).toBe(5);
});
