import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestLog } from '../request-log.ts';
import type { SandboxClock } from '../sandbox-clock.ts';
import type { Answerer } from './answer-request.ts';
import { faultOf, type Fault, type FaultPlan } from './faults.ts';
import type { LimitCounter } from './limits.ts';
import { sendAnswer, type Answer } from './send-answer.ts';
import type { SwitchBoard } from './switches.ts';

/** The parts a server is made of; it owns none of them. */
export interface ServerParts {
  readonly clock: SandboxClock;
  readonly answerer: Answerer;
  readonly limits: LimitCounter;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly board: SwitchBoard;
  readonly user: string;
  readonly password: string;
  readonly realNow: () => number;
  /** Brings the office up to the clock; called before each answer. */
  readonly advance: () => void;
}

export interface RunningServer {
  readonly port: number;
  /** Ends every connection and waiting answer. */
  close(): Promise<void>;
}

export const BASE_PATH = '/v1';

/** Serves the simulated vendor on 127.0.0.1, on the given port or any free one. */
export async function serveAdversus(parts: ServerParts, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // A defect of the sandbox, which must not pass for a fault of the vendor.
      console.error('The sandbox failed to answer', error);
      if (response.headersSent) return void response.destroy();
      response.writeHead(500).end('The sandbox itself failed; see its error output');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse) {
  const { log, clock, faults, realNow } = parts;
  const url = new URL(`http://127.0.0.1${request.url ?? '/'}`);
  const entry = log.begin({
    at: realNow(),
    sandboxTime: clock.now(),
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
  });
  const ended = new AbortController();
  const { signal } = ended;
  let leave = () => {};
  let status = 0;
  let open = true;
  // Ends the call in the books once: just before its last byte goes out, or when the connection is gone.
  const end = (bytes: number) => {
    if (open) log.end(entry, { status, bytes, endedAt: realNow() });
    open = false;
    leave();
  };
  response.once('close', () => {
    ended.abort();
    end(0);
  });
  request.resume();

  const met = faults.meet(entry);
  log.note(
    entry,
    met.map((fault) => fault.kind),
  );
  for (const fault of met) if (fault.kind === 'before') fault.run();
  if (faultOf(met, 'drop')) return void response.destroy();

  const admitted = admit(parts, request);
  if ('leave' in admitted) leave = admitted.leave;
  const answer = 'leave' in admitted ? prepare(parts, url, entry.number, entry.query, met) : admitted.refusal;
  await wait(parts.board.current.slowMs + delayOf(met), signal);
  if (signal.aborted) return;
  status = statusOf(answer, met);
  await sendAnswer(response, answer, met, signal, end);
}

function prepare(
  { advance, answerer }: ServerParts,
  url: URL,
  number: number,
  query: Readonly<Record<string, string>>,
  met: readonly Fault[],
): Answer {
  advance();
  if (!url.pathname.startsWith(`${BASE_PATH}/`)) return errorAnswer(404, 'Not found');
  return answerer.answer({ number, path: url.pathname.slice(BASE_PATH.length), query }, met);
}

function admit(parts: ServerParts, request: IncomingMessage): { leave: () => void } | { refusal: Answer } {
  if (!isAuthorised(request.headers.authorization, parts.user, parts.password)) {
    // This shape differs from every other error, as the vendor's does.
    return { refusal: { status: 401, body: '{"status":"error","message":"Authentication failed"}' } };
  }
  const { retryAfter, refusedCallsCount } = parts.board.current;
  const entry = parts.limits.enter(refusedCallsCount);
  if (!entry.admitted) {
    const refusal = errorAnswer(429, entry.message);
    const headers = { 'retry-after': String(entry.retryAfterSeconds) };
    return { refusal: retryAfter ? { ...refusal, headers } : refusal };
  }
  if (request.method === 'GET') return { leave: () => entry.leave() };
  entry.leave();
  return { refusal: errorAnswer(405, 'Method not allowed') };
}

function errorAnswer(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ code: status, message }) };
}

function isAuthorised(header: string | undefined, user: string, password: string): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(Buffer.from(given, 'base64').toString()), digest(`${user}:${password}`));
}

function delayOf(met: readonly Fault[]): number {
  return met.reduce((total, fault) => total + (fault.kind === 'delay' ? fault.ms : 0), 0);
}

function statusOf(answer: Answer, met: readonly Fault[]): number {
  if (met.some(({ kind }) => kind === 'lose-answer' || kind === 'hang')) return 0;
  if (faultOf(met, 'html')) return 200;
  return faultOf(met, 'answer')?.status ?? answer.status;
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
