import type { KeptOutcome } from '../../shared/contract/outbox.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database } from '../storage/postgres.ts';
import type { KeyedRequest } from './request-key.ts';
import { requestByKey } from './requests-store.ts';
import { submitAccount, type SubmitDeps } from './submit-account.ts';

const nothing = { by: null, resolution: null, at: null, version: null, now: null };

/**
 * Sends a request that was kept while the database was away, and answers how it ended. Rejects when that is not known:
 * it is to be sent again.
 */
export async function sendAccount(deps: SubmitDeps, request: KeyedRequest): Promise<KeptOutcome> {
  try {
    const answer = await submitAccount(deps, request);
    return { ...nothing, kind: 'done', message: answer.reason ?? `${answer.email}: ${answer.result}.` };
  } catch (error) {
    if (!(error instanceof OpsdeckError) || (error.code !== 'CONFLICT' && error.code !== 'BAD_REQUEST'))
      throw error;
    return { ...nothing, kind: 'refused', message: error.message };
  }
}

/** How a request ended that was sent before; null: it is not done. Rejects while the database is away. */
export async function findSentAccount(database: Database, key: string): Promise<KeptOutcome | null> {
  const row = await requestByKey(database, key);
  if (row?.state === 'finished')
    return { ...nothing, kind: 'done', message: `The account for ${row.email} was made.` };
  if (row?.state === 'refused')
    return { ...nothing, kind: 'refused', message: row.message ?? 'The request was refused.' };
  return null;
}
