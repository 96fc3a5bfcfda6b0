import type { AccountAnswer, AccountRequest } from '../shared/contract/accounts.ts';
import { withKey, type KeyedRequest } from './accounts/request-key.ts';
import { submitAccount } from './accounts/submit-account.ts';
import { isAway, OpsdeckError } from './errors.ts';
import type { ConsoleServices } from './services.ts';

/** What a request for an account is taken with. */
export type AccountServices = Pick<
  ConsoleServices,
  'running' | 'operations' | 'outbox' | 'identity' | 'sendKept' | 'holder'
>;

/**
 * A request for an account: taken at once, or kept on disk while the database is away, also when it went away under the
 * request and nobody knows how far that came. Either way it is made once.
 */
export async function addAccount(
  services: AccountServices,
  input: AccountRequest,
  actor: string,
  signal?: AbortSignal,
): Promise<AccountAnswer> {
  const request = withKey(input, { actor, console: services.holder });
  const operations = services.running();
  if (operations && operations.awaySince() === null) {
    try {
      return await submitAccount(operations.workspace.accounts, request, signal);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  return keep(services, request);
}

async function keep(services: AccountServices, request: KeyedRequest): Promise<AccountAnswer> {
  const databaseId = services.identity();
  if (databaseId === null) {
    // Never connected from here: says why there is none.
    await services.operations();
    throw new OpsdeckError('DATABASE_AWAY', 'The database came back this very moment. Ask again.');
  }
  services.outbox.keepAccount(databaseId, { kind: 'account', ...request });
  services.sendKept();
  return {
    success: true,
    result: 'kept',
    email: request.email,
    key: request.key,
    reason: 'The database is away. The request is kept on this computer and sent when it is back.',
    path: 'outbox',
  };
}
