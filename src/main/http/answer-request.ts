import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { call, type AnyRouter } from '@orpc/server';
import { eventsPath } from '../../shared/contract/http/system.ts';
import { createOnceAnswers, steadyId } from './answer-once.ts';
import { bearerToken, checkSender, headerValues } from './check-sender.ts';
import { docsFile } from './docs-page.ts';
import { createRouteFinder, listRoutes, type FoundRoute } from './find-route.ts';
import { createHttpRouter } from './http-router.ts';
import { failureAnswer, HttpRefusal, jsonAnswer, type HttpAnswer } from './http-refusal.ts';
import type { HttpContext, HttpServices } from './http-services.ts';
import type { Caller, TokenBook } from './know-tokens.ts';
import { createCallLimiter } from './limit-calls.ts';
import { openApiDocument } from './openapi-document.ts';
import { checkBodyHead, drain, parseBody, readBody } from './read-body.ts';
import { createChangeStreams } from './stream-changes.ts';

export interface AnsweringParts {
  services: HttpServices;
  tokens: TokenBook;
  /** Calls within 15 minutes for each token and group of paths. */
  callLimit(): number;
  /** Pause between two signs of life on a stream, in ms. */
  heartbeatMs?: number;
}

export interface Answering {
  answer(request: IncomingMessage, response: ServerResponse, port: number): void;
  /** Ends the streams; what is under way goes on. */
  close(): Promise<void>;
}

/** Limits count within this stretch, in ms. */
const stretchMs = 15 * 60_000;
/** Unknown tokens from one address within the stretch. */
const mostUnknown = 20;

/** A request whose sender, token and limit were found good. */
interface Admitted {
  request: IncomingMessage;
  path: string;
  query: URLSearchParams;
  caller: Caller;
  found: FoundRoute;
}

/** Answers requests: sender, token, limit, path, scope, body, key, feature, in this order. Never throws. */
export function createAnswering(parts: AnsweringParts): Answering {
  const { services, tokens } = parts;
  const { log, clock } = services;
  const router: AnyRouter = createHttpRouter(services);
  const find = createRouteFinder(listRoutes(router));
  const limiter = createCallLimiter(clock, stretchMs);
  const once = createOnceAnswers(services);
  const streams = createChangeStreams({ services, tokens, heartbeatMs: parts.heartbeatMs ?? 15_000 });

  async function handle(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    const target = request.url ?? '';
    checkSender({ method: request.method ?? '', target, headers: request.rawHeaders }, port);
    // Without a body an answer to HEAD is one to GET.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const [path = '', ...rest] = target.split('?');
    const open = await openAnswer(method, path);
    if (open) return send(response, open);
    const caller = await callerOf(request);
    const limit = takeCall(caller, path);
    const query = new URLSearchParams(rest.join('?'));
    if (request.method === 'GET' && path === eventsPath) {
      needScope(caller, 'read');
      checkBodyHead(method, request.rawHeaders);
      return streams.open(request, response, caller, limit);
    }
    const found = find(method, path);
    if (!found) {
      throw new HttpRefusal(
        404,
        'NOT_FOUND',
        `There is no ${shown(method)} ${shown(path)}. See /openapi.json for what there is.`,
      );
    }
    needScope(caller, found.route.scope ?? 'read');
    const answer = await answerRoute({ request, path, query, caller, found });
    send(response, { ...answer, headers: { ...answer.headers, ...limit } });
  }

  /** What needs no token and counts toward no limit. */
  async function openAnswer(method: string, path: string): Promise<HttpAnswer | null> {
    if (method !== 'GET') return null;
    if (path === '/openapi.json') return jsonAnswer(200, await openApiDocument());
    const found = find(method, path);
    if (found?.route.scope === null) {
      return jsonAnswer(200, await callRoute(found, undefined, { actor: '', request: null, reply: {} }));
    }
    return docsFile(path);
  }

  async function callerOf(request: IncomingMessage): Promise<Caller> {
    const token = bearerToken(request.rawHeaders);
    // Who sends none does not guess. A good token goes on, so that nobody can lock others out.
    const caller = token === null ? null : ((await tokens.find(token)) ?? (await lookAgain(request, token)));
    if (caller) return caller;
    throw new HttpRefusal(
      401,
      'UNAUTHORIZED',
      token === null ? 'Send a token: Authorization: Bearer …' : 'This token is not known, or was revoked.',
      { 'www-authenticate': 'Bearer' },
    );
  }

  /** Unknown tokens are counted for each address before anybody is asked about them. */
  async function lookAgain(request: IncomingMessage, token: string): Promise<Caller | null> {
    const tries = limiter.take(`address ${request.socket.remoteAddress ?? ''}`, mostUnknown);
    if (tries.ok) return tokens.lookAgain(token);
    throw new HttpRefusal(
      429,
      'RATE_LIMITED',
      'Too many unknown tokens came from here. Wait, and send a good one.',
      {
        'retry-after': String(tries.resetSeconds),
      },
    );
  }

  /** Counts the call, and answers the headers that say what is left. */
  function takeCall(caller: Caller, path: string): Record<string, string> {
    if (!caller.isLimited) return {};
    const most = parts.callLimit();
    const taken = limiter.take(`token ${caller.id} ${groupOf(path)}`, most);
    const headers = {
      'ratelimit-limit': String(most),
      'ratelimit-remaining': String(taken.left),
      'ratelimit-reset': String(taken.resetSeconds),
    };
    if (taken.ok) return headers;
    throw new HttpRefusal(
      429,
      'RATE_LIMITED',
      `More than ${most} calls in 15 minutes. Try again in ${taken.resetSeconds} s.`,
      { ...headers, 'retry-after': String(taken.resetSeconds) },
    );
  }

  async function answerRoute({ request, path, query, caller, found }: Admitted): Promise<HttpAnswer> {
    const { route, params } = found;
    const hasBody = checkBodyHead(route.method, request.rawHeaders);
    const body = hasBody ? parseBody(await readBody(request)) : {};
    const given = route.method === 'GET' ? queryInput(query) : body;
    const input = route.hasInput ? { ...given, ...params } : undefined;
    const key = route.method === 'POST' ? idempotencyKey(request.rawHeaders) : null;
    if (key === null) return carryOut(found, input, caller, null);
    const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest();
    const keyed = { token: caller.id, path, key, bodyHash };
    return once.answer(keyed, found.route.name === 'duplicates.resolve', (id) =>
      // A failure is an answer here: whether it is kept depends on what it is.
      carryOut(found, input, caller, { id, steadyId: steadyId(keyed) }).catch((error: unknown) =>
        failureAnswer(error, route.name, log),
      ),
    );
  }

  async function carryOut(
    found: FoundRoute,
    input: unknown,
    caller: Caller,
    request: HttpContext['request'],
  ): Promise<HttpAnswer> {
    const context: HttpContext = { actor: caller.name, request, reply: {} };
    const output = await callRoute(found, input, context);
    const { status, body } = found.route.isDetailed
      ? (output as { status: number; body: unknown })
      : { status: 200, body: output };
    const { asOf } = context.reply;
    if (asOf === undefined) return jsonAnswer(status, body);
    const at = asOf?.toISOString() ?? null;
    const marked = typeof body === 'object' && !Array.isArray(body) ? { ...body, as_of: at } : body;
    return jsonAnswer(status, marked, { 'opsdeck-source': 'mirror', 'opsdeck-as-of': at ?? 'unknown' });
  }

  return {
    answer(request, response, port) {
      void handle(request, response, port).catch((error: unknown) => {
        const answer = failureAnswer(error, `${request.method} ${shown(request.url ?? '')}`, log);
        if (response.headersSent) return void response.destroy();
        send(response, answer);
        if (!request.complete) drain(request);
      });
    },
    async close() {
      streams.close();
      await once.close();
    },
  };
}

