import { wasKilled } from '../storage/killed-processes.ts';
import type { Database, Queryable, Transaction } from '../storage/postgres.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';
import { decideStanding, type LocalAccount, type Standing, type StandingRequest } from './decide-request.ts';
import type { DirectoryUser } from './directory-client.ts';
import type { KeyedRequest } from './request-key.ts';

export interface RequestRow extends StandingRequest {
  path: 'queue' | 'direct' | 'outbox';
  outcome: 'created' | 'completed' | null;
  code: string | null;
  message: string | null;
  actor: string;
  console: string;
  createdAt: Date;
  updatedAt: Date;
}

const columns = `key, email, name, plan, state, path, outcome, code, message, actor, console,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** The request of a key; null: there is none. */
export async function requestByKey(db: Queryable, key: string): Promise<RequestRow | null> {
  const found = await db.query<RequestRow>(`select ${columns} from account_requests where key = $1`, [key]);
  return found.rows[0] ?? null;
}

/** The one of an email that is not refused. */
async function liveRequest(db: Queryable, email: string): Promise<RequestRow | null> {
  const found = await db.query<RequestRow>(
    `select ${columns} from account_requests where lower(email) = lower($1) and state <> 'refused'`,
    [email],
  );
  return found.rows[0] ?? null;
}

/**
 * Writes a request down, or finds the one that it repeats, and answers how it stands. Two at once for one email are two
 * writers of one unique index: the second sees the first.
 */
export async function enterRequest(
  database: Database,
  request: KeyedRequest,
  path: RequestRow['path'],
): Promise<Standing> {
  return database.transaction(async (tx) => {
    const stored = {
      ofKey: await requestByKey(tx, request.key),
      ofEmail: await liveRequest(tx, request.email),
    };
    const standing = decideStanding(request, stored);
    if (standing.kind === 'new') await insertRequest(tx, request, path);
    if (standing.kind === 'again') await reopen(tx, { ...request, key: standing.key }, path);
    if (standing.kind === 'new' || standing.kind === 'again') await appendChange(tx, 'accounts', {});
    return standing;
  });
}

async function insertRequest(
  tx: Transaction,
  request: KeyedRequest,
  path: RequestRow['path'],
): Promise<void> {
  const { key, email, name, plan, actor, console } = request;
  await tx.query(
    `insert into account_requests (key, email, name, plan, state, path, actor, console)
     values ($1, $2, $3, $4, 'open', $5, $6, $7)`,
    [key, email, name, plan, path, actor, console],
  );
}

async function reopen(tx: Transaction, request: KeyedRequest, path: RequestRow['path']): Promise<void> {
  const { key, email, name, plan, actor, console } = request;
  await tx.query(
    `update account_requests
        set state = 'open', email = $2, name = $3, plan = $4, path = $5, actor = $6, console = $7,
            code = null, message = null, updated_at = clock_timestamp()
      where key = $1 and state = 'refused'`,
    [key, email, name, plan, path, actor, console],
  );
}

/** Says by which way an open request is carried out now. */
export async function notePath(db: Queryable, key: string, path: RequestRow['path']): Promise<void> {
  await db.query(
    `update account_requests set path = $2, updated_at = clock_timestamp()
      where key = $1 and state = 'open' and path <> $2`,
    [key, path],
  );
}

/** Nobody alive holds it: free, run out, or its process was killed or left. */
const claimIsFree = `(claim is null or claimed_until <= clock_timestamp() or ${wasKilled('claimed_by')}
  or not exists (select from processes p where p.id = claimed_by))`;

/**
 * Takes an open request to carry it out; false when somebody else does, or it is not open any more. `held` are the
 * claims that this process is really at: another of its own is left from an outage, when it could not be given back.
 */
export async function takeClaim(
  database: Database,
  key: string,
  by: { claim: string; processId: string; forMs: number; held: readonly string[] },
): Promise<boolean> {
  const taken = await database.query(
    `update account_requests
        set claim = $2, claimed_by = $3, claimed_until = clock_timestamp() + $4 * interval '1 millisecond'
      where key = $1 and state = 'open'
        and (${claimIsFree} or (claimed_by = $3 and claim <> all ($5::uuid[])))`,
    [key, by.claim, by.processId, by.forMs, [...by.held]],
  );
  return taken.rowCount === 1;
}

/** Gives a request back that is not done, with why. */
export async function releaseClaim(
  database: Database,
  key: string,
  claim: string,
  failure: { code: string; message: string },
): Promise<void> {
  await database.query(
    `update account_requests
        set claim = null, claimed_by = null, claimed_until = null, code = $3, message = $4,
            updated_at = clock_timestamp()
      where key = $1 and claim = $2 and state = 'open'`,
    [key, claim, failure.code, failure.message],
  );
}

/** Stores that nothing was made, and will not be. */
export async function refuseRequest(database: Database, key: string, message: string): Promise<void> {
  await database.transaction(async (tx) => {
    const refused = await tx.query(
      `update account_requests
          set state = 'refused', code = 'CONFLICT', message = $2, claim = null, claimed_by = null,
              claimed_until = null, updated_at = clock_timestamp()
        where key = $1 and state = 'open'`,
      [key, message],
    );
    if (refused.rowCount === 1) await appendChange(tx, 'accounts', {});
  });
}

/**
 * Stores an account that is in the directory under this key, once: with its audit entry, in one transaction. False:
 * another had stored it already.
 */
export async function finishRequest(
  database: Database,
  request: KeyedRequest,
  user: DirectoryUser,
  as: { outcome: 'created' | 'completed'; at: Date },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const finished = await tx.query(
      `update account_requests
          set state = 'finished', outcome = $2, finished_at = clock_timestamp(), updated_at = clock_timestamp(),
              code = null, message = null, claim = null, claimed_by = null, claimed_until = null
        where key = $1 and state <> 'finished'`,
      [request.key, as.outcome],
    );
    if (finished.rowCount !== 1) return false;
    await tx.query(
      `insert into accounts (email, name, plan, request_key, directory_id, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (request_key) do nothing`,
      [request.email, request.name, request.plan, request.key, user.id, as.at, request.actor],
    );
    await appendAudit(tx, {
      at: as.at,
      actor: request.actor,
      console: request.console,
      action: `account.${as.outcome}`,
      target: `account:${request.key}`,
      after: { email: request.email, name: request.name, plan: request.plan, directory_id: user.id },
    });
    await appendChange(tx, 'accounts', {});
    return true;
  });
}

/** Our own row of an email, compared without case. */
export async function localAccount(db: Queryable, email: string): Promise<LocalAccount | null> {
  const found = await db.query<LocalAccount>(
    `select request_key as "requestKey", directory_id as "directoryId" from accounts where lower(email) = lower($1)`,
    [email],
  );
  return found.rows[0] ?? null;
}

/**
 * Open requests that nobody carries out: those for the queue that were not touched for a while, and those whose
 * process was killed over them.
 */
export async function leftRequests(
  db: Queryable,
  untouchedMs: number,
  limit: number,
): Promise<(KeyedRequest & { path: RequestRow['path'] })[]> {
  const found = await db.query<KeyedRequest & { path: RequestRow['path'] }>(
    `select key, email, name, plan, actor, console, path from account_requests
      where state = 'open' and ${claimIsFree}
        and ((path = 'queue' and updated_at < clock_timestamp() - $1 * interval '1 millisecond') or claim is not null)
      order by created_at limit $2`,
    [untouchedMs, limit],
  );
  return found.rows;
}
