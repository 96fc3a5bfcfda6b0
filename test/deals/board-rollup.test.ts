import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayOf, startOfDay } from '../../src/shared/business-day.ts';
import { daysBefore, rangeOfDays, wholeMonths, type Days } from '../../src/main/deals/board-period.ts';
import { countFromRollup, countFromRows, rebuildRollup } from '../../src/main/deals/boards-store.ts';
import { keepBoardZone } from '../../src/main/deals/keep-board-zone.ts';
import { readBoard } from '../../src/main/deals/read-board.ts';
import type { Queryable, SqlValue } from '../../src/main/storage/postgres.ts';
import { createTestDatabase, testServers, type TestDatabase } from '../support/postgres.ts';
import { expectRollupRight, recountBoard } from './recount-boards.ts';

/** Each zone with the days on which its clocks do something, month ends and a year's end. */
const zones = [
  ['Europe/Stockholm', ['2026-03-29', '2026-10-25', '2026-10-31', '2026-11-01', '2026-12-31']],
  ['America/New_York', ['2026-03-08', '2026-11-01', '2026-10-31', '2027-01-01']],
  ['Asia/Kathmandu', ['2026-11-30', '2026-12-01', '2026-12-31']],
  ['Pacific/Apia', ['2011-12-29', '2011-12-30', '2011-12-31', '2012-01-01']],
] as const;

/** Instants right at and around the beginnings of days, where a mistake would show. */
const around = [-3_600_000, -1, 0, 1, 1_800_000, 7_200_000, 43_200_000];
const instantsOf = (zone: string, days: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...days), fc.constantFrom(...around))
    .map(([day, ms]) => new Date(startOfDay(day, zone).getTime() + ms));

const userId = fc.integer({ min: 1, max: 4 });
const receiver = fc.constantFrom('+461', '+462', '+463');
const commission = fc.constantFrom(null, '0.00', '0.10', '4500.00', '-250.50', '999999999999.99');
const seed = fc.integer({ min: 0, max: 1_000 });

type Step = (db: Queryable) => Promise<unknown>;

