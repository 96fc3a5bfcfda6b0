import { createHash } from 'node:crypto';
import type { AccountRequest } from '../../shared/contract/accounts.ts';

/** A request whose key is settled, with who asked and where. */
export interface KeyedRequest {
  key: string;
  email: string;
  name: string;
  plan: string;
  actor: string;
  console: string;
}

/** The key of a request that came without one: the same for every way to write an email. */
export function keyOfEmail(email: string): string {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
  return `account-${hash.slice(0, 32)}`;
}

/** Gives a request its key, so that it is the same one however often it is sent. */
export function withKey(request: AccountRequest, by: { actor: string; console: string }): KeyedRequest {
  const { email, name, plan, key } = request;
  return { key: key ?? keyOfEmail(email), email, name, plan, ...by };
}

/** True for a request that came without a key of its own. */
export function isKeyOfEmail(request: Pick<KeyedRequest, 'key' | 'email'>): boolean {
  return request.key === keyOfEmail(request.email);
}
