import { maxListedIds } from '../../shared/contract/changes.ts';
import { streamRows } from '../storage/copy-rows.ts';
import type { CopyValue } from '../storage/copy-text.ts';
import type { SqlValue, Transaction } from '../storage/postgres.ts';
import { bringBack } from './archive-store.ts';
import type { DuplicateReason, Suspect } from './find-duplicates.ts';
import type { LeadFact } from './map-lead.ts';

/** From here on facts are streamed into the stage table; below, they travel as arrays in one statement. */
const streamFrom = 2_000;

/** Up to here one plan fits, and making it takes several times as long as applying the facts: it is kept. */
export const fewFacts = 200;

export interface ApplyOptions {
  officeZone: string;
  commissionChangeIsDuplicate: boolean;
  runId: number;
  now: Date;
  /** The office's day: new deals of it are told apart. */
  today: { start: Date; end: Date };
}

export interface Applied {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Leads whose open pending duplicate stands as it was. */
  waiting: number;
  /** Inserted and updated deals; null when there are too many to name. */
  ids: number[] | null;
  /** Inserted deals of today, at most as many as are named. */
  newToday: number[];
  suspects: Suspect[];
  /** Leads of which nothing was applied yet, since their deals are in the archive; none in the end. */
  archived: string[];
}

/** A statement's source of facts: the stage table, or arrays bound from parameter `$1` on. */
export interface FactSource {
  sql: string;
  values: SqlValue[];
  few?: boolean;
}

const factColumns =
  'lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes, updated_at';

/** Facts as a relation: streamed into the stage when many, as arrays when few. */
export async function bringFacts(tx: Transaction, facts: readonly LeadFact[]): Promise<FactSource> {
  if (facts.length >= streamFrom) {
    await tx.query('truncate stage_deals');
    await streamRows(tx.client, `copy stage_deals (${factColumns}) from stdin`, facts, factRow);
    return { sql: 'stage_deals', values: [] };
  }
  return {
    sql: `(select lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
                  string_to_array(nullif(notes, ''), ',') as notes, updated_at
             from unnest($1::text[], $2::int[], $3::text[], $4::numeric[], $5::int[], $6::timestamptz[],
                         $7::text[], $8::text[], $9::text[], $10::timestamptz[])
               as fact (${factColumns}))`,
    few: facts.length <= fewFacts,
    values: [
      facts.map((fact) => fact.leadId),
      facts.map((fact) => fact.userId),
      facts.map((fact) => fact.campaignId),
      facts.map((fact) => fact.commission),
      facts.map((fact) => fact.multiDeals),
      facts.map((fact) => fact.orderDate),
      facts.map((fact) => fact.orderDateSource),
      facts.map((fact) => fact.status),
      facts.map((fact) => fact.notes.join(',')),
      facts.map((fact) => fact.updatedAt),
    ],
  };
}

function factRow(fact: LeadFact): CopyValue[] {
  return [
    fact.leadId,
    fact.userId,
    fact.campaignId,
    fact.commission,
    fact.multiDeals,
    fact.orderDate,
    fact.orderDateSource,
    fact.status,
    `{${fact.notes.join(',')}}`,
    fact.updatedAt,
  ];
}

/**
 * Applies facts in one statement: classifies each lead once against the row that follows upstream, inserts new
 * ones, updates changed ones (before-image kept), refreshes moved stamps, and answers the suspects, which
 * nothing was applied of. Unchanged rows are not written and do not leave the database.
 */
export async function applyFacts(
  tx: Transaction,
  source: FactSource,
  options: ApplyOptions,
): Promise<Applied> {
  const applied = await applyOnce(tx, source, options);
  if (applied.archived.length === 0) return applied;
  // Upstream moved what lies in the archive: it comes back first, and is then compared like any other.
  await bringBack(tx, applied.archived);
  const late: FactSource = {
    sql: `(select f.* from ${source.sql} f where f.lead_id = any ($${source.values.length + 1}::text[]))`,
    values: [...source.values, applied.archived],
  };
  return together(applied, await applyOnce(tx, late, options));
}

