import type { OpenRequest } from '../../shared/contract/accounts.ts';
import type { KeptAccount } from '../../shared/contract/outbox.ts';

/** A request without an account, wherever it is known from. */
export interface ShownRequest {
  readonly id: string;
  /** kept: on this computer until the database is back. */
  readonly state: 'kept' | 'open' | 'refused';
  readonly email: string;
  readonly plan: string;
  readonly message: string | null;
  readonly actor: string;
  readonly at: string;
}

/** Those kept here first; one that the database knows already is shown as it is there. */
export function arrangeRequests(
  kept: readonly KeptAccount[],
  requests: readonly OpenRequest[],
): readonly ShownRequest[] {
  const known = new Set(requests.map(({ key }) => key));
  const waiting = kept.filter(({ state, key }) => state === 'waiting' && !known.has(key));
  return [
    ...waiting.map(({ decision_id: id, email, plan, actor, made_at: at, message }): ShownRequest => ({
      ...{ id, state: 'kept', email, plan, message, actor, at },
    })),
    ...requests.map(({ key: id, state, email, plan, message, actor, created_at: at }): ShownRequest => ({
      ...{ id, state, email, plan, message, actor, at },
    })),
  ];
}
