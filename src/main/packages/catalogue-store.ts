import { streamText } from '../storage/copy-rows.ts';
import type { Queryable, Transaction } from '../storage/postgres.ts';
import { stageColumns } from './catalogue-rows.ts';

/** Columns that a pass brings in step; id and reseller_id are what a package is known by. */
const moved = [
  ...[
    'name',
    'plan',
    'place',
    'country_code',
    'country_name',
    'country_codes',
    'region',
    'geography',
    'data_mb',
  ],
  ...['unlimited', 'days', 'price', 'calls', 'sms', 'hotspot', 'throttle'],
];
const listOf = (row: string) => moved.map((column) => `${row}.${column}`).join(', ');
const contentOf = (row: string) =>
  `jsonb_build_object(${moved.map((column) => `'${column}', ${row}.${column}`).join(', ')}, 'retired_at', ${row}.retired_at)`;

/** Puts the catalogue into the stage, in COPY's own text. */
export async function stageCatalogue(tx: Transaction, chunks: readonly Uint8Array[]): Promise<void> {
  await tx.query('truncate stage_packages');
  await streamText(tx.client, `copy stage_packages (${stageColumns}) from stdin`, chunks);
  // Without statistics of what was just loaded the planner takes both sides for small and compares each with each: 10 s.
  await tx.query('set local enable_nestloop = off');
}

export interface AppliedCatalogue {
  inserted: number;
  updated: number;
  returned: number;
  /** Active packages before this pass. */
  active: number;
  /** Those of them that the stage does not list and that no rejected record names. */
  unlisted: string[];
}

/**
 * Brings the packages in step with the stage in one statement: each is classified once; new ones are inserted, changed
 * and returned ones updated with their before-image kept. An unchanged one is not written. What is not listed is told,
 * as it was before: what a pass inserts is no measure of how much it may retire.
 */
export async function applyCatalogue(
  tx: Transaction,
  options: { runId: number; now: Date; rejectedIds: readonly string[] },
): Promise<AppliedCatalogue> {
  const rows = await tx.query<AppliedCatalogue>(
    // The stage's row goes along with its class: joining it once more would sort thousands of ids by the locale's rules.
    `with moved as materialized (
       select p.id, p.reseller_id, p.retired_at, s as stage, s.reseller_id is null as is_unlisted,
              case when p.id is not null and s.reseller_id is not null then ${contentOf('p')} end as before
         from packages p full join stage_packages s on s.reseller_id = p.reseller_id
        where p.id is null
           or (s.reseller_id is null and p.retired_at is null and p.retire_refused_at is null)
           or (s.reseller_id is not null
               and (p.retired_at is not null or p.retire_refused_at is not null
                    or (${listOf('p')}) is distinct from (${listOf('s')})))),
     updated as (
       update packages p
          set (${moved.join(', ')}) = row(${listOf('(m.stage)')}), retired_at = null, retire_refused_at = null, synced_at = $2
         from moved m
        where p.id = m.id and m.before is not null
       returning p.reseller_id, ${contentOf('p')} as after),
     history as (
       insert into package_history (reseller_id, change, before, after, run_id, changed_at)
       select m.reseller_id, case when m.retired_at is null then 'changed' else 'returned' end, m.before, u.after, $1, $2
         from moved m join updated u using (reseller_id)
        where m.before <> u.after),
     inserted as (
       insert into packages (id, reseller_id, ${moved.join(', ')}, first_run_id, created_at, synced_at)
       select (m.stage).id, (m.stage).reseller_id, ${listOf('(m.stage)')}, $1, $2, $2
         from moved m where m.id is null)
     select count(*) filter (where id is null)::int as inserted,
            count(*) filter (where before is not null and retired_at is null)::int as updated,
            count(*) filter (where before is not null and retired_at is not null)::int as returned,
            coalesce(array_agg(reseller_id) filter (
              where is_unlisted and reseller_id <> all ($3::text[])), '{}') as unlisted,
            (select count(*)::int from packages where retired_at is null) as active
       from moved`,
    [options.runId, options.now, [...options.rejectedIds]],
  );
  const applied = rows.rows[0]!;
  return { ...applied, unlisted: applied.unlisted.toSorted() };
}

/** Retires packages that are active; answers how many. They stay in the table. */
export async function retirePackages(
  tx: Transaction,
  resellerIds: readonly string[],
  options: { runId: number; now: Date },
): Promise<number> {
  if (resellerIds.length === 0) return 0;
  const rows = await tx.query<{ count: number }>(
    `with gone as (
       update packages p set retired_at = $2, synced_at = $2
        where p.reseller_id = any ($3::text[]) and p.retired_at is null
       returning p.reseller_id, ${contentOf('p')} as after),
     history as (
       insert into package_history (reseller_id, change, before, after, run_id, changed_at)
       select reseller_id, 'retired', after || '{"retired_at": null}', after, $1, $2 from gone)
     select count(*)::int as count from gone`,
    [options.runId, options.now, [...resellerIds]],
  );
  return rows.rows[0]!.count;
}

/** A person said that these stay: they are not proposed for retirement until they were listed again. */
export async function refuseRetirement(
  tx: Transaction,
  resellerIds: readonly string[],
  now: Date,
): Promise<number> {
  const rows = await tx.query(
    'update packages set retire_refused_at = $2 where reseller_id = any ($1::text[]) and retired_at is null',
    [[...resellerIds], now],
  );
  return rows.rowCount ?? 0;
}

export interface CatalogueTotals {
  active: number;
  retired: number;
}

export async function countCatalogue(db: Queryable): Promise<CatalogueTotals> {
  const rows = await db.query<CatalogueTotals>(
    `select count(*) filter (where retired_at is null)::int as active,
            count(*) filter (where retired_at is not null)::int as retired from packages`,
  );
  return rows.rows[0]!;
}
