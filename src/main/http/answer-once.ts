import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { isAway, OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Operations } from '../operations.ts';
import { HttpRefusal, type HttpAnswer } from './http-refusal.ts';
import {
  beginRequest,
  dropRequest,
  finishRequest,
  readRequest,
  takeOverRequest,
  type KeyedRequest,
} from './requests-store.ts';

/** Carries out a POST that has a key once, however often it is sent. */
export interface OnceAnswers {
  /**
   * `run` gets the request's own id, the same however often and in whichever process it is begun. While the database is
   * away only what `mayWait` is run, since nobody can know then whether it was before; the rest is DATABASE_AWAY.
   */
  answer(
    request: KeyedRequest,
    mayWait: boolean,
    run: (requestId: string) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Pause between tries to store an answer that could not be, in ms; as many are remembered. */
const againMs = 3_000;
const mostUnsaved = 1_000;

interface Known {
  bodyHash: Buffer;
  /** Null: under way in this process. */
  unsaved: { request: KeyedRequest; requestId: string; answer: HttpAnswer } | null;
}

export function createOnceAnswers(parts: {
  clock: Clock;
  log: Log;
  running(): Operations | null;
}): OnceAnswers {
  const { clock, log } = parts;
  /** What this process knows better than the database. */
  const known = new Map<string, Known>();
  const closing = new AbortController();
  let saving: Promise<void> | null = null;

  const reachable = () => {
    const operations = parts.running();
    return operations && operations.awaySince() === null ? operations.workspace : null;
  };

  async function answer(
    request: KeyedRequest,
    mayWait: boolean,
    run: (requestId: string) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    const name = nameOf(request);
    const here = known.get(name);
    if (here) {
      refuseOther(here.bodyHash, request);
      if (here.unsaved === null) throw underWay();
      return replayed(here.unsaved.answer);
    }
    known.set(name, { bodyHash: request.bodyHash, unsaved: null });
    try {
      const begun = await begin(request, mayWait);
      if (begun.kind === 'answered') return replayed(begun.answer);
      const given = await run(begun.requestId);
      await keep(request, begun.requestId, given);
      return given;
    } finally {
      if (known.get(name)?.unsaved === null) known.delete(name);
    }
  }

  async function begin(
    request: KeyedRequest,
    mayWait: boolean,
  ): Promise<{ kind: 'run'; requestId: string } | { kind: 'answered'; answer: HttpAnswer }> {
    const workspace = reachable();
    try {
      if (workspace) return await beginStored(workspace, request);
    } catch (error) {
      if (!mayWait || !isAway(error)) throw error;
    }
    if (mayWait) return { kind: 'run', requestId: steadyId(request) };
    throw new OpsdeckError(
      'DATABASE_AWAY',
      'The database is away, so that nobody can tell whether this was done already. Send it again later.',
    );
  }

  async function beginStored(
    { database, processId }: Operations['workspace'],
    request: KeyedRequest,
  ): ReturnType<typeof begin> {
    // Another may finish, drop or take over in between; each round then sees something new.
    for (let round = 0; round < 10; round++) {
      const requestId = randomUUID();
      if (await beginRequest(database, request, { requestId, processId })) return { kind: 'run', requestId };
      const stored = await readRequest(database, request);
      if (!stored) continue;
      if (stored.isExpired) {
        await dropRequest(database, request, stored.requestId);
        continue;
      }
      refuseOther(stored.bodyHash, request);
      if (stored.status !== null) {
        return { kind: 'answered', answer: storedAnswer(stored.status, stored.answer ?? '') };
      }
      // One of this process's that it does not know of was given up when the database went away under it.
      if (stored.processId !== processId && !stored.isOrphan) throw underWay();
      if (await takeOverRequest(database, request, stored.processId, processId))
        return { kind: 'run', requestId: stored.requestId };
    }
    throw underWay();
  }

  async function keep(request: KeyedRequest, requestId: string, given: HttpAnswer): Promise<void> {
    const unsaved = { request, requestId, answer: given };
    try {
      await store(unsaved);
    } catch (error) {
      log.warn('The answer to a request with a key could not be stored yet', { error: String(error) });
      if (!isLasting(given) || known.size >= mostUnsaved) return;
      known.set(nameOf(request), { bodyHash: request.bodyHash, unsaved });
      saving ??= saveLater().finally(() => (saving = null));
    }
  }

  async function store({ request, requestId, answer: given }: NonNullable<Known['unsaved']>): Promise<void> {
    const workspace = reachable();
    if (!workspace) throw new OpsdeckError('DATABASE_AWAY', 'The database is away.');
    const { database, processId } = workspace;
    if (!isLasting(given)) return dropRequest(database, request, requestId);
    const { status, body } = given;
    await finishRequest(database, request, { requestId, processId }, { status, body: String(body) });
  }

  async function saveLater(): Promise<void> {
    for (;;) {
      await clock.sleep(againMs, closing.signal).catch(() => {});
      if (closing.signal.aborted) return;
      for (const [name, { unsaved }] of known) {
        if (unsaved === null || !reachable()) continue;
        await store(unsaved).then(
          () => known.delete(name),
          () => false,
        );
      }
      if (![...known.values()].some(({ unsaved }) => unsaved !== null)) return;
    }
  }

  return {
    answer,
    async close() {
      closing.abort();
      await saving;
    },
  };
}

/** An id that a request has while no database can give it one, the same after a restart. */
export function steadyId(request: KeyedRequest): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([request.token, request.path, request.key, request.bodyHash.toString('hex')]))
    .digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** What was done or found stays answered; what failed, or was refused unread, may be tried again. */
function isLasting({ status }: HttpAnswer): boolean {
  return status < 300 || status === 404 || status === 409;
}

function storedAnswer(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

function replayed(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}

function nameOf({ token, path, key }: KeyedRequest): string {
  return JSON.stringify([token, path, key]);
}

function refuseOther(bodyHash: Buffer, request: KeyedRequest): void {
  if (bodyHash.equals(request.bodyHash)) return;
  throw new HttpRefusal(
    422,
    'KEY_REUSED',
    'This X-Idempotency-Key was sent with another body within 24 hours. Use a new key for a new request.',
  );
}

function underWay(): HttpRefusal {
  return new HttpRefusal(
    409,
    'CONFLICT',
    'A request with this X-Idempotency-Key is under way. Ask again soon.',
    {
      'retry-after': '1',
    },
  );
}
