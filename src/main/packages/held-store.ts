import type { Queryable, Transaction } from '../storage/postgres.ts';

/** Retirements that a pass held back. They share `held_removals` with those of deals; `lead_ids` holds package ids. */
export interface HeldRetirements {
  id: number;
  state: 'held' | 'accepted' | 'discarded' | 'withdrawn' | 'done';
  reason: 'empty' | 'share' | 'half';
  ofPackages: number;
  resellerIds: string[];
  heldAt: Date;
  updatedAt: Date;
}

const columns = `id, state, reason, of_deals as "ofPackages", lead_ids as "resellerIds", held_at as "heldAt", updated_at as "updatedAt"`;

/** The one open hold; locked when read in a transaction that asks for it. */
export async function openHold(db: Queryable, lock = false): Promise<HeldRetirements | null> {
  const rows = await db.query<HeldRetirements>(
    `select ${columns} from held_removals where source = 'packages' and state = 'held' ${lock ? 'for update' : ''}`,
  );
  return rows.rows[0] ?? null;
}

/** A hold of packages, whatever its state; locked. */
export async function holdById(tx: Transaction, id: number): Promise<HeldRetirements | null> {
  const rows = await tx.query<HeldRetirements>(
    `select ${columns} from held_removals where source = 'packages' and id = $1 for update`,
    [id],
  );
  return rows.rows[0] ?? null;
}

/** Whose removals a hold is about: 'deals' or 'packages'; null for an unknown one. */
export async function sourceOfHold(db: Queryable, id: number): Promise<string | null> {
  const rows = await db.query<{ source: string }>('select source from held_removals where id = $1', [id]);
  return rows.rows[0]?.source ?? null;
}

export interface HoldFacts {
  reason: 'empty' | 'share' | 'half';
  ofPackages: number;
  resellerIds: string[];
  runId: number;
  now: Date;
}

/** Opens a hold, or brings the open one up to date; null when it says the same already. */
export async function holdRetirements(
  tx: Transaction,
  open: HeldRetirements | null,
  facts: HoldFacts,
): Promise<{ id: number; opened: boolean } | null> {
  const values = [facts.reason, facts.ofPackages, facts.resellerIds, facts.runId, facts.now];
  if (open) {
    const rows = await tx.query(
      `update held_removals
          set reason = $1, of_deals = $2, lead_ids = $3, run_id = $4, updated_at = $5, range_start = $5, range_end = $5
        where id = $6 and (lead_ids <> $3::text[] or of_deals <> $2 or reason <> $1)`,
      [...values, open.id],
    );
    return rows.rowCount ? { id: open.id, opened: false } : null;
  }
  const rows = await tx.query<{ id: number }>(
    `insert into held_removals (source, reason, of_deals, lead_ids, run_id, range_start, range_end, held_at, updated_at)
     values ('packages', $1, $2, $3, $4, $5, $5, $5, $5) returning id`,
    values,
  );
  return { id: rows.rows[0]!.id, opened: true };
}

/** Ends a hold. */
export async function endHold(
  tx: Transaction,
  id: number,
  to: { state: HeldRetirements['state']; removed?: number; by?: string; note?: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `update held_removals
        set state = $2, removed = removed + $3, updated_at = $4, decided_by = coalesce($5, decided_by),
            decided_at = case when $5::text is null then decided_at else $4 end, note = coalesce($6, note)
      where id = $1`,
    [id, to.state, to.removed ?? 0, to.now, to.by ?? null, to.note ?? null],
  );
}
