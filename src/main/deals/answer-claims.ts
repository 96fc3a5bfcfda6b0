import type { DuplicateClaims } from '../../shared/contract/duplicates.ts';
import type { Operations } from '../operations.ts';
import { claimDuplicate, releaseClaims } from './claim-duplicate.ts';
import { liveClaims } from './claims-store.ts';

/** Who looks at which case just now. */
export async function claims(operations: Operations): Promise<DuplicateClaims> {
  const { database, processId } = operations.workspace;
  const live = await liveClaims(database);
  return {
    claims: live.map((claim) => ({
      id: claim.duplicateId,
      actor: claim.actor,
      mine: claim.processId === processId,
      until: claim.until.toISOString(),
    })),
  };
}

/** This console looks at a case from now on; answers who looks at which. */
export async function claim(operations: Operations, actor: string, id: number): Promise<DuplicateClaims> {
  const { database, processId } = operations.workspace;
  await claimDuplicate({ database, processId, actor }, id);
  return claims(operations);
}

/** This console looks at none any more. */
export async function release(operations: Operations): Promise<{ released: true }> {
  const { database, processId } = operations.workspace;
  await releaseClaims({ database, processId });
  return { released: true };
}
