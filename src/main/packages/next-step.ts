/** One attempt as it is stored; `sent` was written down before the request left, and nothing is known since. */
export interface Attempt {
  number: number;
  kind: 'order' | 'look-up' | 'check';
  resellerId: string;
  outcome: 'sent' | 'done' | 'absent' | 'present' | 'refused' | 'failed' | 'lost';
  status: number | null;
  startedAt: Date;
  endedAt: Date | null;
}

export interface OrderSituation {
  /** What is to be bought now: the package asked for, or the equivalent that stands in. */
  target: string;
  /** Whether our catalogue has the target on offer. */
  onOffer: boolean;
  attempts: readonly Attempt[];
  /** Attempts with a higher number were made since somebody asked last. */
  askedAfter: number;
  /** False for the job that only finds out: it never buys. */
  mayBuy: boolean;
  now: Date;
  settleMs: number;
  mostTries: number;
}

export type Step =
  | { kind: 'order'; again: boolean }
  | { kind: 'look-up' }
  | { kind: 'check' }
  | { kind: 'fall-back' }
  | { kind: 'complete' }
  | { kind: 'unknown' }
  | { kind: 'failed'; why: 'refused' | 'supplier' | 'not-bought' | 'never-sent' };

/**
 * What to do next with an order (P5). Nothing is sent after an order was, before the supplier was asked by its reference
 * and knew none; after an answer that never came not even then, until so much time has passed that it cannot arrive any more.
 */
export function nextStep(situation: OrderSituation): Step {
  const { attempts, askedAfter, mayBuy } = situation;
  const lastOrder = attempts.findLast((attempt) => attempt.kind === 'order');
  if (!lastOrder) return beforeFirst(situation);
  // Once bought, for ever: a later look-up that finds nothing is the supplier's mistake.
  const bought = attempts.findLast((attempt) => attempt.kind !== 'check' && attempt.outcome === 'done');
  if (bought) {
    const asked = attempts.some(
      (attempt) => attempt.kind === 'look-up' && attempt.number > Math.max(bought.number, askedAfter),
    );
    return { kind: asked ? 'unknown' : 'complete' };
  }
  const later = attempts.filter((attempt) => attempt.number > lastOrder.number);
  // A look-up of an earlier round says nothing about now: somebody else may have bought meanwhile.
  const lookUp = later.findLast(
    (attempt) => attempt.kind === 'look-up' && (lastOrder.number > askedAfter || attempt.number > askedAfter),
  );
  if (!lookUp || lookUp.outcome === 'sent') return { kind: 'look-up' };
  if (lookUp.outcome !== 'absent')
    return isNotTaken(lastOrder) ? failedAfter(lastOrder) : { kind: 'unknown' };
  if (isUnclear(lastOrder) && !isSettled(lastOrder, lookUp, situation.settleMs)) return { kind: 'unknown' };
  if (lastOrder.number <= askedAfter) return mayBuy ? toBuy(situation) : failedAfter(lastOrder);
  return afterAbsent(situation, lastOrder, later);
}

function beforeFirst(situation: OrderSituation): Step {
  if (!situation.mayBuy) return { kind: 'failed', why: 'never-sent' };
  return toBuy(situation);
}

/** Whoever asks anew has the package checked anew. */
function toBuy({ onOffer, target, attempts, askedAfter }: OrderSituation): Step {
  const checked = attempts.findLast(
    (attempt) => attempt.kind === 'check' && attempt.resellerId === target && attempt.number > askedAfter,
  );
  return onOffer && checked?.outcome !== 'absent' ? { kind: 'order', again: false } : { kind: 'fall-back' };
}

function afterAbsent(situation: OrderSituation, last: Attempt, later: readonly Attempt[]): Step {
  // An equivalent has taken the place of what was tried before.
  if (last.resellerId !== situation.target) return situation.mayBuy ? toBuy(situation) : failedAfter(last);
  if (isUnclear(last)) return { kind: 'failed', why: 'not-bought' };
  if (last.outcome === 'refused' && last.status !== 429) return { kind: 'failed', why: 'refused' };
  // The supplier says 500 for a package it does not know and for an outage alike: its catalogue tells which.
  const check = later.findLast((attempt) => attempt.kind === 'check');
  const wasSent = last.status !== null && last.status >= 500;
  if (wasSent && !check) return { kind: 'check' };
  if (check?.outcome === 'absent') return situation.mayBuy ? { kind: 'fall-back' } : failedAfter(last);
  const tries = situation.attempts.filter(
    (attempt) =>
      attempt.kind === 'order' &&
      attempt.number > situation.askedAfter &&
      attempt.resellerId === situation.target,
  );
  const mayTry = situation.mayBuy && tries.length < situation.mostTries;
  return mayTry ? { kind: 'order', again: true } : { kind: 'failed', why: 'supplier' };
}

function failedAfter(last: Attempt): Step {
  const why = isUnclear(last) ? 'not-bought' : last.outcome === 'refused' ? 'refused' : 'supplier';
  return { kind: 'failed', why };
}

/**
 * It never left, or the supplier read and refused it: not taken, whatever a look-up says. "Too many requests" may be the
 * word of something in between, and proves nothing.
 */
function isNotTaken(attempt: Attempt): boolean {
  const refused = attempt.outcome === 'refused' && attempt.status !== 429;
  return refused || (attempt.outcome === 'failed' && attempt.status === null);
}

/** Nobody knows whether it was taken. */
function isUnclear(attempt: Attempt): boolean {
  return attempt.outcome === 'lost' || attempt.outcome === 'sent';
}

function isSettled(order: Attempt, lookUp: Attempt, settleMs: number): boolean {
  return lookUp.startedAt.getTime() - order.startedAt.getTime() >= settleMs;
}