/** Ways to write: what passes, decisions, archiving, resyncs and people with a prompt may do, in one statement each. */
function stepsOf(instant: fc.Arbitrary<Date>): fc.Arbitrary<Step> {
  const deal = fc.record({
    userId,
    commission,
    instant,
    multi: fc.integer({ min: 0, max: 3 }),
    other: fc.boolean(),
  });
  const message = fc.record({
    userId,
    receiver,
    instant,
    status: fc.constantFrom('delivered', 'delivered', 'sent', null),
  });
  const deals = fc.array(deal, { minLength: 1, maxLength: 4 });
  const messages = fc.array(message, { minLength: 1, maxLength: 5 });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: deals.map(
        (rows): Step =>
          (db) =>
            insertDeals(db, rows),
      ),
    },
    {
      weight: 4,
      arbitrary: messages.map(
        (rows): Step =>
          (db) =>
            insertMessages(db, rows),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(deal, seed).map(
        ([to, n]): Step =>
          (db) =>
            db.query(
              `update deals set user_id = $1, commission = $2, multi_deals = $3, order_date = $4, is_duplicate = $5
                where id % 3 = $6 % 3`,
              [to.userId, to.commission, to.multi, to.instant, to.other, n],
            ),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(message, seed).map(
        ([to, n]): Step =>
          (db) =>
            db.query(
              `update sms_messages set user_id = $1, receiver = $2, "timestamp" = $3, status = $4
                where id::int % 3 = $5 % 3`,
              [to.userId, to.receiver, to.instant, to.status, n],
            ),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(messages, seed).map(
        ([rows, n]): Step =>
          (db) =>
            upsertMessages(db, rows, n),
      ),
    },
    {
      weight: 2,
      arbitrary: seed.map(
        (n): Step =>
          (db) =>
            db.query(`delete from deals where id % 4 = $1 % 4`, [n]),
      ),
    },
    {
      weight: 2,
      arbitrary: seed.map(
        (n): Step =>
          (db) =>
            db.query(`delete from sms_messages where id::int % 4 = $1 % 4`, [n]),
      ),
    },
    {
      weight: 2,
      arbitrary: seed.map(
        (n): Step =>
          (db) =>
            archiveSome(db, n),
      ),
    },
    {
      weight: 1,
      arbitrary: seed.map(
        (n): Step =>
          (db) =>
            db.query(`delete from deals_archive where id % 2 = $1 % 2`, [n]),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('deals', 'deals_archive', 'sms_messages').map(
        (tables): Step =>
          (db) =>
            db.query(`truncate ${tables} cascade`),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(userId, fc.constantFrom('Norr', 'Syd', null)).map(
        ([id, group]): Step =>
          (db) =>
            db.query('update agents set group_name = $2 where user_id = $1', [id, group]),
      ),
    },
  );
}

interface DealRow {
  userId: number;
  commission: string | null;
  instant: Date;
  multi: number;
  other: boolean;
}
interface MessageRow {
  userId: number;
  receiver: string;
  instant: Date;
  status: string | null;
}

let lead = 0;
let messageId = 0;

function insertDeals(db: Queryable, rows: DealRow[]) {
  return db.query(
    `insert into deals (lead_id, user_id, commission, multi_deals, order_date, is_duplicate, status, upstream_updated_at)
     select l, u, c, m, o, d, 'success', o
       from unnest($1::text[], $2::int[], $3::numeric[], $4::int[], $5::timestamptz[], $6::boolean[]) as f (l, u, c, m, o, d)`,
    [
      rows.map(() => String(++lead)),
      rows.map((row) => row.userId),
      rows.map((row) => row.commission),
      rows.map((row) => row.multi),
      rows.map((row) => row.instant),
      rows.map((row) => row.other),
    ],
  );
}

const messageValues = (rows: MessageRow[]) => [
  rows.map(() => String(++messageId)),
  rows.map((row) => row.userId),
  rows.map((row) => row.receiver),
  rows.map((row) => row.instant),
  rows.map((row) => row.status),
];
const messageFacts = `unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::text[]) as f (i, u, r, t, s)`;

function insertMessages(db: Queryable, rows: MessageRow[]) {
  return db.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", status) select i, u, r, t, s from ${messageFacts}`,
    messageValues(rows),
  );
}

/** As the pass over messages does it: an update and an insert in one statement, of the same receivers. */
function upsertMessages(db: Queryable, rows: MessageRow[], n: number) {
  return db.query(
    `with moved as (
       update sms_messages m set user_id = f.u, receiver = f.r, "timestamp" = f.t, status = f.s
         from (select * from ${messageFacts} limit 1) f where m.id::int % 3 = ${n % 3} returning 1)
     insert into sms_messages (id, user_id, receiver, "timestamp", status) select i, u, r, t, s from ${messageFacts}`,
    messageValues(rows),
  );
}

function archiveSome(db: Queryable, n: number) {
  const columns = `id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
    notes, follows, is_duplicate, replaced_by, upstream_updated_at, removal_refused_at, version, synced_at, created_at`;
  return db.query(
    `with gone as (delete from deals where id % 3 = $1 % 3 returning ${columns})
     insert into deals_archive (${columns}) select ${columns} from gone`,
    [n],
  );
}

describe.each(testServers())('the rollup of boards, Postgres $name', ({ url }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(url);
    await database.query(
      `insert into agents (user_id, name, group_name)
       values (1, 'Åsa', 'Norr'), (2, 'Anna', 'Norr'), (3, 'Zorn', 'Syd'), (4, null, null)`,
    );
  });
  afterAll(() => database.drop());

  it.each(zones)(
    'is what the rows say after any sequence of writes, and so are boards: %s',
    async (zone, days) => {
      await rebuildRollup(database, zone);
      const all: Days = { from: days.toSorted()[0]!, to: days.toSorted().at(-1)! };
      let written = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(stepsOf(instantsOf(zone, days)), { minLength: 1, maxLength: 12 }),
          fc.constantFrom(...days),
          fc.constantFrom(0, 1, 6, 40, 100),
          async (steps, from, length) => {
            await database.query('truncate deals, deals_archive, sms_messages cascade');
            for (const step of steps) {
              await step(database);
              await expectRollupRight(database, zone);
            }
            written += steps.length;
            const to = dayOf(new Date(startOfDay(from, zone).getTime() + length * 86_400_000 + 1), zone);
            await expectBoardsRight({ from, to }, zone);
            await expectBoardsRight(all, zone);
          },
        ),
        { numRuns: 25 },
      );
      expect(written).toBeGreaterThan(25);
    },
  );

  async function expectBoardsRight(period: Days, zone: string) {
    const now = startOfDay(period.to, zone);
    const board = await readBoard(database, { period, now, zone });
    const before = daysBefore(period);
    expect(board).toMatchObject(await recountBoard(database, period, zone));
    expect(board.before).toEqual((await recountBoard(database, before, zone)).trend);
    const question = {
      beforeFrom: before.from,
      ...period,
      months: wholeMonths(period),
      zone,
      ...rangeOfDays({ from: before.from, to: period.to }, zone),
    };
    const [rollup, rows] = [
      await countFromRollup(database, question),
      await countFromRows(database, question),
    ];
    const inOrder = (counted: typeof rows | null) => ({
      agents: counted?.agents
        .toSorted((a, b) => a.userId - b.userId)
        .map((row) => ({ ...row, commission: Number(row.commission) })),
      shared: counted?.shared.toSorted((a, b) => String(a.userIds).localeCompare(String(b.userIds))),
      days: counted?.days
        .toSorted((a, b) => a.day.localeCompare(b.day))
        .map((row) => ({ ...row, commission: Number(row.commission) })),
    });
    expect(inOrder(rows)).toEqual(inOrder(rollup));
  }

  it('has the days of business-day.ts for every instant, also where clocks go back across midnight', async () => {
    const instants = [
      ...[...zones, ['America/St_Johns', ['2006-10-29', '2010-11-07', '2026-11-01']] as const].flatMap(
        ([zone, days]) =>
          days.flatMap((day) =>
            Array.from({ length: 120 }, (_, n) => ({
              zone: zone as string,
              at: new Date(startOfDay(day, zone).getTime() + (n - 60) * 60_000 - 1),
            })),
          ),
      ),
      ...[
        'America/Santiago',
        'Asia/Beirut',
        'America/Havana',
        'Australia/Lord_Howe',
        'Africa/Casablanca',
      ].flatMap((zone) =>
        Array.from({ length: 1_500 }, (_, n) => ({
          zone,
          at: new Date(Date.UTC(2024, 0, 1) + n * 21_111_111),
        })),
      ),
    ];
    const days = await database.query<{ day: string }>(
      `select office_day(at, zone)::text as day from unnest($1::timestamptz[], $2::text[]) with ordinality as i (at, zone, n) order by n`,
      [instants.map(({ at }) => at), instants.map(({ zone }) => zone)],
    );
    expect(days.rows.map((row) => row.day)).toEqual(instants.map(({ at, zone }) => dayOf(at, zone)));
  });

  it('reckons days within the statement, not by a call for each row', async () => {
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `explain (verbose) select office_day(order_date, zone) from deals, board_zone`,
    );
    expect(plan.rows.map((row) => row['QUERY PLAN']).join()).not.toContain('office_day');
  });

  it('is read by one process, however cheap others seem', async () => {
    const question = {
      ...{ beforeFrom: '2026-10-01', from: '2026-11-01', to: '2026-11-30', zone: 'Europe/Stockholm' },
      months: wholeMonths({ from: '2026-11-01', to: '2026-11-30' }),
      ...rangeOfDays({ from: '2026-10-01', to: '2026-11-30' }, 'Europe/Stockholm'),
    };
    const planOf = async (change: (sql: string) => string) =>
      database.transaction(async (tx) => {
        await tx.query(`set local parallel_setup_cost = 0`);
        await tx.query(`set local parallel_tuple_cost = 0`);
        await tx.query(`set local min_parallel_table_scan_size = 0`);
        let plan = '';
        const explain = async (sql: string, values: readonly SqlValue[] = []) => {
          const answer = await tx.query(`explain ${change(sql)}`, values);
          plan = JSON.stringify(answer.rows);
          return { ...answer, rows: [] };
        };
        await countFromRollup({ query: explain }, question);
        return plan;
      });
    expect(await planOf((sql) => sql)).not.toContain('Gather');
    // Without what keeps it in one, it would be.
    expect(await planOf((sql) => sql.replace('and current_schema() is not null', ''))).toContain('Gather');
  });

  it('is not written by statements that change no standing', async () => {
    await rebuildRollup(database, 'Europe/Stockholm');
    const deal = {
      userId: 1,
      commission: '10.00',
      instant: new Date('2026-11-16T11:00:00Z'),
      multi: 1,
      other: false,
    };
    await insertDeals(database, [deal, deal]);
    const places = () =>
      database.query(
        `select (select array_agg(ctid::text || xmin::text) from board_days) as days,
                (select array_agg(ctid::text || xmin::text) from sms_receivers) as receivers`,
      );
    const before = (await places()).rows;
    await database.query(
      `update deals set upstream_updated_at = now(), version = version + 1, order_date = order_date + interval '1 minute'`,
    );
    await database.query(`update sms_messages set synced_at = now()`);
    await database.query(`update deals set user_id = 2 where false`);
    expect((await places()).rows).toEqual(before);
  });

  it('is left as it was by a transaction that is rolled back', async () => {
    const deal = {
      userId: 1,
      commission: '10.00',
      instant: new Date('2026-11-16T11:00:00Z'),
      multi: 1,
      other: false,
    };
    await expect(
      database.transaction(async (tx) => {
        await insertDeals(tx, [deal]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expectRollupRight(database, 'Europe/Stockholm');
  });

  it('holds sums that no single deal could', async () => {
    const deal = {
      userId: 9,
      commission: '999999999999.99',
      instant: new Date('2026-11-16T11:00:00Z'),
      multi: 2_147_483_647,
      other: false,
    };
    await insertDeals(database, [deal, deal, deal]);
    const row = await database.query<{ deals: string; commission: string }>(
      'select deals::text, commission::text from board_days where user_id = 9',
    );
    expect(row.rows).toEqual([{ deals: '6442450941', commission: '2999999999999.97' }]);
  });

  it('answers boards in another zone from the rows, until whoever leads counts it anew', async () => {
    await database.query('truncate deals, deals_archive, sms_messages cascade');
    // 23:30 of the 15th in Stockholm, the 16th in Kathmandu.
    const instant = new Date('2026-11-15T22:30:00Z');
    await insertDeals(database, [{ userId: 1, commission: '10.00', instant, multi: 1, other: false }]);
    await insertMessages(database, [
      { userId: 1, receiver: '+461', instant, status: 'delivered' },
      { userId: 2, receiver: '+461', instant, status: 'delivered' },
    ]);
    const zone = 'Asia/Kathmandu';
    const read = () => readBoard(database, { period: 'today', now: new Date('2026-11-16T06:00:00Z'), zone });
    const fromRows = await read();
    expect(fromRows).toMatchObject({ from: '2026-11-16', totals: { deals: 1, commission: 10, sms: 1 } });
    expect(await keepBoardZone(database, zone, { leads: false })).toBe(true);
    await expectRollupRight(database, zone);
    expect(await read()).toEqual(fromRows);
    expect(await keepBoardZone(database, zone, { leads: true })).toBe(false);
  });

  it('keeps its zone while another leads', async () => {
    await database.query(
      `update leader_lease set process_id = gen_random_uuid(), expires_at = clock_timestamp() + interval '1 minute'`,
    );
    expect(await keepBoardZone(database, 'Europe/Oslo', { leads: false })).toBe(false);
    expect(await keepBoardZone(database, 'Europe/Oslo', { leads: true })).toBe(true);
    await database.query('update leader_lease set process_id = null, expires_at = null');
  });
});
