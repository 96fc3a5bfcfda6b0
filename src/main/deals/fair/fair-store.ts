import type { Queryable } from '../../storage/postgres.ts';
import type { FairQuestion } from './fair-question.ts';

/** What is asked for; what is switched off is not counted. */
export interface FairAsked extends FairQuestion {
  zone: string;
  wantsBest: boolean;
  wantsBefore: boolean;
  /** Whoever began after this day is a rookie; null: nobody is. */
  rookiesAfter: string | null;
}

/** As counted; money is decimal text. */
export interface CountedFair {
  best: { userId: number; deals: number }[] | null;
  before: { userId: number; deals: number; commission: string }[] | null;
  rookies: number[] | null;
}

/** The number of a day's week, Monday first; plain arithmetic, since a function of each day takes as long as the rest. */
const weekOf = (day: string): string => `(${day} - date '1999-12-27') / 7`;

/** The most that each agent sold in a day, week or month before the first day of the period ($2). */
const bests: Record<NonNullable<FairQuestion['among']>, string> = {
  day: 'select user_id, max(deals) as deals from board_days where day < $2::date group by user_id',
  week: `select user_id, max(deals) as deals
           from (select user_id, sum(deals) as deals from board_days where day < $2::date
                  group by user_id, ${weekOf('day')}) w group by user_id`,
  month: 'select user_id, max(deals) as deals from board_months where month < $2::date group by user_id',
};

const before = `select user_id, sum(deals) as deals, sum(commission) as commission
                  from board_days where day between $3::date and $4::date group by user_id having sum(deals) > 0`;

/**
 * Who began after a day ($5): active since, and never before. By months first, which are few. Where fewer than half were
 * there before it, the office's own records begin about then (a stray old date says nothing), and nobody is told to be new.
 */
const rookies = `with seen as (
    select user_id, month from board_months union all select user_id, month from sms_months
  ), earlier as (
    select user_id from seen where month < date_trunc('month', $5::date::timestamp)::date
    union
    select user_id from board_days where day between date_trunc('month', $5::date::timestamp)::date and $5::date
    union
    select user_id from sms_days where day between date_trunc('month', $5::date::timestamp)::date and $5::date
  )
  select distinct s.user_id from seen s
   where 2 * (select count(*) from earlier) >= (select count(distinct user_id) from seen)
     and exists (select from earlier) and not exists (select from earlier e where e.user_id = s.user_id)`;

/** The rollup's tables counted from the rows, under their own names, which hides those. */
const fromRows = `board_days as (
    select office_day(order_date, $1) as day, user_id, sum(multi_deals) as deals,
           coalesce(sum(commission), 0) as commission
      from deals_all where not is_duplicate group by 1, 2
  ), board_months as (
    select date_trunc('month', day::timestamp)::date as month, user_id, sum(deals) as deals
      from board_days group by 1, 2
  ), sms_days as (
    select distinct office_day("timestamp", $1) as day, user_id from sms_messages where status = 'delivered'
  ), sms_months as (
    select distinct date_trunc('month', day::timestamp)::date as month, user_id from sms_days
  )`;

/**
 * Counts what a board is marked by, from the rollup, or from the rows where that counts the days of another zone. One
 * statement, one moment.
 */
export async function countFair(db: Queryable, asked: FairAsked): Promise<CountedFair> {
  const { zone, from, before: compared, rookiesAfter } = asked;
  const values = [zone, from, compared?.from ?? null, compared?.to ?? null, rookiesAfter];
  const fields = fieldsOf(asked);
  const kept = await db.query<CountedFair & { ours: boolean }>(
    `select z.zone = $1 as ours, ${fields} from board_zone z where ${given}`,
    values,
  );
  const row = kept.rows[0];
  if (row?.ours) return fairOf(row);
  const counted = await db.query<CountedFair>(`with ${fromRows} select ${fields} where ${given}`, values);
  return fairOf(counted.rows[0]!);
}

/** True. Names every parameter, so that a statement without one of them has its type all the same. */
const given = `($1::text, $2::date, $3::date, $4::date, $5::date) is not null or true`;

function fieldsOf(asked: FairAsked): string {
  const best = asked.wantsBest && asked.among !== null ? bests[asked.among] : null;
  const list = (rows: string | null, row: string): string =>
    rows === null ? 'null::json' : `(select coalesce(json_agg(${row}), '[]') from (${rows}) f)`;
  const sums = `json_build_object('userId', user_id, 'deals', deals, 'commission', commission::text)`;
  return `${list(best, `json_build_object('userId', user_id, 'deals', deals)`)} as best,
          ${list(asked.wantsBefore && asked.before ? before : null, sums)} as before,
          ${list(asked.rookiesAfter === null ? null : rookies, 'user_id')} as rookies`;
}

function fairOf({ best, before: compared, rookies: young }: CountedFair): CountedFair {
  return { best, before: compared, rookies: young };
}
