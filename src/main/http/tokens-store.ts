import type { TokenScope } from '../../shared/contract/http/route.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database, Queryable } from '../storage/postgres.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';

/** A token without itself: only its SHA-256 is known. */
export interface StoredToken {
  id: number;
  name: string;
  hash: Buffer;
  scopes: TokenScope[];
  createdAt: Date;
  createdBy: string;
  lastUsedAt: Date | null;
}

/** Who makes or revokes a token, where and when. */
export interface TokenActor {
  actor: string;
  console: string;
  now: Date;
}

/** Names the change that every server hears when tokens were made or revoked. */
export const tokensKey = 'apiTokens';

const columns = `id, name, hash, scopes, created_at as "createdAt", created_by as "createdBy", last_used_at as "lastUsedAt"`;

/** Tokens that are good, oldest first. */
export async function activeTokens(db: Queryable): Promise<StoredToken[]> {
  const found = await db.query<StoredToken>(
    `select ${columns} from api_tokens where revoked_at is null order by id`,
  );
  return found.rows;
}

/** Keeps the hash of a new token. CONFLICT when a good one has that name already. */
export async function insertToken(
  database: Database,
  token: { name: string; hash: Buffer; scopes: readonly TokenScope[] },
  { actor, console, now }: TokenActor,
): Promise<StoredToken> {
  return database.transaction(async (tx) => {
    const made = await tx.query<StoredToken>(
      `insert into api_tokens (name, hash, scopes, created_by) values ($1, $2, $3, $4)
       on conflict do nothing returning ${columns}`,
      [token.name, token.hash, [...token.scopes], actor],
    );
    const stored = made.rows[0];
    if (!stored) {
      throw new OpsdeckError(
        'CONFLICT',
        `There is a token named ${JSON.stringify(token.name)} already. Revoke it first, or choose another name.`,
      );
    }
    await appendAudit(tx, {
      at: now,
      actor,
      console,
      action: 'api-token.create',
      target: String(stored.id),
      after: { name: stored.name, scopes: stored.scopes },
    });
    await appendChange(tx, 'settings', { keys: [tokensKey] });
    return stored;
  });
}

/** Ends a token for every console. NOT_FOUND for one that is not good (any more). */
export async function revokeToken(
  database: Database,
  id: number,
  { actor, console, now }: TokenActor,
): Promise<{ name: string }> {
  return database.transaction(async (tx) => {
    const revoked = await tx.query<{ name: string; scopes: string[] }>(
      `update api_tokens set revoked_at = clock_timestamp(), revoked_by = $2
        where id = $1 and revoked_at is null returning name, scopes`,
      [id, actor],
    );
    const before = revoked.rows[0];
    if (!before) throw new OpsdeckError('NOT_FOUND', `There is no good token with number ${id}.`);
    await appendAudit(tx, {
      at: now,
      actor,
      console,
      action: 'api-token.revoke',
      target: String(id),
      before,
    });
    await appendChange(tx, 'settings', { keys: [tokensKey] });
    return { name: before.name };
  });
}

/** Notes that a token was used. */
export async function noteUse(db: Queryable, id: number): Promise<void> {
  await db.query('update api_tokens set last_used_at = clock_timestamp() where id = $1', [id]);
}
