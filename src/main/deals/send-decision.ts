import type { KeptOutcome } from '../../shared/contract/outbox.ts';
import { OpsdeckError } from '../errors.ts';
import type { Queryable } from '../storage/postgres.ts';
import { pendingView } from './answer-duplicates.ts';
import { noteGivenUp, readApplied } from './applied-decisions-store.ts';
import { applyDecision } from './apply-decision.ts';
import { caseById, mergedFieldsOf, type CaseRow } from './cases-store.ts';
import { actionResolution, mergeFields } from './plan-resolution.ts';
import type { Decided, DecisionDeps, DuplicateChoice } from './resolve-duplicate.ts';

/**
 * Sends a decision that was kept while the database was away, and answers how it ended. Rejects when that is not known
 * (the database went away, or the case was changed at this very moment): it is to be sent again.
 */
export async function sendDecision(
  deps: DecisionDeps,
  decisionId: string,
  choice: DuplicateChoice,
): Promise<KeptOutcome> {
  try {
    return done(await applyDecision(deps, decisionId, choice));
  } catch (error) {
    if (!(error instanceof OpsdeckError)) throw error;
    if (error.code === 'NOT_FOUND') return { ...nothing, kind: 'gone', message: error.message };
    if (error.code !== 'CONFLICT' && error.code !== 'BAD_REQUEST') throw error;
    const row = await caseById(deps.database, choice.id);
    if (!row) return { ...nothing, kind: 'gone', message: error.message };
    const fields = row.resolution === 'merged' ? await mergedFieldsOf(deps.database, choice.id) : null;
    const outcome = judgeRefusal(error, choice, { row, mergedFields: fields });
    if (!outcome) throw error;
    return { ...outcome, now: pendingView(row, deps.timeZone) };
  }
}

/** How a decision ended that was sent before; null: it was not carried out. */
export async function findSent(db: Queryable, decisionId: string): Promise<KeptOutcome | null> {
  const decided = await readApplied(db, decisionId);
  return decided === 'given-up' ? null : decided && done(decided);
}

/**
 * Makes sure that a decision is never carried out any more, and answers null; or how it ended, where it was carried out
 * after all while it was thought lost. Rejects when neither is known.
 */
export async function giveUpDecision(
  db: Queryable,
  decisionId: string,
  duplicateId: number,
): Promise<KeptOutcome | null> {
  await noteGivenUp(db, decisionId, duplicateId);
  return findSent(db, decisionId);
}

const nothing = { by: null, resolution: null, at: null, version: null, now: null };

function done(decided: Decided): KeptOutcome {
  return { ...nothing, kind: 'done', message: decided.message, version: decided.version };
}

/** What a refusal means for a decision, by what the case is now; null: it is to be sent again. */
export function judgeRefusal(
  error: OpsdeckError,
  choice: DuplicateChoice,
  now: {
    row: Pick<CaseRow, 'status' | 'version' | 'resolution' | 'resolved_by' | 'resolved_at'>;
    mergedFields: readonly string[] | null;
  },
): KeptOutcome | null {
  const { row } = now;
  const outcome = {
    message: error.message,
    by: row.resolved_by,
    resolution: row.resolution,
    at: row.resolved_at?.toISOString() ?? null,
    version: row.version,
    now: null,
  };
  if (error.code === 'BAD_REQUEST') return { ...outcome, kind: 'refused' };
  if (row.status === 'withdrawn') return { ...outcome, kind: 'withdrawn' };
  if (row.status === 'pending')
    return row.version === choice.version ? null : { ...outcome, kind: 'changed' };
  const isSame =
    row.version === choice.version + 1 &&
    row.resolution === actionResolution[choice.action] &&
    (row.resolution !== 'merged' || sameFields(choice, now.mergedFields));
  return { ...outcome, kind: isSame ? 'same' : 'decided' };
}

function sameFields(choice: DuplicateChoice, merged: readonly string[] | null): boolean {
  return mergeFields(choice).join() === (merged ?? []).join();
}
