import type { Queryable, Transaction } from '../storage/postgres.ts';

export interface DeduplicationRow {
  id: number;
  removed: Record<string, unknown>[];
  actor: string;
  doneAt: Date;
  undoneAt: Date | null;
}

/** Turns the guard on or off; on, no row is left out of the unique indexes, nor will any be. */
export async function setGuard(tx: Transaction, isOn: boolean): Promise<void> {
  await tx.query('update my_packages_guard set is_on = $1 where id = 1 and is_on <> $1', [isOn]);
  await tx.query('update my_packages set guarded = $1 where guarded <> $1', [isOn]);
}

/** Only one at a time, and nobody adds a mapping meanwhile. */
export async function lockMyPackages(tx: Transaction): Promise<void> {
  await tx.query('lock table my_packages in share row exclusive mode');
}

/** Fills in what mappings do not say of themselves, from their packages, so that like is compared with like. */
export async function completeMappings(tx: Transaction): Promise<void> {
  await tx.query(
    `update my_packages m
        set place = coalesce(m.place, p.place), unlimited = coalesce(m.unlimited, p.unlimited),
            calls = coalesce(m.calls, p.calls), sms = coalesce(m.sms, p.sms), hotspot = coalesce(m.hotspot, p.hotspot),
            throttle = coalesce(m.throttle, p.throttle), guarded = false
       from packages p
      where p.reseller_id = m.reseller_id
        and (m.place is null or m.unlimited is null or (m.calls is null and p.calls is not null)
             or (m.sms is null and p.sms is not null) or (m.hotspot is null and p.hotspot is not null)
             or (m.throttle is null and p.throttle is not null))`,
  );
}

/** Removes mappings and answers them as they were. */
export async function takeOut(tx: Transaction, ids: readonly number[]): Promise<Record<string, unknown>[]> {
  const rows = await tx.query<{ row: Record<string, unknown> }>(
    'delete from my_packages m where m.id = any ($1::bigint[]) returning to_jsonb(m) as row',
    [[...ids]],
  );
  return rows.rows.map(({ row }) => row);
}

/** Puts mappings back as they were; answers how many. */
export async function putBack(tx: Transaction, rows: readonly Record<string, unknown>[]): Promise<number> {
  const back = await tx.query(
    `insert into my_packages select r.* from jsonb_populate_recordset(null::my_packages, $1::jsonb) r
      on conflict (id) do nothing`,
    [JSON.stringify(rows.map((row) => ({ ...row, guarded: false })))],
  );
  return back.rowCount ?? 0;
}

export async function keepDeduplication(
  tx: Transaction,
  done: {
    removed: readonly Record<string, unknown>[];
    byPackage: number;
    byCombination: number;
    actor: string;
    now: Date;
  },
): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `insert into package_deduplications (removed, reseller_id_duplicates, combination_duplicates, actor, done_at)
     values ($1, $2, $3, $4, $5) returning id`,
    [JSON.stringify(done.removed), done.byPackage, done.byCombination, done.actor, done.now],
  );
  return rows.rows[0]!.id;
}

const columns = `id, removed, actor, done_at as "doneAt", undone_at as "undoneAt"`;

/** The latest; null when there was none. */
export async function lastDeduplication(db: Queryable): Promise<DeduplicationRow | null> {
  const rows = await db.query<DeduplicationRow>(
    `select ${columns} from package_deduplications order by id desc limit 1`,
  );
  return rows.rows[0] ?? null;
}

/** One of them, locked. */
export async function lockDeduplication(tx: Transaction, id: number): Promise<DeduplicationRow | null> {
  const rows = await tx.query<DeduplicationRow>(
    `select ${columns} from package_deduplications where id = $1 for update`,
    [id],
  );
  return rows.rows[0] ?? null;
}

export async function markDeduplicationUndone(
  tx: Transaction,
  id: number,
  by: string,
  now: Date,
): Promise<void> {
  await tx.query('update package_deduplications set undone_at = $2, undone_by = $3 where id = $1', [
    id,
    now,
    by,
  ]);
}
