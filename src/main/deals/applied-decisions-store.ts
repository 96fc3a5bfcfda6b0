import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { Decided } from './resolve-duplicate.ts';

/** What became of a decision that was sent before; null: it was not carried out. */
export async function readApplied(db: Queryable, decisionId: string): Promise<Decided | null> {
  const rows = await db.query<{ outcome: Decided }>(
    'select outcome from applied_decisions where decision_id = $1',
    [decisionId],
  );
  return rows.rows[0]?.outcome ?? null;
}

/** Notes in the transaction of a decision what became of it. */
export async function noteApplied(tx: Transaction, decisionId: string, decided: Decided): Promise<void> {
  await tx.query('insert into applied_decisions (decision_id, duplicate_id, outcome) values ($1, $2, $3)', [
    decisionId,
    decided.id,
    JSON.stringify(decided),
  ]);
}
