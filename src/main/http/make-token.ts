import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenScope } from '../../shared/contract/http/route.ts';
import type { Database } from '../storage/postgres.ts';
import { insertToken, type StoredToken, type TokenActor } from './tokens-store.ts';

/** SHA-256 of a token, which is all that is kept of it. Enough for 256 bits of chance: nothing can be tried out. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The one of `known` whose hash this is. Looks at every one in full, so that time tells nothing. */
export function findByHash<T extends { hash: Buffer }>(known: readonly T[], hash: Buffer): T | null {
  let found: T | null = null;
  for (const one of known) {
    if (one.hash.length === hash.length && timingSafeEqual(one.hash, hash)) found = one;
  }
  return found;
}

/** Makes a token; its text is told here and never again. */
export async function makeToken(
  database: Database,
  wanted: { name: string; scopes: readonly TokenScope[] },
  by: TokenActor,
): Promise<{ stored: StoredToken; token: string }> {
  const token = `odk_${randomBytes(32).toString('base64url')}`;
  const scopes = [...new Set(wanted.scopes)];
  return {
    stored: await insertToken(database, { name: wanted.name, scopes, hash: hashOf(token) }, by),
    token,
  };
}
