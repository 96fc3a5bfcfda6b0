import { OpsdeckError } from '../errors.ts';
import type { Queryable } from '../storage/postgres.ts';
import { noteApplied, readApplied } from './applied-decisions-store.ts';
import { decideCase, type Decided, type DecisionDeps, type DuplicateChoice } from './resolve-duplicate.ts';

/**
 * Carries out a decision that has an id, once however often it is sent: effect and id are one transaction, and whoever
 * sends it again gets the answer of the first time. Refusals are those of `resolveDuplicate`, DATABASE_AWAY where the
 * database was restored since the case was looked at, and CONFLICT for one that was given up.
 */
export async function applyDecision(
  deps: DecisionDeps,
  decisionId: string,
  choice: DuplicateChoice,
): Promise<Decided> {
  try {
    return await deps.database.transaction(async (tx) => {
      const before = await appliedBefore(tx, decisionId);
      if (before) return before;
      const decided = await decideCase(tx, deps, choice);
      await noteApplied(tx, decisionId, decided);
      return decided;
    });
  } catch (error) {
    if (!(error instanceof OpsdeckError) || error.code !== 'CONFLICT') throw error;
    // Who overtook us may be our own first try, whose COMMIT came while we waited for its locks.
    const before = await appliedBefore(deps.database, decisionId);
    if (before) return before;
    throw error;
  }
}

async function appliedBefore(db: Queryable, decisionId: string): Promise<Decided | null> {
  const before = await readApplied(db, decisionId);
  if (before !== 'given-up') return before;
  throw new OpsdeckError(
    'CONFLICT',
    'This decision was given up after several tries. Look at the case in the queue and decide again.',
  );
}
