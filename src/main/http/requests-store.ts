import { deadAfter } from '../system/processes.ts';
import { wasKilled } from '../storage/killed-processes.ts';
import type { Queryable } from '../storage/postgres.ts';

/** What names a POST that carries a key. */
export interface KeyedRequest {
  /** 'environment', or the number of the token. */
  token: string;
  path: string;
  key: string;
  bodyHash: Buffer;
}

/** A request as it is stored. Null status: under way, or given up by a process that died. */
export interface StoredRequest {
  requestId: string;
  bodyHash: Buffer;
  processId: string;
  status: number | null;
  answer: string | null;
  isExpired: boolean;
  /** The process that began it is gone. */
  isOrphan: boolean;
}

/** A key is good for so long. */
const keptFor = `interval '24 hours'`;
const same = 'token = $1 and path = $2 and key = $3';
const named = (request: KeyedRequest) => [request.token, request.path, request.key];

/** Takes the key for a process; false: somebody has it already. */
export async function beginRequest(
  db: Queryable,
  request: KeyedRequest,
  by: { requestId: string; processId: string },
): Promise<boolean> {
  const begun = await db.query(
    `insert into api_requests (token, path, key, body_hash, request_id, process_id) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [...named(request), request.bodyHash, by.requestId, by.processId],
  );
  return begun.rowCount === 1;
}

export async function readRequest(db: Queryable, request: KeyedRequest): Promise<StoredRequest | null> {
  const found = await db.query<StoredRequest>(
    `select request_id as "requestId", body_hash as "bodyHash", process_id as "processId", status, answer,
            created_at < clock_timestamp() - ${keptFor} as "isExpired",
            not exists (select from processes p
                         where p.id = process_id and p.seen_at > clock_timestamp() - ${deadAfter})
              or ${wasKilled('api_requests.process_id')} as "isOrphan"
       from api_requests where ${same}`,
    named(request),
  );
  return found.rows[0] ?? null;
}

/** Carries on what a process left behind; false: another was quicker. */
export async function takeOverRequest(
  db: Queryable,
  request: KeyedRequest,
  from: string,
  to: string,
): Promise<boolean> {
  const taken = await db.query(
    `update api_requests set process_id = $5 where ${same} and process_id = $4 and status is null`,
    [...named(request), from, to],
  );
  return taken.rowCount === 1;
}

/** Keeps the answer, for whoever asks again. */
export async function finishRequest(
  db: Queryable,
  request: KeyedRequest,
  by: { requestId: string; processId: string },
  answer: { status: number; body: string },
): Promise<void> {
  await db.query(
    `insert into api_requests (token, path, key, body_hash, request_id, process_id, status, answer)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (token, path, key) do update set status = excluded.status, answer = excluded.answer
       where api_requests.request_id = excluded.request_id`,
    [...named(request), request.bodyHash, by.requestId, by.processId, answer.status, answer.body],
  );
}

/** Frees the key: the request came to nothing, and may be sent again. */
export async function dropRequest(db: Queryable, request: KeyedRequest, requestId: string): Promise<void> {
  await db.query(`delete from api_requests where ${same} and request_id = $4`, [
    ...named(request),
    requestId,
  ]);
}

/** Removes what nobody can ask for any more; answers how many. */
export async function pruneRequests(db: Queryable): Promise<number> {
  const pruned = await db.query(`delete from api_requests where created_at < clock_timestamp() - ${keptFor}`);
  return pruned.rowCount ?? 0;
}
