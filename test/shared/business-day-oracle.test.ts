import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import {
  dayOf,
  monthRange,
  todayRange,
  weekRange,
  windowRange,
  type Range,
} from '../../src/shared/business-day.ts';
import { testServerUrl } from '../support/postgres.ts';

/** What Postgres says of one instant: its local day, and the local days at which its periods begin and end. */
interface OracleRow {
  ms: string;
  day: string;
  next_day: string;
  monday: string;
  next_monday: string;
  first: string;
  next_first: string;
  window_start: string;
}

/** What is asked; a mutant implements it too. */
interface Rules {
  dayOf(instant: Date, zone: string): string;
  today(instant: Date, zone: string): Range;
  week(instant: Date, zone: string): Range;
  month(instant: Date, zone: string): Range;
  window(instant: Date, zone: string): Range;
}

const ours: Rules = { dayOf, today: todayRange, week: weekRange, month: monthRange, window: windowRange };

/** Deliberately naive: days of UTC whatever the office's zone. The same check must catch it. */
const utcMutant: Rules = {
  dayOf: (instant) => dayOf(instant, 'UTC'),
  today: (instant) => todayRange(instant, 'UTC'),
  week: (instant) => weekRange(instant, 'UTC'),
  month: (instant) => monthRange(instant, 'UTC'),
  window: (instant) => windowRange(instant, 'UTC'),
};

/** Deliberately naive: adds 24 hours to midnight, which is wrong on two days a year. */
const fixedDayMutant: Rules = {
  ...ours,
  today: (instant, zone) => {
    const { start } = todayRange(instant, zone);
    return { start, end: new Date(start.getTime() + 86_400_000) };
  },
};

const describeInstants = `
  select extract(epoch from t) * 1000 as ms, local::date::text as day, (local::date + 1)::text as next_day,
         date_trunc('week', local)::date::text as monday,
         (date_trunc('week', local)::date + 7)::text as next_monday,
         date_trunc('month', local)::date::text as first,
         (date_trunc('month', local) + interval '1 month')::date::text as next_first,
         (date_trunc('month', local)::date - 7)::text as window_start
    from (select t, t at time zone $1 as local from instants) at_office`;

const everyHourOfFiveYears = `
  with instants as (select generate_series('2023-01-01T00:00Z'::timestamptz, '2027-12-31T23:00Z', '1 hour') as t)
  ${describeInstants}`;

const everyMinuteAroundChanges = `
  with hours as (
    select t, t at time zone $1 - t at time zone 'UTC' as utc_offset
      from generate_series('2020-01-01T00:00Z'::timestamptz, '2035-12-31T23:00Z', '1 hour') as t
  ), changes as (
    select t from (select t, utc_offset, lag(utc_offset) over (order by t) as before from hours) pairs
     where utc_offset <> before
  ), instants as (
    select distinct changes.t + m * interval '1 minute' as t from changes, generate_series(-180, 180) as m
  )
  ${describeInstants}`;

/** Counts the instants for which a rule and Postgres disagree. */
function countDisagreements(rows: OracleRow[], zone: string, rules: Rules): number {
  const asked = new Map<number, string>();
  const dayAt = (time: number) => {
    const known = asked.get(time);
    if (known !== undefined) return known;
    const day = dayOf(new Date(time), zone);
    asked.set(time, day);
    return day;
  };
  // A range is right if its ends are on the days that Postgres names, and the ms before them is not.
  const fits = (range: Range, time: number, first: string, next: string) => {
    const start = range.start.getTime();
    const end = range.end.getTime();
    const holds = start <= time && time < end;
    return (
      holds &&
      dayAt(start) === first &&
      dayAt(start - 1) < first &&
      dayAt(end) >= next &&
      dayAt(end - 1) < next
    );
  };
  let wrong = 0;
  for (const row of rows) {
    const time = Number(row.ms);
    const instant = new Date(time);
    const right =
      rules.dayOf(instant, zone) === row.day &&
      fits(rules.today(instant, zone), time, row.day, row.next_day) &&
      fits(rules.week(instant, zone), time, row.monday, row.next_monday) &&
      fits(rules.month(instant, zone), time, row.first, row.next_first) &&
      fits(rules.window(instant, zone), time, row.window_start, row.next_first);
    if (!right) wrong += 1;
  }
  return wrong;
}

describe.each(['Europe/Stockholm', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
  'days in %s',
  (zone) => {
    let database: Database;
    let hours: OracleRow[];
    let minutes: OracleRow[];

    beforeAll(async () => {
      database = openDatabase({ url: testServerUrl(), applicationName: 'test days', maxConnections: 1 });
      hours = (await database.query<OracleRow>(everyHourOfFiveYears, [zone])).rows;
      minutes = (await database.query<OracleRow>(everyMinuteAroundChanges, [zone])).rows;
    });
    afterAll(() => database.close());

    it('are those of Postgres in every hour of five years', () => {
      expect(hours.length).toBe((365 * 5 + 1) * 24);
      expect(countDisagreements(hours, zone, ours)).toBe(0);
    });

    it('are those of Postgres in every minute around a change of clocks from 2020 to 2035', () => {
      const changes = { 'Asia/Kathmandu': 0, 'Pacific/Apia': 3 }[zone] ?? 32;
      expect(minutes.length).toBe(changes * 361);
      expect(countDisagreements(minutes, zone, ours)).toBe(0);
    });

    it('are not those of a naive rule', () => {
      expect(countDisagreements(hours, zone, utcMutant)).toBeGreaterThan(hours.length / 10);
      if (minutes.length > 0) expect(countDisagreements(minutes, zone, utcMutant)).toBeGreaterThan(0);
      if (minutes.length > 1_500)
        expect(countDisagreements(minutes, zone, fixedDayMutant)).toBeGreaterThan(1_000);
    });
  },
);
