import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import type { KeptOutcome } from '../../shared/contract/outbox.ts';
import type { DecisionPayload, Kept } from './kept-decision.ts';
import type { Outbox } from './outbox.ts';

/** The database as it is after a restore. */
export interface RestoredDatabase {
  /** With the life that the restore began. */
  identity: string;
  /** What became of a decision that is in it; null: it is not. */
  find(decisionId: string): Promise<KeptOutcome | null>;
  /** A case as it is in it, and whether it waits for a decision; null: it is not in it. */
  look(id: number): Promise<{ now: PendingDuplicate; isOpen: boolean } | null>;
}

/**
 * Looks for every decision of an earlier life of this database in what was restored, and puts those it does not hold
 * before a person again; never does one of them by itself. Answers how many there are. Rejects when the database goes
 * away: those that were not looked at are looked for the next time.
 */
export async function offerAgain(outbox: Outbox, database: RestoredDatabase): Promise<number> {
  let offered = 0;
  for (const kept of outbox.ofEarlierLives(database.identity)) {
    if (kept.payload?.kind === 'account') {
      // Asked again by a person, it is looked for in the directory first, like any other.
      if (kept.settledAt === null) outbox.settle(kept.decisionId, 'returned', outcomeOf(null));
      continue;
    }
    const found = await database.find(kept.decisionId);
    if (found) {
      if (kept.settledAt === null) outbox.settle(kept.decisionId, 'applied', found);
      continue;
    }
    outbox.settle(
      kept.decisionId,
      'returned',
      outcomeOf(kept.payload && (await database.look(kept.payload.id))),
    );
    offered += 1;
  }
  return offered;
}

function outcomeOf(found: { now: PendingDuplicate; isOpen: boolean } | null): KeptOutcome {
  return {
    kind: 'restored',
    message: 'The database was set back to before this decision.',
    ...{ by: null, resolution: null, at: null },
    version: found?.isOpen ? found.now.version : null,
    now: found?.now ?? null,
  };
}

/**
 * The decision to be made once more, on the version that the case has now; null where the case is not the one that was
 * decided, so that a person has to look at it first.
 */
export function decideAgain(kept: Kept): DecisionPayload | null {
  const { payload, outcome } = kept;
  if (
    payload?.kind !== 'decision' ||
    !payload.seen ||
    outcome?.kind !== 'restored' ||
    outcome.version === null ||
    !outcome.now
  )
    return null;
  if (!isSameCase(payload.seen, outcome.now)) return null;
  return { ...payload, version: outcome.version, seen: outcome.now };
}

/** True when both sides are what they were, whatever number and version the case has. */
function isSameCase(one: PendingDuplicate, other: PendingDuplicate): boolean {
  const sides = ({ lead_id, existing, incoming }: PendingDuplicate) =>
    JSON.stringify([lead_id, sideOf(existing), sideOf(incoming)]);
  return one.id === other.id && sides(one) === sides(other);
}

function sideOf(side: PendingDuplicate['existing']) {
  return side && [side.user_id, side.commission, side.multi_deals, side.order_date, side.campaign];
}
