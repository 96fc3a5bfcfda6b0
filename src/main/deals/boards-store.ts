import type { Database, Queryable, Transaction } from '../storage/postgres.ts';

/** What is asked for: office days 'YYYY-MM-DD', the period's both included, and the first of those compared with. */
export interface BoardQuestion {
  beforeFrom: string;
  from: string;
  to: string;
  zone: string;
  /** The instants between which the days lie, for counting from the rows. */
  start: Date;
  end: Date;
}

/** The counted parts of a board. Money is decimal text. */
export interface CountedBoard {
  agents: AgentCount[];
  /** Receivers that are counted more than once among a group's agents; of group null, among the whole office's. */
  twice: { group: string | null; receivers: number }[];
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

/** The three relations that a board is counted from, as the rollup keeps them. */
const rollup = `sold as (
    select day, user_id, deals, commission from board_days where day between $1::date and $3::date
  ), texted as (
    select user_id, receivers from sms_days where day between $2::date and $3::date
  ), shared as (
    select day, receiver, user_ids from sms_shared_days where day between $2::date and $3::date
  )`;

/** The same, counted from the rows in whatever zone. */
const fromRows = `sold as (
    select office_day(order_date, $4) as day, user_id, sum(multi_deals) as deals,
           coalesce(sum(commission), 0) as commission
      from deals_all where order_date >= $5 and order_date < $6 and not is_duplicate group by 1, 2
  ), reached as (
    select distinct office_day("timestamp", $4) as day, receiver, user_id
      from sms_messages where "timestamp" >= $5 and "timestamp" < $6 and status = 'delivered'
  ), texted as (
    select user_id, count(*) as receivers from reached where day between $2::date and $3::date group by user_id
  ), shared as (
    select day, receiver, array_agg(user_id) as user_ids
      from reached where day between $2::date and $3::date group by 1, 2 having count(*) > 1
  )`;

const parts = `
  select (select json_agg(a) from (
            select user_id as "userId", g.name, g.group_name as "group", coalesce(s.deals, 0) as deals,
                   coalesce(s.commission, 0)::text as commission, coalesce(t.receivers, 0) as receivers
              from (select user_id, sum(deals) as deals, sum(commission) as commission
                      from sold where day >= $2::date group by user_id) s
              full join (select user_id, sum(receivers) as receivers from texted group by user_id) t using (user_id)
              left join agents g using (user_id)) a) as agents,
         (select json_agg(w) from (
            select null as "group", sum(cardinality(user_ids) - 1) as receivers from shared having count(*) > 0
            union all
            select group_name, sum(members - 1) from (
              select h.day, h.receiver, g.group_name, count(*) as members
                from shared h cross join unnest(h.user_ids) u join agents g on g.user_id = u
               where g.group_name is not null group by 1, 2, 3 having count(*) > 1) o
             group by group_name) w) as twice,
         (select json_agg(d) from (
            select day::text, sum(deals) as deals, sum(commission)::text as commission from sold group by day) d) as days`;

interface PartsRow {
  agents: AgentCount[] | null;
  twice: CountedBoard['twice'] | null;
  days: CountedBoard['days'] | null;
}

/** Counts a board from the rollup; null when the rollup counts the days of another zone. One statement, one moment. */
export async function countFromRollup(db: Queryable, question: BoardQuestion): Promise<CountedBoard | null> {
  const rows = await db.query<PartsRow & { ours: boolean }>(
    `with ${rollup} select p.*, z.zone = $4 as ours from (${parts}) p, board_zone z`,
    [question.beforeFrom, question.from, question.to, question.zone],
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
  return { agents: row.agents ?? [], twice: row.twice ?? [], days: row.days ?? [] };
}

/** The zone whose days the rollup counts, and whether a leader is there to keep it. */
export async function readRollupZone(db: Queryable): Promise<{ zone: string; led: boolean }> {
  const rows = await db.query<{ zone: string; led: boolean }>(
    `select zone, exists (select from leader_lease where process_id is not null and expires_at > clock_timestamp()) as led
       from board_zone`,
  );
  return rows.rows[0]!;
}

/** Longest that counting everything anew may take, in ms: ten million deals take a minute. */
const rebuildMs = 900_000;

/** Counts the rollup anew in the days of a zone, in one transaction; passes and decisions wait meanwhile. */
export async function rebuildRollup(database: Database, zone: string): Promise<void> {
  await database.transaction((tx: Transaction) => tx.query('select rebuild_boards($1)', [zone]), {
    statementTimeoutMs: rebuildMs,
  });
}
