import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayOf, startOfDay } from '../../../src/shared/business-day.ts';
import { markBoard } from '../../../src/shared/fair-board.ts';
import { addDays, daysOfPeriod, listDays, shapeOf, type Days } from '../../../src/main/deals/board-period.ts';
import { rebuildRollup } from '../../../src/main/deals/boards-store.ts';
import { readFair, type FairSettings } from '../../../src/main/deals/fair/read-fair.ts';
import { readBoard } from '../../../src/main/deals/read-board.ts';
import type { Queryable } from '../../../src/main/storage/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { readRaw } from '../recount-boards.ts';

const zones = ['Europe/Stockholm', 'America/New_York', 'Pacific/Apia'] as const;
/** Around the days on which clocks change, months end and years begin. */
const nodes = ['2026-03-29', '2026-10-25', '2026-11-01', '2026-12-31', '2027-01-04'];
const around = [-3_600_000, -1, 0, 1, 7_200_000, 43_200_000];
const on: FairSettings = { fairBest: true, fairImproved: true, fairRookieDays: 30, fairHideLast: 2 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function sell(
  db: Queryable,
  userId: number,
  at: Date,
  multi = 1,
  commission = '100.00',
): Promise<void> {
  await db.query(
    `insert into deals (lead_id, user_id, commission, multi_deals, order_date, status, synced_at, upstream_updated_at)
     values (gen_random_uuid()::text, $1, $2, $3, $4, 'success', now(), now())`,
    [userId, commission, multi, at],
  );
}
async function reach(db: Queryable, userId: number, at: Date): Promise<void> {
  await db.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", status, synced_at)
     values (gen_random_uuid()::text, $1, '+461', $2, 'delivered', now())`,
    [userId, at],
  );
}

/** The same facts counted the naive way: every row read, its day reckoned in JavaScript. */
async function recount(db: Queryable, days: Days, today: string, zone: string) {
  const { deals, sms } = await readRaw(db, zone);
  const shape = shapeOf(days);
  const spanOf = (day: string): string => {
    if (shape === 'week') return daysOfPeriod('week', startOfDay(day, 'UTC'), 'UTC').from;
    return shape === 'month' ? day.slice(0, 7) : day;
  };
  const users = [...new Set([...deals, ...sms].map((one) => one.user_id))].sort((a, b) => a - b);
  const sum = (of: { multi_deals: number }[]) => of.reduce((total, one) => total + one.multi_deals, 0);
  const best: Record<string, number> = {};
  for (const user of users) {
    const earlier = deals.filter((deal) => deal.user_id === user && deal.day < days.from);
    const spans = new Map<string, number>();
    for (const deal of earlier)
      spans.set(spanOf(deal.day), (spans.get(spanOf(deal.day)) ?? 0) + deal.multi_deals);
    if (spans.size > 0) best[user] = Math.max(...spans.values());
  }
  const asOf = days.to < today ? days.to : today;
  const begun = listDays(days).filter((day) => day <= today).length;
  const first = shape === 'day' ? addDays(days.from, -7) : addDays(days.from, -listDays(days).length);
  const compared = Array.from({ length: begun }, (_, n) => addDays(first, n));
  const before: Record<string, number> = {};
  for (const user of users) {
    const then = sum(deals.filter((deal) => deal.user_id === user && compared.includes(deal.day)));
    if (then > 0) before[user] = then;
  }
  const traces = [...deals, ...sms];
  const beganOf = (user: number) =>
    traces
      .filter((one) => one.user_id === user)
      .map((one) => one.day)
      .sort()[0]!;
  const limit = addDays(asOf, -on.fairRookieDays);
  // Where fewer than half were there before, the office's records begin about then.
  const earlier = users.filter((user) => beganOf(user) <= limit).length;
  const rookies =
    earlier > 0 && 2 * earlier >= users.length ? users.filter((user) => beganOf(user) > limit) : [];
  return {
    best: shape === 'range' ? null : best,
    before: begun === 0 ? null : before,
    rookies: rookies.map(String),
  };
}

/** Facts in the form of the recount. */
async function facts(db: Queryable, period: Days, now: Date, zone: string) {
  const found = await readFair(db, { period, now, settings: { ...on, timeZone: zone } });
  const before =
    found.before && Object.fromEntries(Object.entries(found.before).map(([user, of]) => [user, of.deals]));
  return { best: found.best, before, rookies: found.rookies?.toSorted((a, b) => Number(a) - Number(b)) };
}

describe('what boards are marked by', () => {
  it('equals a recount of every row, on days on which clocks change too', async () => {
    const instant = fc
      .tuple(fc.constantFrom(...nodes), fc.integer({ min: -40, max: 12 }), fc.constantFrom(...around))
      .map(([day, away, ms]) => ({ day: addDays(day, away), ms }));
    const deal = fc.record({
      user: fc.integer({ min: 1, max: 5 }),
      at: instant,
      multi: fc.integer({ min: 0, max: 4 }),
      text: fc.boolean(),
    });
    const period = fc.constantFrom('today', 'week', 'month', 'range');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.array(deal, { minLength: 1, maxLength: 14 }),
        fc.constantFrom(...nodes),
        period,
        fc.boolean(),
        async (zone, sold, day, asked, kept) => {
          await database.query('truncate deals, sms_messages cascade');
          // Half of the time the rollup counts other days, so that the rows themselves are counted.
          await rebuildRollup(database, kept ? zone : 'Asia/Kathmandu');
          for (const { user, at, multi, text } of sold) {
            const when = new Date(startOfDay(at.day, zone).getTime() + at.ms);
            await (text ? reach(database, user, when) : sell(database, user, when, multi));
          }
          const now = new Date(startOfDay(day, zone).getTime() + 43_200_000);
          const days =
            asked === 'range'
              ? { from: addDays(day, -4), to: addDays(day, 1) }
              : daysOfPeriod(asked, now, zone);
          expect(await facts(database, days, now, zone)).toEqual(
            await recount(database, days, dayOf(now, zone), zone),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('naively told by days of UTC would not', async () => {
    await database.query('truncate deals, sms_messages cascade');
    await rebuildRollup(database, 'Europe/Stockholm');
    // Half past midnight of the 26th, the day after the clocks went back: still the 25th in UTC.
    await sell(database, 1, new Date('2026-10-25T23:30:00Z'), 3);
    const now = new Date('2026-10-26T12:00:00Z');
    const today = { from: '2026-10-26', to: '2026-10-26' };
    expect((await facts(database, today, now, 'Europe/Stockholm')).best).toEqual({});
    expect((await facts(database, today, now, 'UTC')).best).toEqual({ '1': 3 });
  });

  it('asks nothing of the database where every switch is off', async () => {
    const refusing = { query: () => Promise.reject(new Error('asked')) } as unknown as Queryable;
    const off = { fairBest: false, fairImproved: false, fairRookieDays: 0, fairHideLast: 4, timeZone: 'UTC' };
    expect(await readFair(refusing, { period: 'week', now: new Date(), settings: off })).toEqual({
      ...{ best: null, before: null, rookies: null },
      hide_last: 4,
    });
  });

  it('counts each only where it is switched on', async () => {
    await database.query('truncate deals, sms_messages cascade');
    await rebuildRollup(database, 'UTC');
    await sell(database, 1, new Date('2026-09-01T12:00:00Z'));
    await sell(database, 2, new Date('2026-11-10T12:00:00Z'));
    await sell(database, 2, new Date('2026-11-18T12:00:00Z'), 2);
    const now = new Date('2026-11-18T15:00:00Z');
    const read = (some: Partial<FairSettings>) =>
      readFair(database, {
        ...{ period: 'week' as const, now },
        settings: {
          fairBest: false,
          fairImproved: false,
          fairRookieDays: 0,
          fairHideLast: 0,
          ...some,
          timeZone: 'UTC',
        },
      });
    expect(await read({ fairBest: true })).toMatchObject({
      best: { '1': 1, '2': 1 },
      before: null,
      rookies: null,
    });
    expect(await read({ fairImproved: true })).toMatchObject({
      ...{ best: null, rookies: null },
      before: { '2': { deals: 1, commission: 100 } },
    });
    expect(await read({ fairRookieDays: 14 })).toMatchObject({ best: null, before: null, rookies: ['2'] });
    const board = await readBoard(database, { period: 'week', now, zone: 'UTC' });
    expect(markBoard(board.agents, await read(on)).get('2')).toEqual({ best: 1, rise: 1, rookie: true });
    // With one old deal among agents who all begin now, it is the records that are new, not the people.
    for (const agent of [3, 4]) await sell(database, agent, new Date('2026-11-17T12:00:00Z'));
    expect(await read({ fairRookieDays: 14 })).toMatchObject({ rookies: [] });
  });
});
