import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { Decided } from './resolve-duplicate.ts';

/** What became of a decision that was sent before; null: it was not carried out; `given-up`: it never will be. */
export async function readApplied(db: Queryable, decisionId: string): Promise<Decided | 'given-up' | null> {
  const rows = await db.query<{ outcome: Decided | null }>(
    'select outcome from applied_decisions where decision_id = $1',
    [decisionId],
  );
  return rows.rows[0] ? (rows.rows[0].outcome ?? 'given-up') : null;
}

/** Notes in the transaction of a decision what became of it. */
export async function noteApplied(tx: Transaction, decisionId: string, decided: Decided): Promise<void> {
  await tx.query('insert into applied_decisions (decision_id, duplicate_id, outcome) values ($1, $2, $3)', [
    decisionId,
    decided.id,
    JSON.stringify(decided),
  ]);
}

/**
 * Takes the place of a decision's own note, so that it can never be carried out. Waits for a transaction that has
 * written one and is still under way; where that commits, nothing is written.
 */
export async function noteGivenUp(db: Queryable, decisionId: string, duplicateId: number): Promise<void> {
  await db.query(
    `insert into applied_decisions (decision_id, duplicate_id, outcome) values ($1, $2, 'null')
     on conflict (decision_id) do nothing`,
    [decisionId, duplicateId],
  );
}
