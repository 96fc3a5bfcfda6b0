import { OpsdeckError } from '../errors.ts';
import type { Queryable } from '../storage/postgres.ts';
import { lastUndo, readCase, type StoredCase } from './decisions-store.ts';
import { agentName } from './leaderboard.ts';

/** The refusal of a number that no case has. */
export function noSuchCase(id: number): OpsdeckError {
  return new OpsdeckError(
    'NOT_FOUND',
    `There is no case with number ${id}. List them with: duplicates list, or: duplicates history`,
  );
}

/**
 * Why a case cannot be decided as it was looked at, in a sentence: who decided it and how, what upstream says by now,
 * or that the change was taken back. To be read in the transaction that is then rolled back.
 */
export async function refuseDecision(
  db: Queryable,
  looked: { id: number; version: number; timeZone: string },
): Promise<OpsdeckError> {
  const found = await readCase(db, looked.id);
  if (!found) return noSuchCase(looked.id);
  const undone = found.status === 'pending' ? await lastUndo(db, looked.id) : null;
  return new OpsdeckError('CONFLICT', conflictWords(found, undone, looked));
}

/** The sentence itself. */
export function conflictWords(
  found: Pick<
    StoredCase,
    | 'id'
    | 'leadId'
    | 'status'
    | 'version'
    | 'resolution'
    | 'resolvedAt'
    | 'resolvedBy'
    | 'updatedAt'
    | 'newUserId'
    | 'newAgent'
    | 'newCommission'
    | 'newOrderDate'
  >,
  undone: { actor: string; at: Date } | null,
  looked: { version: number; timeZone: string },
): string {
  const at = (instant: Date) => officeTime(instant, looked.timeZone);
  const when = at(found.resolvedAt ?? found.updatedAt);
  switch (found.status) {
    case 'resolved':
      return `Case ${found.id} was decided already: ${found.resolution} by ${found.resolvedBy}, ${when}. Nothing was done; undo that decision first if it was wrong.`;
    case 'withdrawn':
      return `Case ${found.id} was withdrawn, ${when}: upstream took the change back, or lead ${found.leadId} is gone. There is nothing left to decide.`;
    case 'pending': {
      if (found.version === looked.version)
        return `Lead ${found.leadId} of case ${found.id} was changed at this very moment, and nothing was done. Look at the case again, then decide.`;
      const agent = agentName(found.newUserId, { name: found.newAgent, group: null });
      const why = undone
        ? `Case ${found.id} was decided, and ${undone.actor} undid that (${at(undone.at)}), after you looked at it.`
        : `Upstream changed lead ${found.leadId} again after you looked at case ${found.id}.`;
      const now = `${agent}, commission ${found.newCommission ?? 'none'}, ordered ${at(found.newOrderDate)}`;
      return `${why} You looked at version ${looked.version}; version ${found.version} is: ${now}. Nothing was done; look at it again, then decide.`;
    }
  }
}

/** '2026-11-16 12:00' on the office's clock. */
export function officeTime(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    instant,
  );
}