function together(first: Applied, second: Applied): Applied {
  const ids = first.ids && second.ids ? [...first.ids, ...second.ids] : null;
  return {
    inserted: first.inserted + second.inserted,
    updated: first.updated + second.updated,
    unchanged: first.unchanged + second.unchanged,
    waiting: first.waiting + second.waiting,
    ids: ids && ids.length <= maxListedIds ? ids : null,
    newToday: [...first.newToday, ...second.newToday].slice(0, maxListedIds),
    suspects: [...first.suspects, ...second.suspects],
    archived: [],
  };
}

async function applyOnce(tx: Transaction, source: FactSource, options: ApplyOptions): Promise<Applied> {
  const first = source.values.length;
  const zone = `$${first + 1}::text`;
  const commissionRule = `$${first + 2}::boolean`;
  const runId = `$${first + 3}::bigint`;
  const now = `$${first + 4}::timestamptz`;
  const today = { start: `$${first + 5}::timestamptz`, end: `$${first + 6}::timestamptz` };
  const result = await tx.query<ApplyRow>(
    applyStatement(source.sql, { zone, commissionRule, runId, now, today }),
    [
      ...source.values,
      options.officeZone,
      options.commissionChangeIsDuplicate,
      options.runId,
      options.now,
      options.today.start,
      options.today.end,
    ],
    source.few ? 'apply-few-facts' : undefined,
  );
  const row = result.rows[0]!;
  const ids = [...(row.inserted_ids ?? []), ...(row.changed_ids ?? [])];
  return {
    inserted: row.inserted,
    updated: row.updated,
    unchanged: row.unchanged,
    waiting: row.waiting,
    ids: ids.length <= maxListedIds ? ids : null,
    newToday: row.new_today ?? [],
    suspects: (row.suspects ?? []).map(readSuspect),
    archived: row.archived ?? [],
  };
}

interface StatementParameters {
  zone: string;
  commissionRule: string;
  runId: string;
  now: string;
  today: { start: string; end: string };
}

