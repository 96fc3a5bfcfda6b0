import { expect } from 'vitest';
import { dayOf } from '../../src/shared/business-day.ts';
import type { BoardView } from '../../src/shared/contract/boards.ts';
import type { Days } from '../../src/main/deals/board-period.ts';
import { listDays } from '../../src/main/deals/board-period.ts';
import { makeBoard, toCents } from '../../src/main/deals/leaderboard.ts';
import type { Queryable } from '../../src/main/storage/postgres.ts';

/*
 * Boards counted the naive way: every row read, its day reckoned in JavaScript, receivers gathered in sets. Shares no
 * SQL with the rollup.
 */

interface RawDeal {
  user_id: number;
  commission: string | null;
  multi_deals: number;
  order_date: Date;
}

interface RawSms {
  user_id: number;
  receiver: string;
  timestamp: Date;
}

/** Everything that counts, with the office day of each. */
export async function readRaw(db: Queryable, zone: string) {
  const deals = await db.query<RawDeal>(
    'select user_id, commission::text, multi_deals, order_date from deals_all where not is_duplicate',
  );
  const sms = await db.query<RawSms>(
    `select user_id, receiver, "timestamp" from sms_messages where status = 'delivered'`,
  );
  const agents = await db.query<{ user_id: number; name: string | null; group_name: string | null }>(
    'select user_id, name, group_name from agents',
  );
  return {
    deals: deals.rows.map((row) => ({ ...row, day: dayOf(row.order_date, zone) })),
    sms: sms.rows.map((row) => ({ ...row, day: dayOf(row.timestamp, zone) })),
    agents: new Map(agents.rows.map((row) => [row.user_id, { name: row.name, group: row.group_name }])),
  };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const money = (deals: { commission: string | null }[]) =>
  sum(deals.map((deal) => toCents(deal.commission))) / 100;
const distinct = (sms: { day: string; receiver: string }[]) =>
  new Set(sms.map((message) => `${message.day} ${message.receiver}`)).size;
const rate = (deals: number, sms: number) => (sms > 0 ? deals / sms : null);

/** The board of some days, as `readBoard` has to answer it. */
export async function recountBoard(
  db: Queryable,
  days: Days,
  zone: string,
): Promise<Pick<BoardView, 'agents' | 'groups' | 'totals' | 'trend'>> {
  const raw = await readRaw(db, zone);
  const within = <Row extends { day: string }>(rows: Row[]) =>
    rows.filter((row) => row.day >= days.from && row.day <= days.to);
  const deals = within(raw.deals);
  const sms = within(raw.sms);
  const agents = makeBoard(
    deals.map((deal) => ({
      userId: deal.user_id,
      commissionCents: toCents(deal.commission),
      multiDeals: deal.multi_deals,
    })),
    sms.map((message) => ({ userId: message.user_id, receiver: message.receiver, day: message.day })),
    raw.agents,
  );
  const standing = (isIn: (userId: number) => boolean) => {
    const ofThem = deals.filter((deal) => isIn(deal.user_id));
    const count = sum(ofThem.map((deal) => deal.multi_deals));
    const reached = distinct(sms.filter((message) => isIn(message.user_id)));
    return { deals: count, commission: money(ofThem), sms: reached, conversion: rate(count, reached) };
  };
  const names = [...new Set(agents.flatMap((row) => (row.group === null ? [] : [row.group])))];
  const collator = new Intl.Collator('sv');
  return {
    agents,
    groups: names
      .map((group) => ({
        group,
        agents: agents.filter((row) => row.group === group).length,
        ...standing((userId) => raw.agents.get(userId)?.group === group),
      }))
      .sort((a, b) => b.deals - a.deals || b.commission - a.commission || collator.compare(a.group, b.group)),
    totals: standing(() => true),
    trend: listDays(days).map((day) => {
      const ofDay = deals.filter((deal) => deal.day === day);
      return { day, deals: sum(ofDay.map((deal) => deal.multi_deals)), commission: money(ofDay) };
    }),
  };
}

/** 'YYYY-MM-DD agent' as 'YYYY-MM agent'. */
const monthKey = (key: string): string => key.slice(0, 7) + key.slice(10);

/** Every row of the rollup is what the rows say, and there is no other. */
export async function expectRollupRight(db: Queryable, zone: string): Promise<void> {
  const raw = await readRaw(db, zone);
  const boardDays = new Map<string, { deals: number; cents: number; rows: number }>();
  for (const deal of raw.deals) {
    const key = `${deal.day} ${deal.user_id}`;
    const had = boardDays.get(key) ?? { deals: 0, cents: 0, rows: 0 };
    boardDays.set(key, {
      deals: had.deals + deal.multi_deals,
      cents: had.cents + toCents(deal.commission),
      rows: had.rows + 1,
    });
  }
  type Sums = Map<string, { deals: number; cents: number; rows: number }>;
  const sumBy = (keyOf: (key: string) => string): Sums => {
    const sums: Sums = new Map();
    for (const [key, of] of boardDays) {
      const had = sums.get(keyOf(key)) ?? { deals: 0, cents: 0, rows: 0 };
      sums.set(keyOf(key), {
        deals: had.deals + of.deals,
        cents: had.cents + of.cents,
        rows: had.rows + of.rows,
      });
    }
    return sums;
  };
  const lines = (sums: Sums) =>
    [...sums].map(([key, of]) => `${key} ${of.deals} ${(of.cents / 100).toFixed(2)} ${of.rows}`).sort();
  const receivers = new Map<string, Map<number, number>>();
  for (const message of raw.sms) {
    const key = `${message.day} ${message.receiver}`;
    const by = receivers.get(key) ?? new Map<number, number>();
    receivers.set(key, by.set(message.user_id, (by.get(message.user_id) ?? 0) + 1));
  }
  const smsDays = new Map<string, number>();
  for (const [key, by] of receivers) {
    const day = key.slice(0, 10);
    for (const userId of by.keys())
      smsDays.set(`${day} ${userId}`, (smsDays.get(`${day} ${userId}`) ?? 0) + 1);
  }
  const smsMonths = new Map<string, number>();
  for (const [key, count] of smsDays)
    smsMonths.set(monthKey(key), (smsMonths.get(monthKey(key)) ?? 0) + count);
  const kept = await db.query<{ name: string; lines: string[] }>(`
    select 'days' as name, coalesce(array_agg(concat_ws(' ', day, user_id, deals, commission, rows)), '{}') as lines from board_days
    union all
    select 'totals', coalesce(array_agg(concat_ws(' ', day, deals, commission, rows)), '{}') from board_totals
    union all
    select 'months', coalesce(array_agg(concat_ws(' ', to_char(month, 'YYYY-MM'), user_id, deals, commission, rows)), '{}') from board_months
    union all
    select 'smsMonths', coalesce(array_agg(concat_ws(' ', to_char(month, 'YYYY-MM'), user_id, receivers)), '{}') from sms_months
    union all
    select 'receivers', coalesce(array_agg(concat_ws(' ', day, receiver, user_id, messages)), '{}') from sms_receivers
    union all
    select 'sms', coalesce(array_agg(concat_ws(' ', day, user_id, receivers)), '{}') from sms_days
    union all
    select 'shared', coalesce(array_agg(concat_ws(' ', day, receiver, array_to_string(user_ids, ','))), '{}') from sms_shared_days`);
  const sorted = Object.fromEntries(kept.rows.map((row) => [row.name, row.lines.sort()]));
  expect(sorted).toEqual({
    days: lines(boardDays),
    totals: lines(sumBy((key) => key.slice(0, 10))),
    months: lines(sumBy(monthKey)),
    smsMonths: [...smsMonths].map(([key, count]) => `${key} ${count}`).sort(),
    receivers: [...receivers]
      .flatMap(([key, by]) => [...by].map(([userId, messages]) => `${key} ${userId} ${messages}`))
      .sort(),
    sms: [...smsDays].map(([key, count]) => `${key} ${count}`).sort(),
    shared: [...receivers]
      .filter(([, by]) => by.size > 1)
      .map(([key, by]) => `${key} ${[...by.keys()].sort((a, b) => a - b).join(',')}`)
      .sort(),
  });
}
