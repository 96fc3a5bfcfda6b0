import type { AccountAnswer, AccountResult } from '../../shared/contract/accounts.ts';
import { OpsdeckError } from '../errors.ts';
import type { ModeCache } from '../system/mode.ts';
import type { QueueOutage } from '../system/tasks/queue-outage.ts';
import type { TaskQueue } from '../system/tasks/task-queue.ts';
import {
  doneBefore,
  keyOf,
  provisionAccount,
  type ProvisionDeps,
  type Provisioned,
} from './provision-account.ts';
import type { KeyedRequest } from './request-key.ts';
import { enterRequest, notePath } from './requests-store.ts';

export interface SubmitDeps extends ProvisionDeps {
  mode: ModeCache;
  queue: TaskQueue;
  outage: QueueOutage;
}

/**
 * Takes a request for an account by the way that the mode says. In `async_queue` it becomes a task; where the queue
 * fails, the very same request is carried out here and now, and CRITICAL is raised. DATABASE_AWAY: not taken.
 */
export async function submitAccount(
  deps: SubmitDeps,
  request: KeyedRequest,
  signal?: AbortSignal,
): Promise<AccountAnswer> {
  // Asked first in either mode: a queue that fails leaves the request to this process.
  deps.directory();
  const { mode } = await deps.mode.read();
  return mode === 'async_queue' ? enqueue(deps, request, signal) : direct(deps, request, signal);
}

/** Carries a request out here, whatever the mode. */
export async function direct(
  deps: SubmitDeps,
  request: KeyedRequest,
  signal?: AbortSignal,
): Promise<AccountAnswer> {
  return answer(request, await provisionAccount(deps, request, 'direct', signal), 'direct');
}

async function enqueue(
  deps: SubmitDeps,
  asked: KeyedRequest,
  signal: AbortSignal | undefined,
): Promise<AccountAnswer> {
  const standing = await enterRequest(deps.database, asked, 'queue');
  if (standing.kind === 'refused') throw new OpsdeckError('CONFLICT', standing.why);
  const request = { ...asked, key: keyOf(standing, asked) };
  if (standing.kind === 'finished') return answer(request, doneBefore(request), 'queue');
  if (!(await addTask(deps, request))) {
    await notePath(deps.database, request.key, 'direct');
    return direct(deps, request, signal);
  }
  const reason =
    standing.kind === 'open'
      ? `The request for ${request.email} was made before and waits for its turn.`
      : null;
  return answer(request, { result: 'queued', key: request.key, reason }, 'queue');
}

/** False when the queue did not take it; the outage is raised then. */
async function addTask({ queue, outage }: SubmitDeps, request: KeyedRequest): Promise<boolean> {
  if (outage.resting()) return false;
  try {
    await queue.add(request.key, request);
  } catch (error) {
    await outage.failed(error);
    return false;
  }
  await outage.answered();
  return true;
}

function answer(
  request: KeyedRequest,
  outcome: { result: AccountResult | Provisioned['result']; key: string; reason: string | null },
  path: AccountAnswer['path'],
): AccountAnswer {
  return { success: true, ...outcome, email: request.email, path };
}