function applyStatement(facts: string, p: StatementParameters) {
  return `
    with compared as (
      select s.*, d.id as deal_id, d.order_date as had_order_date, d.order_date_source as had_source,
             d.version as had_version, d.upstream_updated_at as had_stamp, d.notes as had_notes, d.removal_refused_at is not null as was_refused,
             d.user_id <> s.user_id as other_agent,
             case
               when s.order_date is null or d.order_date_source = 'fallback' then false
               when s.order_date_source = 'day' or d.order_date_source = 'day'
                 then (s.order_date at time zone ${p.zone})::date <> (d.order_date at time zone ${p.zone})::date
               else s.order_date <> d.order_date
             end as other_order,
             ${p.commissionRule} and coalesce(s.commission, 0) <> 0 and coalesce(d.commission, 0) <> 0
               and s.commission <> d.commission as other_commission,
             (s.commission is distinct from d.commission) or s.multi_deals <> d.multi_deals
               or (s.campaign_id is distinct from d.campaign_id) or s.status <> d.status as other_details
        from ${facts} s
        left join deals d on d.lead_id = s.lead_id and d.follows
    ), ordered as (
      -- What the order date becomes: a given one is kept when later blanked, and is not made coarser.
      select c.*,
             case when deal_id is null then coalesce(order_date, updated_at)
                  when order_date is null or (order_date_source = 'day' and had_source = 'instant') then had_order_date
                  else order_date end as next_order_date,
             case when deal_id is null then order_date_source
                  when order_date is null or (order_date_source = 'day' and had_source = 'instant') then had_source
                  else order_date_source end as next_source
        from compared c
    ), judged as (
      select o.*,
             case
               when deal_id is null and not exists (select from deals k where k.lead_id = o.lead_id) then
                 case when not exists (select from deals_archive a where a.lead_id = o.lead_id) then 'insert'
                      when exists (
                        -- nothing happened to it upstream since it was archived: it stays there
                        select from deals_archive a
                         where a.lead_id = o.lead_id and a.follows and a.upstream_updated_at = o.updated_at
                           and (a.user_id, a.campaign_id, a.commission, a.multi_deals, a.status)
                             is not distinct from (o.user_id, o.campaign_id, o.commission, o.multi_deals, o.status)
                           and a.order_date = coalesce(o.order_date, a.order_date)) then 'settled'
                      else 'archived' end
               -- seen again after its row was removed: a person counted this very state, and that stands
               when deal_id is null and exists (
                 select from pending_duplicates r
                  where r.lead_id = o.lead_id and r.state_key = ${stateKey('o')} and r.status = 'resolved'
                    and r.resolution in ('approved', 'replaced')) then 'insert'
               when deal_id is null then 'suspect'
               when other_agent or other_order or other_commission then 'suspect'
               when other_details or next_order_date <> had_order_date or next_source <> had_source then
                 case when exists (
                   -- a person chose what the row takes of this very state, and nothing changed it since
                   select from pending_duplicates r
                    where r.lead_id = o.lead_id and r.state_key = ${stateKey('o')} and r.status = 'resolved'
                      and r.existing_deal_id = o.deal_id and r.resolution in ('merged', 'rejected')
                      and (r.existing_data->>'version')::int
                            + (case r.resolution when 'merged' then 1 else 0 end) = o.had_version
                 ) then 'settled' else 'update' end
               else 'same'
             end as class
        from ordered o
      offset 0 -- judged once for each row, not again by the filter below
    ), classified as (
      -- Only rows of which something is to become: the unchanged bulk of a window is not carried any further.
      select * from judged
       where class not in ('same', 'settled') or had_stamp <> updated_at or was_refused
          or (class = 'same' and had_notes <> coalesce(notes, '{}'))
          or lead_id in (select w.lead_id from pending_duplicates w where w.status = 'pending')
    ), inserted as (
      insert into deals (lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
                         notes, upstream_updated_at, synced_at, created_at)
      select lead_id, user_id, campaign_id, commission, multi_deals, next_order_date, next_source, status,
             coalesce(notes, '{}'), updated_at, ${p.now}, ${p.now}
        from classified where class = 'insert'
      -- A decision may have inserted one since we looked: the unique index refuses ours, and the transaction is
      -- repeated. ON CONFLICT would cost every insert of a large load a quarter more.
      returning id, order_date
    ), updated as (
      -- A decision may have frozen or merged the row since we looked: its last two conditions are asked again after a
      -- wait for its lock, and the next pass compares with what it is then.
      update deals d
         set commission = c.commission, multi_deals = c.multi_deals, campaign_id = c.campaign_id, status = c.status,
             order_date = c.next_order_date, order_date_source = c.next_source, notes = coalesce(c.notes, '{}'),
             upstream_updated_at = c.updated_at, removal_refused_at = null, version = d.version + 1,
             synced_at = ${p.now}
        from classified c
       where d.id = c.deal_id and c.class = 'update' and d.follows and d.version = c.had_version
      returning d.id
    ), kept_before as (
      -- As this statement first saw them, which is of the same version as what was updated.
      insert into deal_history (deal_id, lead_id, change, before, run_id, changed_at)
      select d.id, d.lead_id, 'updated', to_jsonb(d), ${p.runId}, ${p.now}
        from updated u join deals d on d.id = u.id
    ), touched as (
      -- The lead moved upstream, its content did not: only what later passes compare with is written.
      update deals d
         set upstream_updated_at = c.updated_at, removal_refused_at = null,
             notes = case when c.class = 'same' then coalesce(c.notes, '{}') else d.notes end
        from classified c
       where d.id = c.deal_id and c.class in ('same', 'suspect', 'settled') and d.follows and d.version = c.had_version
         and (c.had_stamp <> c.updated_at or c.was_refused
              or (c.class = 'same' and c.had_notes <> coalesce(c.notes, '{}')))
      returning d.id
    ), suspects as (
      select c.*, coalesce(c.deal_id, kept.id) as existing_id,
             case when c.deal_id is not null then c.other_agent else kept.user_id <> c.user_id end as differs_agent,
             case when c.deal_id is not null then c.other_order
                  when c.order_date is null then false
                  when 'day' in (c.order_date_source, kept.order_date_source)
                    then (c.order_date at time zone ${p.zone})::date <> (kept.order_date at time zone ${p.zone})::date
                  else kept.order_date <> c.order_date end as differs_order,
             p.id as pending_id, p.state_key as pending_key, ${stateKey('c')} as state_key
        from classified c
        left join pending_duplicates p on p.lead_id = c.lead_id and p.status = 'pending'
        left join lateral (
          select k.id, k.user_id, k.order_date, k.order_date_source from deals k
           where c.deal_id is null and k.lead_id = c.lead_id
           order by (k.user_id = c.user_id) desc, k.is_duplicate, k.id desc limit 1
        ) kept on true
       where c.class = 'suspect' or p.id is not null
    ), told as (
      select jsonb_agg(jsonb_build_object(
               'lead_id', lead_id, 'user_id', user_id, 'campaign_id', campaign_id, 'commission', commission::text,
               'multi_deals', multi_deals, 'order_date', order_date, 'order_date_source', order_date_source,
               'status', status, 'notes', coalesce(notes, '{}'), 'updated_at', updated_at, 'class', class,
               'follows', deal_id is not null, 'existing_id', existing_id, 'state_key', state_key,
               'agent', differs_agent, 'order', differs_order, 'other_commission', other_commission,
               'pending_id', pending_id, 'pending_key', pending_key,
               'decided', exists (select from pending_duplicates r
                                   where r.lead_id = s.lead_id and r.state_key = s.state_key
                                     and r.status = 'resolved'))) as rows
        from suspects s
       -- the bulk of a standing queue: still the same state, still waiting
       where not (class = 'suspect' and pending_key is not distinct from state_key)
    )
    select (select count(*)::int from inserted) as inserted,
           (select count(*)::int from updated) as updated,
           (select count(*)::int from ${facts} f)
             - (select count(*)::int from classified where class not in ('same', 'settled')) as unchanged,
           (select count(*)::int from suspects where class = 'suspect' and pending_key = state_key) as waiting,
           (select array_agg(id) from (select id from inserted limit ${maxListedIds + 1}) i) as inserted_ids,
           (select array_agg(id) from (select id from inserted
              where order_date >= ${p.today.start} and order_date < ${p.today.end} limit ${maxListedIds}) i) as new_today,
           (select array_agg(id) from (select id from updated limit ${maxListedIds + 1}) u) as changed_ids,
           (select array_agg(lead_id) from classified where class = 'archived') as archived,
           (select rows from told) as suspects`;
}

