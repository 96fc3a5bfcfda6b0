import type { Database } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { dropClaims, lockClaims, putClaim } from './claims-store.ts';

/** Who looks: a console has one case before it, so it claims one at a time. */
export interface Onlooker {
  database: Database;
  processId: string;
  actor: string;
}

/**
 * Says that this console looks at a case, for two minutes from now, and at no other. Answers false when another console
 * does already, or the case is not open. A decision never asks for it. Renewing tells nobody; a change does.
 */
export function claimDuplicate(by: Onlooker, duplicateId: number): Promise<boolean> {
  return by.database.transaction(async (tx) => {
    const before = await lockClaims(tx, { processId: by.processId, duplicateId });
    const left = await dropClaims(tx, { processId: by.processId, except: duplicateId });
    const claimed = await putClaim(tx, { duplicateId, processId: by.processId, actor: by.actor });
    const renewed = before.some(
      (claim) => claim.processId === by.processId && claim.duplicateId === duplicateId,
    );
    if (left > 0 || (claimed && !renewed)) await appendChange(tx, 'claims', {});
    return claimed;
  });
}

/** This console looks at no case any more. */
export function releaseClaims(by: Pick<Onlooker, 'database' | 'processId'>): Promise<void> {
  return by.database.transaction(async (tx) => {
    const left = await dropClaims(tx, { processId: by.processId, except: null });
    if (left > 0) await appendChange(tx, 'claims', {});
  });
}
