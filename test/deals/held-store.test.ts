import { afterAll, beforeAll, expect, it } from 'vitest';
import { listHeldDeals, sumHeldDeals } from '../../src/main/deals/held-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let hold: number;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`insert into agents (user_id, name, group_name) values (7, 'Anna', 'Malmö')`);
  await database.query(`insert into campaigns (id, name) values ('3', 'Fiber')`);
  await database.query(
    `insert into deals (lead_id, user_id, campaign_id, commission, order_date, status, upstream_updated_at, follows)
     select i::text, case when i % 2 = 0 then 7 else 8 end, case when i % 2 = 0 then '3' else '4' end,
            case when i = 5 then null else 100.25 end, timestamptz '2026-11-01' + i * interval '1 hour', 'success',
            now(), i <> 6
       from generate_series(1, 10) i`,
  );
  const rows = await database.query<{ id: number }>(
    `insert into held_removals (source, reason, range_start, range_end, of_deals, lead_ids, held_at, updated_at)
     values ('deals', 'half', now(), now(), 10, array['1','2','3','4','5','6','none'], now(), now()) returning id`,
  );
  hold = rows.rows[0]!.id;
});
afterAll(() => database?.drop());

it('lists the following deals of a hold, latest order first, a page at a time', async () => {
  const first = await listHeldDeals(database, hold, { limit: 2, offset: 0 });
  expect(first.map((deal) => deal.leadId)).toEqual(['5', '4']);
  expect(first[1]).toMatchObject({ agent: 'Anna', group: 'Malmö', campaign: 'Fiber', commission: '100.25' });
  expect(first[0]).toMatchObject({ agent: null, campaign: '4', commission: null });
  const rest = await listHeldDeals(database, hold, { limit: 10, offset: 2 });
  expect(rest.map((deal) => deal.leadId)).toEqual(['3', '2', '1']);
});

it('sums what would go: kept rows and leads without a deal are not among it', async () => {
  expect(await sumHeldDeals(database, hold)).toEqual({ count: 5, commission: '401.00' });
});

it('answers nothing for a hold that is not there', async () => {
  expect(await sumHeldDeals(database, hold + 1)).toBeNull();
});
