import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, FaultPlan } from '../adversus/faults.ts';
import { sendAnswer, type Answer } from '../adversus/send-answer.ts';
import { LimitCounter } from '../adversus/limits.ts';
import { RequestLog } from '../request-log.ts';
import { createSandboxClock, type SandboxClock } from '../sandbox-clock.ts';
import { answerRequest, failure, json, sandboxMark } from './answer-request.ts';
import { DirectoryState, foreignEmails } from './state.ts';
import { directoryDefaults, type DirectorySwitches } from './switches.ts';

export interface DirectoryOptions {
  seed?: string | number;
  clock?: SandboxClock;
  token?: string;
  port?: number;
  /** Whether people who are none of ours are in it from the start; true by default. */
  foreign?: boolean;
  switches?: Partial<DirectorySwitches>;
  /** Requests a minute before a 429; no limit by default. */
  perMinute?: number;
}

export interface DirectorySandbox {
  /** With its path: `http://127.0.0.1:PORT/auth/v1`. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly state: DirectoryState;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  /** May be changed at any time. */
  readonly switches: DirectorySwitches;
  close(): Promise<void>;
}

const basePath = '/auth/v1';
const largestBody = 1_000_000;

/**
 * Starts the simulated account directory on loopback. A scripted answer below 500 stands in for the directory's own,
 * which then does nothing; with a 5xx, as with a lost answer, the request was carried out.
 */
export async function startDirectory(options: DirectoryOptions = {}): Promise<DirectorySandbox> {
  const { token = 'sandbox-directory', seed = 'opsdeck', perMinute } = options;
  const clock = options.clock ?? createSandboxClock();
  const state = new DirectoryState(clock, String(seed));
  if (options.foreign !== false) for (const email of foreignEmails) state.add(email);
  const switches = { ...directoryDefaults, ...options.switches };
  const limits = new LimitCounter(
    perMinute === undefined ? 'off' : { perMinute, perHour: Infinity, concurrent: Infinity },
    Date.now,
  );
  const parts = { clock, token, state, switches, limits, faults: new FaultPlan(), log: new RequestLog() };
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      console.error('The simulated directory failed to answer', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    port,
    token,
    state,
    faults: parts.faults,
    log: parts.log,
    switches,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  clock: SandboxClock;
  token: string;
  state: DirectoryState;
  switches: DirectorySwitches;
  limits: LimitCounter;
  faults: FaultPlan;
  log: RequestLog;
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { clock, faults, log, switches } = parts;
  const url = new URL(`http://127.0.0.1${request.url ?? '/'}`);
  const entry = log.begin({
    at: Date.now(),
    sandboxTime: clock.now(),
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
  });
  const ended = new AbortController();
  let status = 0;
  let open = true;
  const end = (bytes: number) => {
    if (open) log.end(entry, { status, bytes, endedAt: Date.now() });
    open = false;
  };
  response.once('close', () => (ended.abort(), end(0)));

  const met = faults.meet(entry);
  log.note(
    entry,
    met.map((fault) => fault.kind),
  );
  for (const fault of met) if (fault.kind === 'before') fault.run();
  const body = await readText(request);
  if (faultOf(met, 'drop')) return void response.destroy();
  const scripted = faultOf(met, 'answer');
  const isInstead = scripted !== undefined && scripted.status < 500;
  const refusal = isInstead ? failure(scripted.status, 'scripted', 'Scripted') : admit(parts, request);
  const isMark = url.pathname === `${basePath}/sandbox`;
  const answer =
    (isMark ? json(200, sandboxMark) : refusal) ??
    answerRequest(parts.state, switches, {
      method: entry.method,
      path: url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : '/',
      query: entry.query,
      body,
    });
  const delayMs = met.reduce((ms, fault) => ms + (fault.kind === 'delay' ? fault.ms : 0), switches.slowMs);
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: ended.signal }).catch(() => undefined);
  if (ended.signal.aborted) return;
  status = scripted?.status ?? answer.status;
  if (met.some(({ kind }) => kind === 'lose-answer' || kind === 'hang')) status = 0;
  await sendAnswer(response, answer, met, ended.signal, end);
}

function admit({ token, limits, switches }: Parts, request: IncomingMessage): Answer | null {
  if (!isKey(request.headers.authorization?.replace(/^Bearer /i, ''), token))
    return failure(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  if (!isKey(request.headers['apikey'], token))
    return { status: 401, body: '{"message":"No API key found in request"}' };
  const entry = limits.enter();
  if (entry.admitted) return (entry.leave(), null);
  const busy = failure(429, 'over_request_rate_limit', 'Request rate limit reached');
  return switches.retryAfter
    ? { ...busy, headers: { 'retry-after': String(entry.retryAfterSeconds) } }
    : busy;
}

function isKey(given: string | string[] | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
