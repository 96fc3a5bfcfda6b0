import { accountEmail, accountName, accountPlan, requestKey } from '../../shared/contract/accounts.ts';
import type { AccountRequest } from '../../shared/contract/accounts.ts';
import type { AccountDraft } from './accounts-store.ts';

export type DraftField = keyof AccountDraft;

/** Which fields cannot be sent as they are written. An empty key is none: main makes one of the email. */
export function draftProblems(draft: AccountDraft): ReadonlySet<DraftField> {
  const wrong = new Set<DraftField>();
  if (!accountEmail.safeParse(draft.email).success) wrong.add('email');
  if (!accountName.safeParse(draft.name).success) wrong.add('name');
  if (!accountPlan.safeParse(draft.plan).success) wrong.add('plan');
  if (draft.key.trim() !== '' && !requestKey.safeParse(draft.key).success) wrong.add('key');
  return wrong;
}

/** The request that a draft without problems makes. */
export function requestOf(draft: AccountDraft): AccountRequest {
  const key = draft.key.trim();
  return {
    email: draft.email.trim(),
    name: draft.name.trim(),
    plan: draft.plan.trim(),
    ...(key === '' ? {} : { key }),
  };
}
