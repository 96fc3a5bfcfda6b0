import type { DealView } from '../../shared/contract/deals.ts';
import type { Queryable } from '../storage/postgres.ts';
import type { AgentName } from './leaderboard.ts';

/** One of today's deals as the cache holds it. */
export interface TodayDeal {
  id: number;
  leadId: string;
  userId: number;
  campaign: string | null;
  commission: string | null;
  multiDeals: number;
  orderDate: Date;
  orderDateSource: DealView['order_date_source'];
  notes: string[];
  createdAt: Date;
  syncedAt: Date;
  /** The upstream state that this is. */
  upstreamAt: Date;
  /** Read while the database was away, and not in it yet. */
  unsaved?: true;
}

const dealColumns = `d.id, d.lead_id as "leadId", d.user_id as "userId", coalesce(c.name, d.campaign_id) as campaign,
  d.commission, d.multi_deals as "multiDeals", d.order_date as "orderDate", d.order_date_source as "orderDateSource",
  d.notes, d.created_at as "createdAt", d.synced_at as "syncedAt", d.upstream_updated_at as "upstreamAt"`;

/** The deals of a range that count: held ones are not in the table, replaced ones are left out. */
export async function dealsOf(db: Queryable, range: { start: Date; end: Date }): Promise<TodayDeal[]> {
  const rows = await db.query<TodayDeal>(
    `select ${dealColumns} from deals d left join campaigns c on c.id = d.campaign_id
      where d.order_date >= $1 and d.order_date < $2 and not d.is_duplicate`,
    [range.start, range.end],
  );
  return rows.rows;
}

/** Of these ids, the deals that count in the range. */
export async function dealsById(
  db: Queryable,
  ids: readonly number[],
  range: { start: Date; end: Date },
): Promise<TodayDeal[]> {
  const rows = await db.query<TodayDeal>(
    `select ${dealColumns} from deals d left join campaigns c on c.id = d.campaign_id
      where d.id = any ($3::bigint[]) and d.order_date >= $1 and d.order_date < $2 and not d.is_duplicate`,
    [range.start, range.end, [...ids]],
  );
  return rows.rows;
}

/** Who got a delivered message from whom in the range. */
export async function deliveredOf(
  db: Queryable,
  range: { start: Date; end: Date },
): Promise<{ userId: number; receiver: string }[]> {
  const rows = await db.query<{ userId: number; receiver: string }>(
    `select distinct user_id as "userId", receiver from sms_messages
      where "timestamp" >= $1 and "timestamp" < $2 and status = 'delivered'`,
    [range.start, range.end],
  );
  return rows.rows;
}

/** All agents' names and groups. */
export async function agentNames(db: Queryable): Promise<Map<number, AgentName>> {
  const rows = await db.query<{ user_id: number; name: string | null; group_name: string | null }>(
    'select user_id, name, group_name from agents',
  );
  return new Map(rows.rows.map((row) => [row.user_id, { name: row.name, group: row.group_name }]));
}
