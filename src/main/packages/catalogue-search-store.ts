import type { Queryable, SqlValue } from '../storage/postgres.ts';
import { packageColumns, type StoredPackage } from './known-store.ts';

export interface CatalogueFilter {
  search?: string | undefined;
  /** A place's slug, or a country's code. */
  country?: string | undefined;
  geography?: 'local' | 'regional' | 'global' | undefined;
  status: 'active' | 'retired' | 'all';
  sort: 'place' | 'price' | 'data' | 'days';
}

const statuses = {
  active: 'p.retired_at is null',
  retired: 'p.retired_at is not null',
  all: 'true',
} as const;
const orders = {
  place: 'p.place, p.days, p.unlimited, p.data_mb, p.reseller_id',
  price: 'p.price, p.reseller_id',
  data: 'p.unlimited desc, p.data_mb desc nulls first, p.price, p.reseller_id',
  days: 'p.days, p.price, p.reseller_id',
} as const;

/** A page of the catalogue; every word of the search has to be there. `mine`: the number under which the office sells it. */
export async function searchCatalogue(
  db: Queryable,
  filter: CatalogueFilter & { limit: number; offset: number },
): Promise<{ rows: (StoredPackage & { mine: number | null })[]; count: number }> {
  const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10);
  const values: SqlValue[] = [words, filter.country ?? null, filter.geography ?? null];
  const where = `where ${statuses[filter.status]}
    and not exists (select from unnest($1::text[]) word
                     where position(word in lower(concat_ws(' ', p.name, p.place, p.country_name, p.region, p.reseller_id))) = 0)
    and ($2::text is null or p.place = $2 or p.country_codes @> array[$2])
    and ($3::text is null or p.geography = $3)`;
  const rows = await db.query<StoredPackage & { mine: number | null }>(
    `select ${packageColumns}, (select min(m.id) from my_packages m where m.reseller_id = p.reseller_id) as mine
       from packages p ${where} order by ${orders[filter.sort]} limit $4 offset $5`,
    [...values, filter.limit, filter.offset],
  );
  const count = await db.query<{ count: number }>(
    `select count(*)::int as count from packages p ${where}`,
    values,
  );
  return { rows: rows.rows, count: count.rows[0]!.count };
}

/** Every place on offer, with how many packages it has. */
export async function listPlaces(
  db: Queryable,
): Promise<{ place: string; name: string | null; geography: string | null; count: number }[]> {
  const rows = await db.query<{
    place: string;
    name: string | null;
    geography: string | null;
    count: number;
  }>(
    `select place, min(country_name) as name, min(geography) as geography, count(*)::int as count
       from packages where retired_at is null group by place order by min(geography), place`,
  );
  return rows.rows;
}

export type CatalogueChangeKind = 'new' | 'retired' | 'returned' | 'repriced' | 'changed';

export interface CatalogueChangeRow {
  change: CatalogueChangeKind;
  resellerId: string;
  name: string;
  place: string;
  countryCode: string | null;
  priceBefore: number | null;
  priceAfter: number | null;
  fields: string[];
  at: Date;
  mine: boolean;
}

/** What a pass moved, as one relation: new packages by their first run, the others by their history. */
const changes = `(
  select 'new' as change, p.reseller_id, null::jsonb as before, null::jsonb as after, p.first_run_id as run_id,
         p.created_at as at, 0::bigint as id
    from packages p
  union all
  select case when h.change <> 'changed' then h.change
              when h.before ->> 'price' <> h.after ->> 'price' then 'repriced' else 'changed' end,
         h.reseller_id, h.before, h.after, h.run_id, h.changed_at, h.id
    from package_history h)`;
const changeColumns = `c.change, c.reseller_id as "resellerId", p.name, p.place, p.country_code as "countryCode",
  (c.before ->> 'price')::float8 as "priceBefore",
  case when c.change = 'new' then p.price::float8 else (c.after ->> 'price')::float8 end as "priceAfter",
  array(select key from jsonb_each(c.after) a where a.value <> c.before -> a.key and a.key not in ('price', 'retired_at')
         order by key) as fields,
  c.at, exists (select from my_packages m where m.reseller_id = c.reseller_id) as mine`;

/** A page of what one pass moved, those that the office sells first. */
export async function listChangesOfRun(
  db: Queryable,
  asked: { runId: number; change?: CatalogueChangeKind | undefined; limit: number; offset: number },
): Promise<CatalogueChangeRow[]> {
  const rows = await db.query<CatalogueChangeRow>(
    `select ${changeColumns} from ${changes} c join packages p on p.reseller_id = c.reseller_id
      where c.run_id = $1 and ($2::text is null or c.change = $2)
      order by mine desc, c.change, p.place, c.reseller_id limit $3 offset $4`,
    [asked.runId, asked.change ?? null, asked.limit, asked.offset],
  );
  return rows.rows;
}

/** How many packages a pass moved, by kind. */
export async function countChangesOfRun(
  db: Queryable,
  runId: number,
): Promise<Record<CatalogueChangeKind, number>> {
  const rows = await db.query<{ change: CatalogueChangeKind; count: number }>(
    `select c.change, count(*)::int as count from ${changes} c where c.run_id = $1 group by c.change`,
    [runId],
  );
  const counts = { new: 0, retired: 0, returned: 0, repriced: 0, changed: 0 };
  for (const { change, count } of rows.rows) counts[change] = count;
  return counts;
}

/** All that ever happened to one package, newest first. */
export async function listChangesOfPackage(db: Queryable, resellerId: string): Promise<CatalogueChangeRow[]> {
  const rows = await db.query<CatalogueChangeRow>(
    `select ${changeColumns} from ${changes} c join packages p on p.reseller_id = c.reseller_id
      where c.reseller_id = $1 order by c.at desc, c.id desc limit 500`,
    [resellerId],
  );
  return rows.rows;
}

/** The latest pass that moved anything; null when none did. */
export async function lastMovingRun(db: Queryable): Promise<number | null> {
  const rows = await db.query<{ id: number | null }>(
    `select max(id) as id from sync_runs where source = 'packages' and inserted + updated + removed > 0`,
  );
  return rows.rows[0]?.id ?? null;
}

/** When a pass over the catalogue, and a validation of everything, last ended; wall time. Null: never. */
export async function lastDone(db: Queryable): Promise<{ pass: Date | null; validation: Date | null }> {
  const rows = await db.query<{ pass: Date | null; validation: Date | null }>(
    `select (select max(started_at) from sync_runs
              where source = 'packages' and kind = 'window' and state in ('complete', 'incomplete')) as pass,
            (select max(done_at) from package_health) as validation`,
  );
  return rows.rows[0]!;
}
