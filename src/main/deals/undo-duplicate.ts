import { OpsdeckError } from '../errors.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendAudit } from '../system/audit.ts';
import * as store from './decisions-store.ts';
import type { LockedDeal, StoredCase } from './decisions-store.ts';
import { noSuchCase, officeTime } from './refuse-decision.ts';
import { tellDecision, type Decided, type DecisionDeps } from './resolve-duplicate.ts';

/**
 * Takes a decision back: the deals become what they were, and the case is open again (U4). NOT_FOUND, or CONFLICT with
 * what changed since; nothing is done then.
 */
export async function undoDuplicate(
  deps: DecisionDeps,
  asked: { id: number; version: number },
): Promise<Decided> {
  return deps.database.transaction((tx) => undo(tx, deps, asked));
}

const anotherOpen = 'upstream has changed the lead since, and that waits as another case. Decide that one';

async function undo(
  tx: Transaction,
  deps: DecisionDeps,
  asked: { id: number; version: number },
): Promise<Decided> {
  const deals = await store.lockDeals(tx, asked.id);
  const found = await store.readCase(tx, asked.id);
  if (!found) throw noSuchCase(asked.id);
  const why =
    refuseUndo(found, asked.version, deals, deps.timeZone) ?? laterWords(await store.laterCase(tx, found));
  if (why !== null) throw conflict(asked.id, why);

  const now = deps.clock.now();
  const added = deals.find((deal) => deal.id === found.newDealId);
  const existing =
    found.resolution === 'rejected' ? undefined : deals.find((deal) => deal.id === found.existingDealId);
  if (added) {
    await store.keepBefore(tx, added.id, 'removed', now);
    await store.deleteDeal(tx, added.id);
  }
  if (existing) {
    await store.keepBefore(tx, existing.id, 'updated', now);
    const upstreamUpdatedAt = (added ?? existing).upstream_updated_at;
    await store.restoreDeal(tx, found.id, { upstreamUpdatedAt, now });
  }
  const version = await store.reopenCase(tx, asked, now);
  if (version === null) throw conflict(asked.id, 'somebody else was quicker');
  await appendAudit(tx, {
    at: now,
    actor: deps.actor,
    console: deps.console,
    action: 'duplicate.undo',
    target: store.caseTarget(found.id),
    before: {
      status: 'resolved',
      version: asked.version,
      resolution: found.resolution,
      leadId: found.leadId,
      deals,
    },
    after: { status: 'pending', version, deals: await store.dealsOfLead(tx, found.leadId) },
  });
  await tellDecision(tx, {
    inserted: [],
    updated: existing ? [existing.id] : [],
    removed: added ? [added.id] : [],
    pling: null,
  });
  const message = `The decision on case ${found.id} (${found.resolution}) was undone; it waits again.`;
  return { id: found.id, action: 'undo', version, newDealId: null, message };
}

/**
 * Why a decision cannot be undone: what changed since, as the end of a sentence. Null: nothing did. `deals` are the
 * lead's, as they are now.
 */
export function refuseUndo(
  found: Pick<
    StoredCase,
    | 'status'
    | 'version'
    | 'resolution'
    | 'resolvedAt'
    | 'resolvedBy'
    | 'existingDealId'
    | 'hadVersion'
    | 'newDealId'
  >,
  version: number,
  deals: readonly Pick<LockedDeal, 'id' | 'version'>[],
  timeZone: string,
): string | null {
  if (found.status === 'pending') return 'it waits for a decision, there is none to undo';
  if (found.status === 'withdrawn')
    return 'nobody decided it: upstream took the change back, or the lead is gone';
  if (found.version !== version) {
    const when = found.resolvedAt ? officeTime(found.resolvedAt, timeZone) : 'meanwhile';
    return `it was ${found.resolution} anew by ${found.resolvedBy}, ${when}. Look at it again`;
  }
  if (found.newDealId !== null) {
    const added = deals.find((deal) => deal.id === found.newDealId);
    if (!added) return `deal ${found.newDealId}, which it added, was removed since`;
    if (added.version !== 1) return `deal ${added.id}, which it added, was changed by upstream since`;
  }
  if (found.hadVersion === null) return null;
  const existing = deals.find((deal) => deal.id === found.existingDealId);
  if (!existing) return 'the existing deal was removed since';
  const expected = found.hadVersion + (found.resolution === 'rejected' ? 0 : 1);
  return existing.version === expected ? null : `deal ${existing.id} was changed since`;
}

function laterWords(later: { id: number; status: 'pending' | 'resolved' } | null): string | null {
  if (!later) return null;
  return later.status === 'pending'
    ? `${anotherOpen} (${later.id})`
    : `case ${later.id} of the same lead was decided after it. Undo that one first`;
}

function conflict(id: number, why: string): OpsdeckError {
  return new OpsdeckError('CONFLICT', `Case ${id} cannot be undone: ${why}. Nothing was changed.`);
}
