import type { InvalidReason } from '../../shared/contract/my-packages.ts';
import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { Verdict } from './check-mapping.ts';

/** How long a finding is believed, on the server's clock. */
const cacheFor = `interval '1 hour'`;

export interface Finding {
  id: number;
  version: number;
  resellerId: string;
  verdict: Verdict;
}

/** Stores findings; one about a mapping that was changed meanwhile is left out. */
export async function storeFindings(db: Queryable, findings: readonly Finding[], now: Date): Promise<void> {
  await db.query(
    `insert into package_validations (my_package_id, my_version, reseller_id, valid, reason, detail, checked_at, cached_until)
     select v.id, v.version, v.reseller_id, v.valid, v.reason, v.detail, $2, clock_timestamp() + ${cacheFor}
       from jsonb_to_recordset($1::jsonb)
              as v (id bigint, version integer, reseller_id text, valid boolean, reason text, detail text)
       join my_packages m on m.id = v.id and m.version = v.version and m.reseller_id = v.reseller_id
     on conflict (my_package_id) do update
        set my_version = excluded.my_version, reseller_id = excluded.reseller_id, valid = excluded.valid,
            reason = excluded.reason, detail = excluded.detail, checked_at = excluded.checked_at,
            cached_until = excluded.cached_until`,
    [
      JSON.stringify(
        findings.map(({ id, version, resellerId, verdict }) => ({
          id,
          version,
          reseller_id: resellerId,
          ...verdict,
        })),
      ),
      now,
    ],
  );
}

/** What was found within the hour, while neither the mapping nor the catalogue changed; null: to be checked anew. */
export async function readFresh(
  db: Queryable,
  id: number,
): Promise<{ valid: boolean; reason: InvalidReason | null; detail: string | null; checkedAt: Date } | null> {
  const rows = await db.query<{
    valid: boolean;
    reason: InvalidReason | null;
    detail: string | null;
    checkedAt: Date;
  }>(
    `select v.valid, v.reason, v.detail, v.checked_at as "checkedAt"
       from package_validations v join my_packages m on m.id = v.my_package_id
      where m.id = $1 and v.my_version = m.version and v.reseller_id = m.reseller_id and v.cached_until > clock_timestamp()`,
    [id],
  );
  return rows.rows[0] ?? null;
}

/** Makes every finding be made anew when it is next asked for; answers how many were fresh. */
export async function clearFindings(db: Queryable): Promise<number> {
  const rows = await db.query<{ fresh: boolean }>(
    `with fresh as (select my_package_id from package_validations where cached_until > clock_timestamp())
     update package_validations v set cached_until = null
       from package_validations o left join fresh f using (my_package_id)
      where v.my_package_id = o.my_package_id and v.cached_until is not null
     returning f.my_package_id is not null as fresh`,
  );
  return rows.rows.filter((row) => row.fresh).length;
}

export interface HealthRow {
  at: Date;
  total: number;
  valid: number;
  invalid: number;
  score: number | null;
}

const healthColumns = 'at, total, valid, invalid, score::float8 as score';

/** Adds a point to the trend, and answers the one before it. Validations of everything come one after the other. */
export async function addHealth(
  tx: Transaction,
  point: HealthRow & { trigger: string },
): Promise<HealthRow | null> {
  await tx.query('lock table package_health in share row exclusive mode');
  const before = await tx.query<HealthRow>(
    `select ${healthColumns} from package_health order by id desc limit 1`,
  );
  await tx.query(
    'insert into package_health (at, trigger, total, valid, invalid, score) values ($1, $2, $3, $4, $5, $6)',
    [point.at, point.trigger, point.total, point.valid, point.invalid, point.score],
  );
  return before.rows[0] ?? null;
}

/** The latest points, oldest first. */
export async function readTrend(db: Queryable, points: number): Promise<HealthRow[]> {
  const rows = await db.query<HealthRow>(
    `select ${healthColumns} from package_health order by id desc limit $1`,
    [points],
  );
  return rows.rows.reverse();
}

export interface Counts {
  total: number;
  valid: number;
  invalid: number;
  lastValidation: Date | null;
  proposals: number;
  reasons: { reason: InvalidReason; count: number }[];
}

/** How the mappings stand by what was found last. */
export async function countFindings(db: Queryable): Promise<Counts> {
  const rows = await db.query<Counts>(
    `with found as (
       select m.id, v.valid, v.reason
         from my_packages m
         left join package_validations v
           on v.my_package_id = m.id and v.my_version = m.version and v.reseller_id = m.reseller_id)
     select (select count(*)::int from found) as total,
            (select count(*)::int from found where valid) as valid,
            (select count(*)::int from found where not valid) as invalid,
            (select max(at) from package_health) as "lastValidation",
            (select count(*)::int from package_proposals where status = 'pending') as proposals,
            coalesce((select jsonb_agg(jsonb_build_object('reason', reason, 'count', n) order by n desc, reason)
                        from (select reason, count(*)::int as n from found where not valid group by reason) each),
                     '[]') as reasons`,
  );
  return rows.rows[0]!;
}
