import type { DuplicateAction, DuplicateResolution } from '../../shared/contract/duplicates.ts';
import type { Queryable, SqlValue, Transaction } from '../storage/postgres.ts';
import { readInPages } from '../storage/read-in-pages.ts';
import { caseTarget } from './decisions-store.ts';
import type { DuplicateReason } from './find-duplicates.ts';
import type { LeadFact } from './map-lead.ts';

/** A case with both sides and their names. The existing side of a closed case is as it was when it was closed. */
export interface CaseRow {
  id: number;
  lead_id: string;
  reasons: DuplicateReason[];
  detected_at: Date;
  version: number;
  status: 'pending' | 'resolved' | 'withdrawn';
  resolution: DuplicateResolution | null;
  resolved_at: Date | null;
  resolved_by: string | null;
  resolution_note: string | null;
  new_user_id: number;
  new_agent: string | null;
  new_group: string | null;
  new_commission: string | null;
  new_multi_deals: number;
  new_order_date: Date;
  /** Null: upstream gave no order date of its own. */
  new_order_source: LeadFact['orderDateSource'] | null;
  new_campaign_id: string | null;
  new_campaign: string | null;
  new_notes: string[];
  existing_user_id: number | null;
  existing_agent: string | null;
  existing_group: string | null;
  existing_commission: string | null;
  existing_multi_deals: number | null;
  existing_order_date: Date | null;
  existing_order_source: LeadFact['orderDateSource'] | null;
  existing_campaign_id: string | null;
  existing_campaign: string | null;
  existing_notes: string[] | null;
  existing_is_duplicate: boolean | null;
}

const caseColumns = `p.id, p.lead_id, p.reasons, p.detected_at, p.version, p.status, p.resolution, p.resolved_at,
  p.resolved_by, p.resolution_note,
  p.new_user_id, na.name as new_agent, na.group_name as new_group, p.new_commission, p.new_multi_deals, p.new_order_date,
  case when p.new_data->>'orderDate' is not null then p.new_data->>'orderDateSource' end as new_order_source,
  p.new_campaign_id, coalesce(nc.name, p.new_campaign_id) as new_campaign,
  array(select jsonb_array_elements_text(coalesce(p.new_data->'notes', '[]'))) as new_notes,
  e.user_id as existing_user_id, ea.name as existing_agent, ea.group_name as existing_group,
  e.commission as existing_commission, e.multi_deals as existing_multi_deals, e.order_date as existing_order_date,
  e.order_date_source as existing_order_source, e.campaign_id as existing_campaign_id,
  coalesce(ec.name, e.campaign_id) as existing_campaign, e.notes as existing_notes,
  e.is_duplicate as existing_is_duplicate`;

const names = `
  left join agents na on na.user_id = p.new_user_id
  left join agents ea on ea.user_id = e.user_id
  left join campaigns nc on nc.id = p.new_campaign_id
  left join campaigns ec on ec.id = e.campaign_id`;

/** Open cases; their existing side is the deal as it is. */
const openCases = `pending_duplicates p left join deals e on e.id = p.existing_deal_id ${names}`;

/** Closed cases; their existing side is what was kept when they were closed. */
const closedCases = `pending_duplicates p
  left join lateral jsonb_populate_record(null::deals, p.existing_data) e on p.existing_data is not null ${names}`;

/** What a search of the queue looks through; `contains` puts one column into the condition. */
const searched = [
  'p.lead_id',
  'na.name',
  'ea.name',
  'nc.name',
  'ec.name',
  'p.new_campaign_id',
  'e.campaign_id',
];
const searchedInHistory = ['p.lead_id', 'na.name', 'ea.name', 'p.resolution_note', 'p.resolved_by'];

/** Conditions and their values, numbered as they come. */
class Conditions {
  readonly values: SqlValue[] = [];
  readonly #parts: string[] = [];

  add(condition: (place: string) => string, value: SqlValue | undefined): void {
    if (value === undefined || value === '') return;
    this.values.push(value);
    this.#parts.push(condition(`$${this.values.length}`));
  }

