import type { LegacyConflict, LegacyCounts } from '../../../shared/contract/legacy.ts';
import type { SmsFact } from '../map-sms.ts';
import { streamRows } from '../../storage/copy-rows.ts';
import type { Transaction } from '../../storage/postgres.ts';
import type { LegacyDeal } from './map-legacy.ts';

/** Conflicts that are listed; the count says how many there are. */
const mostListed = 200;

/** Makes the tables that an import is brought to; they end with the transaction. */
export async function beginImport(tx: Transaction): Promise<void> {
  await tx.query(
    `create temp table import_deals (
       number integer, lead_id text, user_id integer, campaign_id text, commission numeric(14,2), multi_deals integer,
       order_date timestamptz, order_date_source text, notes text[]) on commit drop`,
  );
  await tx.query(
    `create temp table import_sms (
       number integer, id text, user_id integer, receiver text, "timestamp" timestamptz, campaign_id text, lead_id text,
       status text) on commit drop`,
  );
}

export async function bringDeals(
  tx: Transaction,
  deals: readonly { number: number; fact: LegacyDeal }[],
): Promise<void> {
  await streamRows(tx.client, 'copy import_deals from stdin', deals, ({ number, fact }) => [
    number,
    fact.leadId,
    fact.userId,
    fact.campaignId,
    fact.commission,
    fact.multiDeals,
    fact.orderDate,
    fact.orderDateSource,
    `{${fact.notes.join(',')}}`,
  ]);
}

export async function bringSms(
  tx: Transaction,
  messages: readonly { number: number; fact: SmsFact }[],
): Promise<void> {
  await streamRows(
    tx.client,
    'copy import_sms (number, id, user_id, receiver, "timestamp", campaign_id, lead_id, status) from stdin',
    messages,
    ({ number, fact }) => [
      number,
      fact.id,
      fact.userId,
      fact.receiver,
      fact.timestamp,
      fact.campaignId,
      fact.leadId,
      fact.status,
    ],
  );
}

const content = (row: string) =>
  `(${row}.user_id, ${row}.campaign_id, ${row}.commission, ${row}.multi_deals)`;

export interface JudgedDeals {
  inserted: number;
  /** Already in the database, or folded into another record of the file. */
  known: number;
  conflicts: number;
  listed: LegacyCounts['conflicts'];
}

/**
 * Judges each order of the file (lead and order instant) once: new, known, or in conflict with what the database has,
 * has had, or with the file itself.
 */
export async function judgeDeals(tx: Transaction): Promise<JudgedDeals> {
  await tx.query('analyze import_deals');
  await tx.query(
    `create temp table import_judged on commit drop as
     with orders as (
       select lead_id, order_date, min(number) as number, count(*)::int as times,
              count(distinct ${content('d')}::text) as contents
         from import_deals d group by lead_id, order_date),
     stored as (select distinct lead_id from deals_all where lead_id in (select lead_id from import_deals)),
     same as (
       select distinct d.number
         from import_deals d join deals_all s on s.lead_id = d.lead_id and s.order_date = d.order_date
          and ${content('s')} is not distinct from ${content('d')}),
     removed as (
       select distinct lead_id from deal_history where change = 'removed' and lead_id in (select lead_id from import_deals))
     select d.*, o.times,
            case when o.contents > 1 then 'twice-in-file'
                 when same.number is not null then 'known'
                 when stored.lead_id is not null then 'other-content'
                 when removed.lead_id is not null then 'removed-since'
                 else 'new' end as verdict
       from orders o
       join import_deals d using (number)
       left join same using (number)
       left join stored on stored.lead_id = d.lead_id
       left join removed on removed.lead_id = d.lead_id`,
  );
  const rows = await tx.query<{ inserted: number; folded: number; known: number; conflicts: number }>(
    `select coalesce(sum(1) filter (where verdict = 'new'), 0)::int as inserted,
            coalesce(sum(times - 1) filter (where verdict = 'new'), 0)::int as folded,
            coalesce(sum(times) filter (where verdict = 'known'), 0)::int as known,
            coalesce(sum(times) filter (where verdict not in ('new', 'known')), 0)::int as conflicts
       from import_judged`,
  );
  const { inserted, folded, known, conflicts } = rows.rows[0]!;
  const listed = await tx.query<{ lead_id: string; order_date: Date; verdict: LegacyConflict }>(
    `select lead_id, order_date, verdict from import_judged where verdict not in ('new', 'known') order by number limit $1`,
    [mostListed],
  );
  return {
    inserted,
    known: known + folded,
    conflicts,
    listed: listed.rows.map(({ lead_id, order_date, verdict }) => ({
      lead_id,
      order_date: order_date.toISOString(),
      why: verdict,
    })),
  };
}

/**
 * Inserts the deals judged new. Of a lead with several the newest follows upstream; its stamp is the order's, so that a
 * pass over that time looks the lead up before it believes it gone.
 */
export async function insertDeals(tx: Transaction, now: Date): Promise<number> {
  const inserted = await tx.query(
    `insert into deals (lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
                        notes, follows, upstream_updated_at, synced_at, created_at)
     select lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, 'success', notes,
            row_number() over (partition by lead_id order by order_date desc) = 1, least(order_date, $1), $1, $1
       from import_judged where verdict = 'new' order by order_date, number`,
    [now],
  );
  return inserted.rowCount ?? 0;
}

/** First and last office day of the file's deals, on which boards rely as read; null without any. */
export async function daysOfDeals(
  tx: Transaction,
  zone: string,
): Promise<{ from: string; to: string } | null> {
  const found = await tx.query<{ from: string | null; to: string }>(
    `select min((order_date at time zone $1)::date)::text as "from", max((order_date at time zone $1)::date)::text as "to"
       from import_deals`,
    [zone],
  );
  const { from, to } = found.rows[0]!;
  return from === null ? null : { from, to };
}

/** Inserts messages that are not stored; of one that the file holds twice, the later record. */
export async function insertSms(tx: Transaction, now: Date): Promise<number> {
  const inserted = await tx.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", campaign_id, lead_id, status, synced_at, created_at)
     select distinct on (id) id, user_id, receiver, "timestamp", campaign_id, lead_id, status, $1, $1
       from import_sms order by id, number desc
     on conflict (id) do nothing`,
    [now],
  );
  return inserted.rowCount ?? 0;
}

/** How many messages of the files are not stored. */
export async function countNewSms(tx: Transaction): Promise<number> {
  const found = await tx.query<{ count: number }>(
    `select count(distinct id)::int as count from import_sms i
      where not exists (select from sms_messages m where m.id = i.id)`,
  );
  return found.rows[0]!.count;
}
