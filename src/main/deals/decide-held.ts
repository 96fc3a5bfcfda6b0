import { OpsdeckError } from '../errors.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';
import type { Transaction } from '../storage/postgres.ts';
import { followingDeals, holdById, moveHold, refuseRemoval, type Hold } from './held-store.ts';
import { removeConfirmed } from './remove-gone.ts';
import { runPermitted, type PassDeps, type PassRequest } from './run-pass.ts';

export interface HeldDecision {
  id: number;
  action: 'accept' | 'discard';
  actor: string;
  console: string;
  note: string | null;
}

export interface HeldResult {
  id: number;
  state: 'accepted' | 'discarded' | 'done';
  removed: number;
  /** Deals that stay: refused by the person, or still a success upstream. */
  kept: number;
  /** Deals whose look-up could not be made yet; the next window passes go on with them. */
  waiting: number;
}

/**
 * A person's word on held removals. Discarded: the deals stay, and are not proposed again until seen upstream.
 * Accepted: each is looked up once more (a lead that is a success stays after all) and removed. NOT_FOUND, or
 * CONFLICT when somebody has decided already.
 */
export async function decideHeld(
  deps: PassDeps,
  decision: HeldDecision,
  request: Pick<PassRequest, 'signal' | 'waitMs' | 'trigger' | 'onProgress'>,
): Promise<HeldResult> {
  if (decision.action === 'discard') return discard(deps, decision);
  // Nothing is decided where nothing could follow: CONFIG_INVALID without an upstream to look leads up at.
  deps.connect(await deps.readSettings());
  const hold = await deps.database.transaction((tx) => decide(tx, deps, decision));
  let result: HeldResult = {
    id: hold.id,
    state: 'accepted',
    removed: 0,
    kept: 0,
    waiting: hold.leadIds.length,
  };
  await runPermitted(deps, { ...request, source: 'deals', kind: 'held' }, async (context) => {
    const missing = await followingDeals(context.database, hold.leadIds);
    const outcome = await removeConfirmed(context, missing, 'person');
    const { removed, kept, waiting } = outcome;
    result = { id: hold.id, state: waiting > 0 ? 'accepted' : 'done', removed, kept, waiting };
    return {
      inserted: 0,
      updated: outcome.updated,
      removed,
      unchanged: outcome.unchanged,
      held: outcome.held,
      rejected: outcome.rejected,
      waiting,
      pages: 0,
      complete: true,
      shifted: false,
      ignoredFields: 0,
      removalsHeld: false,
      note: null,
    };
  });
  return result;
}

async function discard(deps: PassDeps, decision: HeldDecision): Promise<HeldResult> {
  return deps.database.transaction(async (tx) => {
    const hold = await decide(tx, deps, decision);
    const kept = await refuseRemoval(tx, hold.leadIds, deps.clock.now());
    return { id: hold.id, state: 'discarded', removed: 0, kept, waiting: 0 };
  });
}

/** Marks the hold as decided, with its audit row; both or neither. */
async function decide(tx: Transaction, deps: PassDeps, decision: HeldDecision): Promise<Hold> {
  const hold = await holdById(tx, decision.id);
  if (!hold) {
    throw new OpsdeckError(
      'NOT_FOUND',
      `There are no held removals with number ${decision.id}. List them with: sync held`,
    );
  }
  if (hold.state !== 'held') {
    throw new OpsdeckError(
      'CONFLICT',
      `The held removals ${hold.id} are ${hold.state} already; nothing was changed.`,
    );
  }
  const state = decision.action === 'accept' ? 'accepted' : 'discarded';
  const now = deps.clock.now();
  await moveHold(tx, hold.id, { state, decidedBy: decision.actor, note: decision.note, now });
  await appendAudit(tx, {
    at: now,
    actor: decision.actor,
    console: decision.console,
    action: `held-removals.${decision.action}`,
    target: String(hold.id),
    ...(decision.note ? { note: decision.note } : {}),
    before: { state: hold.state, leadIds: hold.leadIds, ofDeals: hold.ofDeals, reason: hold.reason },
    after: { state },
  });
  await appendChange(tx, 'held', { id: hold.id, state });
  return hold;
}
