import type { Database, Queryable, Transaction } from '../storage/postgres.ts';

/** What is asked for: office days 'YYYY-MM-DD', the period's both included, and the first of those compared with. */
export interface BoardQuestion {
  beforeFrom: string;
  from: string;
  to: string;
  /** The whole months within: first day of the first, and the day after the last. The day after `to` twice: none. */
  months: { from: string; until: string };
  zone: string;
  /** The instants between which the days lie, for counting from the rows. */
  start: Date;
  end: Date;
}

/** The counted parts of a board. Money is decimal text. */
export interface CountedBoard {
  agents: AgentCount[];
  /** How many times several agents reached the same receiver on one day, for each set of agents. */
  shared: { userIds: number[]; receivers: number }[];
  /** Days of the period and before it with something on them. */
  days: { day: string; deals: number; commission: string }[];
}

export interface AgentCount {
  userId: number;
  name: string | null;
  group: string | null;
  deals: number;
  commission: string;
  /** Distinct receivers, summed over the days. */
  receivers: number;
}

/**
 * A day of the question. As a subquery its value does not move the planner's guess, so that a plan made once for any
 * days is found no worse than a new one for these, and is kept: planning took a quarter of the time.
 */
const day = (parameter: number): string => `(select $${parameter}::date)`;

/** True. Postgres runs a statement that asks it in one process; starting others takes longer than counting a board. */
const inOneProcess = 'current_schema() is not null';

/** The relations that a board is counted from, as the rollup keeps them. */
const rollup = `sold as (
    select user_id, deals, commission from board_months where month >= ${day(5)} and month < ${day(6)}
    union all
    select user_id, deals, commission from board_days where day >= ${day(2)} and day < ${day(5)}
    union all
    select user_id, deals, commission from board_days where day >= ${day(6)} and day <= ${day(3)}
  ), traded as (
    select day, deals, commission from board_totals where day between ${day(1)} and ${day(3)}
  ), texted as (
    select user_id, receivers from sms_months where month >= ${day(5)} and month < ${day(6)}
    union all
    select user_id, receivers from sms_days where day >= ${day(2)} and day < ${day(5)}
    union all
    select user_id, receivers from sms_days where day >= ${day(6)} and day <= ${day(3)}
  ), shared as (
    select user_ids from sms_shared_days where day between ${day(2)} and ${day(3)}
  )`;

/** The same, counted from the rows in whatever zone. */
const fromRows = `counted as (
    select office_day(order_date, $4) as day, user_id, sum(multi_deals) as deals,
           coalesce(sum(commission), 0) as commission
      from deals_all where order_date >= $5 and order_date < $6 and not is_duplicate group by 1, 2
  ), sold as (
    select user_id, deals, commission from counted where day >= $2::date
  ), traded as (
    select day, sum(deals) as deals, sum(commission) as commission from counted group by day
  ), reached as (
    select distinct office_day("timestamp", $4) as day, receiver, user_id
      from sms_messages where "timestamp" >= $5 and "timestamp" < $6 and status = 'delivered'
  ), texted as (
    select user_id, count(*) as receivers from reached where day between $2::date and $3::date group by user_id
  ), shared as (
    select array_agg(user_id order by user_id) as user_ids
      from reached where day between $2::date and $3::date group by day, receiver having count(*) > 1
  )`;

// Few joins and no more: planning takes longer than the work.
const parts = `
  select (select json_agg(a) from (
            select user_id as "userId", g.name, g.group_name as "group", u.deals, u.commission::text as commission,
                   u.receivers
              from (select user_id, sum(deals) as deals, sum(commission) as commission, sum(receivers) as receivers
                      from (select user_id, deals, commission, 0 as receivers from sold
                            union all select user_id, 0, 0, receivers from texted) b
                     group by user_id) u
              left join agents g using (user_id)) a) as agents,
         (select json_agg(s) from (
            select user_ids as "userIds", count(*) as receivers from shared group by user_ids) s) as shared,
         (select json_agg(d) from (
            select day::text, deals, commission::text as commission from traded) d) as days`;

interface PartsRow {
  agents: AgentCount[] | null;
  shared: CountedBoard['shared'] | null;
  days: CountedBoard['days'] | null;
}

/** Counts a board from the rollup; null when the rollup counts the days of another zone. One statement, one moment. */
export async function countFromRollup(db: Queryable, question: BoardQuestion): Promise<CountedBoard | null> {
  const rows = await db.query<PartsRow & { ours: boolean }>(
    `with ${rollup} select p.*, z.zone = $4 and ${inOneProcess} as ours from (${parts}) p, board_zone z`,
    [
      question.beforeFrom,
      question.from,
      question.to,
      question.zone,
      question.months.from,
      question.months.until,
    ],
    'board-from-rollup',
  );
  const row = rows.rows[0];
  return row?.ours ? countedBoard(row) : null;
}

/** Counts a board from deals and messages themselves: as right, and as slow as there are rows in the range. */
export async function countFromRows(db: Queryable, question: BoardQuestion): Promise<CountedBoard> {
  const { beforeFrom, from, to, zone, start, end } = question;
  const rows = await db.query<PartsRow>(
    `with ${fromRows} select p.* from (${parts}) p where $1::date is not null`,
    [beforeFrom, from, to, zone, start, end],
  );
  return countedBoard(rows.rows[0]!);
}

function countedBoard(row: PartsRow): CountedBoard {
  return { agents: row.agents ?? [], shared: row.shared ?? [], days: row.days ?? [] };
}

/** The zone whose days the rollup counts, and whether a leader is there to keep it. */
export async function readRollupZone(db: Queryable): Promise<{ zone: string; led: boolean }> {
  const rows = await db.query<{ zone: string; led: boolean }>(
    `select zone, exists (select from leader_lease where process_id is not null and expires_at > clock_timestamp()) as led
       from board_zone`,
  );
  return rows.rows[0]!;
}

/** Longest that counting everything anew may take, in ms: ten million deals took one to two and a half minutes. */
const rebuildMs = 900_000;

/** Counts the rollup anew in the days of a zone, in one transaction; passes and decisions wait meanwhile. */
export async function rebuildRollup(database: Database, zone: string): Promise<void> {
  await database.transaction((tx: Transaction) => tx.query('select rebuild_boards($1)', [zone]), {
    statementTimeoutMs: rebuildMs,
  });
}
