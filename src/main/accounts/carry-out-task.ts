import { z } from 'zod';
import { OpsdeckError } from '../errors.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import { provisionAccount, type ProvisionDeps } from './provision-account.ts';
import type { KeyedRequest } from './request-key.ts';
import { leftRequests } from './requests-store.ts';
import type { SubmitDeps } from './submit-account.ts';

const payloadSchema = z.object({
  key: z.string(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  actor: z.string(),
  console: z.string(),
});

/** A request for the queue that was not touched for so long, in ms, may have lost its task. */
const untouchedMs = 60_000;
const mostSwept = 200;

/**
 * Carries out a queued request. One that is refused is done: its row says why, and a WARNING tells a person. Any other
 * failure is a failed try.
 */
export async function carryOutTask(
  deps: ProvisionDeps,
  payload: unknown,
  signal: AbortSignal,
): Promise<void> {
  const request: KeyedRequest = payloadSchema.parse(payload);
  try {
    await provisionAccount(deps, request, 'queue', signal);
  } catch (error) {
    if (!(error instanceof OpsdeckError) || error.code !== 'CONFLICT') throw error;
    await raiseHealthEvent(deps.database, 'WARNING', `An account was not made: ${error.message}`, {
      kind: 'account-refused',
      key: request.key,
    });
  }
}

/** Tells that a task is out of tries, and waits for a person: one incident for each cause. */
export async function tellParked(deps: ProvisionDeps, key: string, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  await raiseHealthEvent(
    deps.database,
    'ERROR',
    `A request for an account failed too often and was parked: ${why} See Tasks to try it again.`,
    { kind: 'task-parked', subject: causeOf(error), key },
  );
}

const causeOf = (error: unknown) => (error instanceof OpsdeckError ? error.code : 'INTERNAL');

/**
 * Gives a task to every open request that nobody carries out: a process was killed between writing the request down
 * and queueing it, or over a direct one; or the queue lost it. Answers how many.
 */
export async function sweepRequests(deps: SubmitDeps): Promise<number> {
  const left = await leftRequests(deps.database, untouchedMs, mostSwept);
  if (left.length === 0) return 0;
  const has = await deps.queue.has(left.map(({ key }) => key));
  const lost = left.filter(({ key }) => !has.has(key));
  for (const { path: _path, ...request } of lost) await deps.queue.add(request.key, request);
  return lost.length;
}
