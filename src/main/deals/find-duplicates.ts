import type { LeadFact } from './map-lead.ts';

/** Why a lead's new state waits for a person. */
export type DuplicateReason = 'agent' | 'order_date' | 'commission';

/** What we hold of a lead when its upstream state may not simply be applied. */
export interface Suspect {
  fact: LeadFact;
  /** Identifies this upstream state: equal for equal content. */
  stateKey: string;
  /** How it differs from the row that follows upstream (or, without one, from the row a person kept). */
  reasons: readonly DuplicateReason[];
  /** True when a row of the lead still follows upstream. */
  follows: boolean;
  existingDealId: number;
  /** The lead's open pending duplicate, if any. */
  pending: { id: number; stateKey: string } | null;
  /** True when a person has decided exactly this upstream state before. */
  decided: boolean;
}

/** What is to become of a suspect. `settled` changes nothing: a person has spoken, or nothing differs. */
export type SuspectDecision =
  | { kind: 'open' }
  | { kind: 'revise'; pendingId: number }
  | { kind: 'waiting'; pendingId: number }
  | { kind: 'withdraw'; pendingId: number }
  | { kind: 'settled' };

/**
 * Decides about one lead whose upstream state differs in agent or order date (or commission, where the office
 * wants that) from what we hold, or whose pending duplicate is open. Nothing of such a state is applied here.
 */
export function decideSuspect(suspect: Suspect): SuspectDecision {
  const { pending } = suspect;
  if (suspect.reasons.length === 0 || suspect.decided) {
    return pending ? { kind: 'withdraw', pendingId: pending.id } : { kind: 'settled' };
  }
  if (!pending) return { kind: 'open' };
  return pending.stateKey === suspect.stateKey
    ? { kind: 'waiting', pendingId: pending.id }
    : { kind: 'revise', pendingId: pending.id };
}
