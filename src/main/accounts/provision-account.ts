import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database } from '../storage/postgres.ts';
import { UpstreamError } from '../upstream/upstream-error.ts';
import { decideNext, type Standing } from './decide-request.ts';
import type { DirectoryClient } from './directory-client.ts';
import type { KeyedRequest } from './request-key.ts';
import {
  enterRequest,
  finishRequest,
  localAccount,
  refuseRequest,
  releaseClaim,
  requestByKey,
  takeClaim,
  type RequestRow,
} from './requests-store.ts';

export interface ProvisionDeps {
  database: Database;
  clock: Clock;
  /** This process, as in `processes`. */
  processId: string;
  /** CONFIG_INVALID where none is configured. */
  directory(): DirectoryClient;
  /** Claims that this process is at, shared by all that provisions in it. */
  claims: Set<string>;
  /** How long one process may be at a request before another takes it up, and how long another waits, in ms. */
  claimMs?: number;
  waitMs?: number;
}

/** created: made now · completed: the directory had it under this key already · skipped: done before. */
export interface Provisioned {
  result: 'created' | 'completed' | 'skipped';
  key: string;
  reason: string | null;
}

/** Look-ups of one attempt: a creation whose outcome is unknown is looked up, and may then be tried once more. */
const mostRounds = 4;
/** Pause between two looks whether another is done with the request, in ms. */
const lookMs = 200;

/**
 * Makes an account once, however often and wherever the same request is carried out. Three layers: the request's row
 * (one for a key, one for an email), a look in the directory before anything is created, our own row after. CONFLICT
 * when the email is somebody else's; every other failure leaves the request open, to be carried out again.
 */
export async function provisionAccount(
  deps: ProvisionDeps,
  asked: KeyedRequest,
  path: RequestRow['path'],
  signal?: AbortSignal,
): Promise<Provisioned> {
  const directory = deps.directory();
  const standing = await enterRequest(deps.database, asked, path);
  if (standing.kind === 'refused') throw conflict(standing.why);
  const request = { ...asked, key: keyOf(standing, asked) };
  if (standing.kind === 'finished') return doneBefore(request);
  const claim = randomUUID();
  deps.claims.add(claim);
  try {
    if (!(await waitForClaim(deps, request.key, claim, signal))) return doneBefore(request);
    return await carryOut(deps, directory, request, signal);
  } catch (error) {
    const code = error instanceof OpsdeckError ? error.code : 'INTERNAL';
    const message = error instanceof Error ? error.message : String(error);
    // Where the database is away too, the claim runs out by itself.
    await releaseClaim(deps.database, request.key, claim, { code, message }).catch(() => {});
    throw error;
  } finally {
    deps.claims.delete(claim);
  }
}

/** The key that a request goes by from now on. */
export function keyOf(standing: Standing, asked: KeyedRequest): string {
  return standing.kind === 'new' || standing.kind === 'refused' ? asked.key : standing.key;
}

/** The answer to a repeat. */
export function doneBefore(request: KeyedRequest): Provisioned {
  return {
    result: 'skipped',
    key: request.key,
    reason: `The account for ${request.email} was made before, by this same request. Nothing was made again.`,
  };
}

async function carryOut(
  deps: ProvisionDeps,
  directory: DirectoryClient,
  request: KeyedRequest,
  signal: AbortSignal | undefined,
): Promise<Provisioned> {
  let tried: UpstreamError | null = null;
  let hasTried = false;
  for (let round = 1; round <= mostRounds; round++) {
    const local = await localAccount(deps.database, request.email);
    const found = local ? null : await directory.findUser(request.email, signal);
    const next = decideNext(request, found, local);
    switch (next.do) {
      case 'skip':
        await finish(deps, request, {
          id: next.local.directoryId,
          email: request.email,
          requestKey: request.key,
        });
        return doneBefore(request);
      case 'refuse':
        await refuseRequest(deps.database, request.key, next.why);
        throw conflict(next.why);
      case 'complete':
        return finish(deps, request, next.user, hasTried ? 'created' : 'completed');
      case 'create': {
        hasTried = true;
        const made = await createOrRefuse(deps, directory, request, signal);
        if (made.kind === 'created') return finish(deps, request, made.user, 'created');
        // Taken, or nobody knows: looked up before anything else.
        tried = made.kind === 'unknown' ? made.error : tried;
      }
    }
  }
  throw (
    tried ??
    new UpstreamError(
      'UPSTREAM_UNREADABLE',
      `The account directory says that it has ${request.email}, but does not list it. Look there, then try again.`,
    )
  );
}

/** Creates; what the directory refuses for what is asked is refused for good, since asking again would not help. */
async function createOrRefuse(
  deps: ProvisionDeps,
  directory: DirectoryClient,
  request: KeyedRequest,
  signal: AbortSignal | undefined,
) {
  try {
    return await directory.createUser(request, signal);
  } catch (error) {
    if (!(error instanceof UpstreamError) || (error.status !== 400 && error.status !== 422)) throw error;
    await refuseRequest(deps.database, request.key, error.message);
    throw conflict(error.message);
  }
}

async function finish(
  deps: ProvisionDeps,
  request: KeyedRequest,
  user: Parameters<typeof finishRequest>[2],
  outcome: 'created' | 'completed' = 'completed',
): Promise<Provisioned> {
  const at = deps.clock.now();
  const isFirst = await finishRequest(deps.database, request, user, { outcome, at });
  if (!isFirst) return doneBefore(request);
  const reason =
    outcome === 'completed'
      ? `${request.email} was in the directory under this request already; only our own record was missing.`
      : null;
  return { result: outcome, key: request.key, reason };
}

/** Takes the request up, waiting for whoever is at it; false when that one finished it. */
async function waitForClaim(
  deps: ProvisionDeps,
  key: string,
  claim: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { database, clock, processId } = deps;
  const forMs = deps.claimMs ?? 120_000;
  const until = clock.monotonic() + (deps.waitMs ?? 60_000);
  for (;;) {
    if (await takeClaim(database, key, { claim, processId, forMs, held: [...deps.claims] })) return true;
    const row = await requestByKey(database, key);
    if (row?.state === 'finished') return false;
    if (row?.state === 'refused') throw conflict(row.message ?? 'The request was refused.');
    if (clock.monotonic() >= until) throw stillBusy();
    await clock.sleep(lookMs, signal);
  }
}

function conflict(message: string): OpsdeckError {
  return new OpsdeckError('CONFLICT', message);
}

function stillBusy(): OpsdeckError {
  return new OpsdeckError(
    'SYNC_BUSY',
    'Another process is carrying out this very request. Look at it again in a moment; it is made once.',
  );
}
