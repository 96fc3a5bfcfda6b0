import type { ApiToken } from '../shared/contract/http-api.ts';
import type { TokenScope } from '../shared/contract/http/route.ts';
import { makeToken } from './http/make-token.ts';
import {
  activeTokens,
  revokeToken as revoke,
  type StoredToken,
  type TokenActor,
} from './http/tokens-store.ts';
import type { Workspace } from './workspace.ts';

/** Tokens of the HTTP API that are good, oldest first. */
export async function tokens({ workspace }: { workspace: Workspace }): Promise<ApiToken[]> {
  return (await activeTokens(workspace.database)).map(tokenView);
}

/** Makes a token and tells it, this once. */
export async function createToken(
  { workspace }: { workspace: Workspace },
  actor: string,
  wanted: { name: string; scopes: readonly TokenScope[] },
): Promise<{ token: string; about: ApiToken }> {
  const { token, stored } = await makeToken(workspace.database, wanted, by(workspace, actor));
  return { token, about: tokenView(stored) };
}

/** Ends a token at every console. */
export async function revokeToken(
  { workspace }: { workspace: Workspace },
  actor: string,
  id: number,
): Promise<{ name: string }> {
  return revoke(workspace.database, id, by(workspace, actor));
}

function by(workspace: Workspace, actor: string): TokenActor {
  return { actor, console: workspace.holder, now: workspace.passes.clock.now() };
}

function tokenView({ id, name, scopes, createdAt, createdBy, lastUsedAt }: StoredToken): ApiToken {
  return {
    id,
    name,
    scopes,
    created_at: createdAt.toISOString(),
    created_by: createdBy,
    last_used_at: lastUsedAt?.toISOString() ?? null,
  };
}