  where(always: string): string {
    return [always, ...this.#parts].join(' and ');
  }
}

const contains = (columns: readonly string[]) => (place: string) =>
  `(${columns.map((column) => `strpos(lower(${column}), lower(${place})) > 0`).join(' or ')})`;

interface Page {
  limit: number;
  offset: number;
}

/** A page of the queue, oldest first, and how many cases it is a page of. */
export async function listPending(
  db: Queryable,
  page: Page & { search?: string | undefined; except?: readonly number[] | undefined },
): Promise<{ rows: CaseRow[]; count: number }> {
  const conditions = new Conditions();
  conditions.add(contains(searched), page.search);
  if (page.except && page.except.length > 0)
    conditions.add((place) => `p.id <> all (${place}::bigint[])`, page.except);
  return listPage(db, openCases, conditions, conditions.where(`p.status = 'pending'`), {
    ...page,
    order: 'p.detected_at, p.id',
  });
}

/** Which closed cases are meant; `from` and `to` are instants, the latter not included. */
export interface ClosedFilter {
  search?: string | undefined;
  resolution?: DuplicateResolution | 'withdrawn' | undefined;
  /** Only decided ones, or only withdrawn ones. */
  status?: 'resolved' | 'withdrawn' | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

function closedConditions(filter: ClosedFilter): Conditions {
  const conditions = new Conditions();
  conditions.add(contains(searchedInHistory), filter.search);
  conditions.add((place) => `coalesce(p.resolution, p.status) = ${place}`, filter.resolution);
  conditions.add((place) => `p.status = ${place}`, filter.status);
  conditions.add((place) => `p.resolved_at >= ${place}`, filter.from);
  conditions.add((place) => `p.resolved_at < ${place}`, filter.to);
  return conditions;
}

const isClosed = `p.status <> 'pending'`;
const newestClosed = 'p.resolved_at desc, p.id desc';

/** A page of closed cases, newest first, and how many there are. */
export async function listClosed(
  db: Queryable,
  filter: ClosedFilter & Page,
): Promise<{ rows: CaseRow[]; count: number }> {
  const conditions = closedConditions(filter);
  const page = { ...filter, order: newestClosed };
  return listPage(db, closedCases, conditions, conditions.where(isClosed), page);
}

/** All closed cases that are meant, newest first, some at a time. */
export function closedInPages(
  tx: Transaction,
  filter: ClosedFilter,
  rows: number,
): AsyncGenerator<CaseRow[]> {
  const conditions = closedConditions(filter);
  return readInPages<CaseRow>(
    tx,
    `select ${caseColumns} from ${closedCases} where ${conditions.where(isClosed)} order by ${newestClosed}`,
    conditions.values,
    rows,
  );
}

async function listPage(
  db: Queryable,
  from: string,
  { values }: Conditions,
  where: string,
  page: Page & { order: string },
): Promise<{ rows: CaseRow[]; count: number }> {
  const [rows, count] = await Promise.all([
    db.query<CaseRow>(
      `select ${caseColumns} from ${from} where ${where}
        order by ${page.order} limit $${values.length + 1} offset $${values.length + 2}`,
      [...values, page.limit, page.offset],
    ),
    // Names are joined only where something is looked for in them.
    values.length === 0
      ? db.query<{ count: number }>(`select count(*)::int as count from pending_duplicates p where ${where}`)
      : db.query<{ count: number }>(`select count(*)::int as count from ${from} where ${where}`, values),
  ]);
  return { rows: rows.rows, count: count.rows[0]?.count ?? 0 };
}

/** One case, open or closed. */
export async function caseById(db: Queryable, id: number): Promise<CaseRow | null> {
  const found = await db.query<{ status: string }>('select status from pending_duplicates where id = $1', [
    id,
  ]);
  if (!found.rows[0]) return null;
  const from = found.rows[0].status === 'pending' ? openCases : closedCases;
  const rows = await db.query<CaseRow>(`select ${caseColumns} from ${from} where p.id = $1`, [id]);
  return rows.rows[0] ?? null;
}

/** How many keys are read at a time, and cases. */
const keysAtOnce = 2_000;
const casesAtOnce = 500;
/** How many numbers of cases share a mark. */
export const blockOfCases = 256;

/** Tells whether a case, or its existing deal, was written since. */
const caseKey = `p.version || ' ' || coalesce(e.id || ' ' || e.version, '')`;

/** One mark for every block of open cases: another one when a case of it came, went or has another key. */
export async function openCaseMarks(db: Queryable): Promise<Map<number, string>> {
  const found = await db.query<{ block: number; mark: string }>(
    `select p.id / ${blockOfCases} as block,
            count(*) || ' ' || bit_xor(hashtextextended(p.id || ' ' || ${caseKey}, 0)) as mark
       from pending_duplicates p left join deals e on e.id = p.existing_deal_id
      where p.status = 'pending' group by 1`,
  );
  return new Map(found.rows.map(({ block, mark }) => [block, mark]));
}

/** The block that a case is in. */
export const blockOf = (id: number): number => Math.floor(id / blockOfCases);

/** Every open case with its key; of some blocks only, or of all. */
export async function openCaseKeys(
  db: Queryable,
  blocks: readonly number[] | null = null,
): Promise<Map<number, string>> {
  const keys = new Map<number, string>();
  for (let after = 0; ;) {
    const page = await db.query<{ id: number; key: string }>(
      `select p.id, ${caseKey} as key
         from pending_duplicates p left join deals e on e.id = p.existing_deal_id
        where p.status = 'pending' and p.id > $1
          and ($3::bigint[] is null or p.id / ${blockOfCases} = any ($3))
        order by p.id limit $2`,
      [after, keysAtOnce, blocks],
    );
    for (const { id, key } of page.rows) keys.set((after = id), key);
    if (page.rows.length < keysAtOnce) return keys;
  }
}

/** Those of these cases that are open, with both sides. */
export async function casesByIds(db: Queryable, ids: readonly number[]): Promise<CaseRow[]> {
  const found: CaseRow[] = [];
  for (let at = 0; at < ids.length; at += casesAtOnce) {
    const page = await db.query<CaseRow>(
      `select ${caseColumns} from ${openCases} where p.status = 'pending' and p.id = any ($1::bigint[])`,
      [ids.slice(at, at + casesAtOnce)],
    );
    found.push(...page.rows);
  }
  return found;
}

/** What a merge took over; null for a case that was not merged. */
export async function mergedFieldsOf(db: Queryable, id: number): Promise<string[] | null> {
  const rows = await db.query<{ fields: string[] | null }>(
    'select merged_fields as fields from pending_duplicates where id = $1',
    [id],
  );
  return rows.rows[0]?.fields ?? null;
}

/** One thing that a person did to a case. */
export interface CaseEvent {
  at: Date;
  actor: string;
  console: string;
  action: DuplicateAction | 'undo';
  note: string | null;
}

/** What people did to a case, oldest first. */
export async function caseTrail(db: Queryable, id: number): Promise<CaseEvent[]> {
  const rows = await db.query<CaseEvent>(
    `select at, actor, console, substr(action, length('duplicate.') + 1) as action, note
       from audit_log where target = $1 order by id`,
    [caseTarget(id)],
  );
  return rows.rows;
}
