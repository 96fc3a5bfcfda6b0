import type { InvalidReason } from '../../shared/contract/my-packages.ts';
import type { Queryable, SqlValue, Transaction } from '../storage/postgres.ts';
import type { Mapping } from './package-terms.ts';

/** A mapping with what was found about it. */
export interface MappingRow extends Mapping {
  visible: boolean;
  updatedAt: Date;
  /** The supplier's price at the last pass; null: never in the catalogue. */
  cost: number | null;
  /** Null: not checked, or changed since. */
  valid: boolean | null;
  reason: InvalidReason | null;
  detail: string | null;
  checkedAt: Date | null;
}

const own = `m.id, m.version, m.reseller_id as "resellerId", m.name, m.country_code as "countryCode", m.region, m.place,
  m.data_mb as "dataMb", m.unlimited, m.days, m.price::float8 as price, m.calls, m.sms, m.hotspot, m.throttle, m.visible,
  m.updated_at as "updatedAt"`;
const found = `v.valid, v.reason, v.detail, v.checked_at as "checkedAt"`;
/** A finding counts while nothing changed since; that it is older than its hour only means that it is made anew. */
const joined = `my_packages m left join packages p on p.reseller_id = m.reseller_id
  left join package_validations v on v.my_package_id = m.id and v.reseller_id = m.reseller_id and v.my_version = m.version`;
const columns = `${own}, p.price::float8 as cost, ${found}`;

export interface MappingFilter {
  search?: string | undefined;
  status?: 'all' | 'valid' | 'invalid' | 'unchecked' | 'hidden';
  reason?: InvalidReason | undefined;
}

const statusConditions = {
  all: 'true',
  valid: 'v.valid',
  invalid: 'not v.valid',
  unchecked: 'v.valid is null',
  hidden: 'not m.visible',
} as const;

/** A page of what the office sells, by place and name, and how many there are. */
export async function listMappings(
  db: Queryable,
  filter: MappingFilter & { limit: number; offset: number },
): Promise<{ rows: MappingRow[]; count: number }> {
  const where = `where ${statusConditions[filter.status ?? 'all']}
    and ($1::text is null or v.reason = $1)
    and ($2 = '' or position(lower($2) in lower(concat_ws(' ', m.name, m.reseller_id, m.country_code, m.region, m.place))) > 0)`;
  const values: SqlValue[] = [filter.reason ?? null, filter.search ?? ''];
  const [rows, count] = await Promise.all([
    db.query<MappingRow>(
      `select ${columns} from ${joined} ${where}
        order by m.place nulls last, m.name, m.id limit $3 offset $4`,
      [...values, filter.limit, filter.offset],
    ),
    db.query<{ count: number }>(`select count(*)::int as count from ${joined} ${where}`, values),
  ]);
  return { rows: rows.rows, count: count.rows[0]!.count };
}

/** One mapping by its number; null when there is none. */
export async function readMapping(db: Queryable, id: number): Promise<MappingRow | null> {
  const rows = await db.query<MappingRow>(`select ${columns} from ${joined} where m.id = $1`, [id]);
  return rows.rows[0] ?? null;
}

/** The mappings of a package, the visible first. */
export async function mappingsOf(db: Queryable, resellerId: string): Promise<MappingRow[]> {
  const rows = await db.query<MappingRow>(
    `select ${columns} from ${joined} where m.reseller_id = $1 order by m.visible desc, m.id`,
    [resellerId],
  );
  return rows.rows;
}

/** Mappings locked for a change, in the order of their numbers, so that two changes never wait for each other. */
export async function lockMappings(tx: Transaction, ids: readonly number[] | 'all'): Promise<MappingRow[]> {
  const which = ids === 'all' ? 'true' : 'm.id = any ($1::bigint[])';
  await tx.query(
    `select 1 from my_packages m where ${which} order by m.id for update`,
    ids === 'all' ? [] : [[...ids]],
  );
  const rows = await tx.query<MappingRow>(
    `select ${columns} from ${joined} where ${which} order by m.id`,
    ids === 'all' ? [] : [[...ids]],
  );
  return rows.rows;
}

/** Adds a mapping; what is not given is the package's own. Answers its number. */
export async function insertMapping(
  tx: Transaction,
  mapping: { resellerId: string; name: string | null; price: number | null; visible: boolean; now: Date },
): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `insert into my_packages (reseller_id, name, price, visible, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5) returning id`,
    [mapping.resellerId, mapping.name, mapping.price, mapping.visible, mapping.now],
  );
  return rows.rows[0]!.id;
}

/** Sets what is named of a mapping and raises its version. */
export async function updateMapping(
  tx: Transaction,
  id: number,
  set: Partial<Omit<Mapping, 'id' | 'version'>> & { visible?: boolean },
  now: Date,
): Promise<void> {
  const values: SqlValue[] = [id, now];
  const sets = Object.entries(set).map(
    ([name, value]) => `${columnOf[name as keyof typeof columnOf]} = $${values.push(value)}`,
  );
  await tx.query(
    `update my_packages set ${[...sets, 'version = version + 1', 'updated_at = $2'].join(', ')} where id = $1`,
    values,
  );
}

const columnOf: Record<keyof Omit<Mapping, 'id' | 'version'> | 'visible', string> = {
  resellerId: 'reseller_id',
  name: 'name',
  countryCode: 'country_code',
  region: 'region',
  place: 'place',
  dataMb: 'data_mb',
  unlimited: 'unlimited',
  days: 'days',
  price: 'price',
  calls: 'calls',
  sms: 'sms',
  hotspot: 'hotspot',
  throttle: 'throttle',
  visible: 'visible',
};

export async function deleteMapping(tx: Transaction, id: number): Promise<void> {
  await tx.query('delete from my_packages where id = $1', [id]);
}

/** All mappings, by number, for files and for the duplicates. */
export async function allMappings(db: Queryable): Promise<MappingRow[]> {
  const rows = await db.query<MappingRow>(`select ${columns} from ${joined} order by m.id`);
  return rows.rows;
}

/** Which of these packages the office sells. */
export async function soldAmong(db: Queryable, resellerIds: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select distinct reseller_id as id from my_packages where reseller_id = any ($1::text[])',
    [[...resellerIds]],
  );
  return rows.rows.map((row) => row.id);
}