/** Which upstream state a fact is: equal content gives an equal key, in every session's time zone. */
function stateKey(alias: string): string {
  return `concat_ws('|', ${alias}.user_id,
    coalesce(to_char(${alias}.order_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS'), 'none'),
    coalesce(${alias}.commission::text, 'none'), ${alias}.multi_deals, coalesce(${alias}.campaign_id, 'none'),
    ${alias}.status)`;
}

interface ApplyRow {
  inserted: number;
  updated: number;
  unchanged: number;
  waiting: number;
  inserted_ids: number[] | null;
  changed_ids: number[] | null;
  new_today: number[] | null;
  suspects: SuspectRow[] | null;
  archived: string[] | null;
}

interface SuspectRow {
  lead_id: string;
  user_id: number;
  campaign_id: string | null;
  commission: string | null;
  multi_deals: number;
  order_date: string | null;
  order_date_source: LeadFact['orderDateSource'];
  notes: LeadFact['notes'];
  updated_at: string;
  class: 'suspect' | 'same' | 'settled' | 'update' | 'insert';
  follows: boolean;
  existing_id: number;
  state_key: string;
  agent: boolean | null;
  order: boolean | null;
  other_commission: boolean | null;
  pending_id: number | null;
  pending_key: string | null;
  decided: boolean;
}

function readSuspect(row: SuspectRow): Suspect {
  const reasons: DuplicateReason[] = [];
  if (row.class === 'suspect') {
    if (row.agent) reasons.push('agent');
    if (row.order) reasons.push('order_date');
    if (row.other_commission) reasons.push('commission');
  }
  return {
    fact: {
      leadId: row.lead_id,
      userId: row.user_id,
      campaignId: row.campaign_id,
      commission: row.commission,
      multiDeals: row.multi_deals,
      orderDate: row.order_date === null ? null : new Date(row.order_date),
      orderDateSource: row.order_date_source,
      status: 'success',
      updatedAt: new Date(row.updated_at),
      notes: row.notes,
    },
    stateKey: row.state_key,
    reasons,
    follows: row.follows,
    existingDealId: row.existing_id,
    pending: row.pending_id === null ? null : { id: row.pending_id, stateKey: row.pending_key ?? '' },
    decided: row.decided,
  };
}