function callRoute({ route }: FoundRoute, input: unknown, context: HttpContext): Promise<unknown> {
  return call(route.procedure, input, { context });
}

function needScope(caller: Caller, scope: 'read' | 'decide'): void {
  if (caller.scopes.has(scope)) return;
  throw new HttpRefusal(403, 'FORBIDDEN', `This needs a token with the scope "${scope}"; this one has not.`);
}

/** Paths below one name share a limit, whether they exist or not. */
function groupOf(path: string): string {
  const [, api, admin, group] = path.split('/');
  const name = (admin === 'admin' ? group : admin) ?? '';
  return api === 'api' && knownGroups.has(name) ? name : 'other';
}

/** Closed, so that made-up paths have no counts of their own. */
const knownGroups: ReadonlySet<string> = new Set([
  'duplicates',
  'sync-database',
  'sync-status',
  'sync-held',
  'sync-packages',
  'cache',
  'packages',
  'accounts',
  'mode',
  'health',
  'leaderboard',
  'events',
]);

/** The query's values, each given once. */
function queryInput(query: URLSearchParams): Record<string, string> {
  const names = [...query.keys()];
  if (new Set(names).size !== names.length)
    throw new HttpRefusal(422, 'BAD_REQUEST', 'Give each value in the query once.');
  // By entries, so that a name like __proto__ is a name like any other.
  return Object.fromEntries(query);
}

function idempotencyKey(headers: readonly string[]): string | null {
  const given = headerValues(headers, 'x-idempotency-key');
  if (given.length === 0) return null;
  if (given.length === 1 && /^[\x21-\x7e]{1,200}$/.test(given[0]!)) return given[0]!;
  throw new HttpRefusal(
    422,
    'BAD_REQUEST',
    'X-Idempotency-Key has to be one text of 1 to 200 plain characters without spaces.',
  );
}

function shown(text: string): string {
  return text.slice(0, 100);
}

/** Sends an answer whole. Nothing of it may be kept by anybody, or read as anything else. */
function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
