import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, FaultPlan } from '../adversus/faults.ts';
import { sendAnswer } from '../adversus/send-answer.ts';
import { RequestLog } from '../request-log.ts';
import { createSandboxClock, type SandboxClock } from '../sandbox-clock.ts';
import { answerRequest, defaultSwitches, type Answered, type RoamifySwitches } from './answer-request.ts';
import { RoamifyCatalogue } from './catalogue.ts';
import { RoamifyOrders } from './orders.ts';

export interface RoamifyOptions {
  seed?: string | number;
  clock?: SandboxClock;
  /** Packages on offer at most; all of about 11 000 by default. */
  size?: number;
  /** False: the offer changes only by what a test moves. */
  changesByDay?: boolean;
  switches?: Partial<RoamifySwitches>;
  port?: number;
  token?: string;
}

export interface RoamifySandbox {
  /** Without `/api`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  readonly catalogue: RoamifyCatalogue;
  readonly orders: RoamifyOrders;
  readonly switches: RoamifySwitches;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** Starts a simulated Roamify on loopback. Stop it with `close`. */
export async function startRoamify(options: RoamifyOptions = {}): Promise<RoamifySandbox> {
  const { token = 'sandbox', size = 11_000, changesByDay = true } = options;
  const clock = options.clock ?? createSandboxClock();
  const switches = { ...defaultSwitches, ...options.switches };
  const day = () => (changesByDay ? Math.floor(clock.now() / dayMs) : -1);
  const catalogue = new RoamifyCatalogue({ seed: String(options.seed ?? 'opsdeck'), size, day });
  const orders = new RoamifyOrders(() => clock.now());
  const faults = new FaultPlan();
  const log = new RequestLog();
  const answer = (request: Parameters<typeof answerRequest>[1]) =>
    answerRequest({ catalogue, orders, switches }, request);

  const server = createServer((request, response) => {
    handle({ answer, faults, log, clock, switches, token }, request, response).catch((error: unknown) => {
      console.error('The sandbox failed to answer', error);
      if (response.headersSent) return void response.destroy();
      response.writeHead(500).end('The sandbox itself failed; see its error output');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ token, catalogue, orders, switches, faults, log },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  answer(request: Parameters<typeof answerRequest>[1]): Answered;
  faults: FaultPlan;
  log: RequestLog;
  clock: SandboxClock;
  switches: RoamifySwitches;
  token: string;
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { log, faults } = parts;
  const url = new URL(`http://127.0.0.1${request.url ?? '/'}`);
  const query = Object.fromEntries(url.searchParams);
  const method = request.method ?? '';
  const entry = log.begin({
    at: Date.now(),
    sandboxTime: parts.clock.now(),
    ...{ method, query },
    path: url.pathname,
  });
  const ended = new AbortController();
  let status = 0;
  let open = true;
  const end = (bytes: number) => {
    if (open) log.end(entry, { status, bytes, endedAt: Date.now() });
    open = false;
  };
  response.once('close', () => {
    ended.abort();
    end(0);
  });
  const body = await readAll(request);
  const met = faults.meet(entry);
  log.note(
    entry,
    met.map((fault) => fault.kind),
  );
  for (const fault of met) if (fault.kind === 'before') fault.run();
  if (faultOf(met, 'drop')) return void response.destroy();
  const answer: Answered = isAuthorised(request.headers.authorization, parts.token)
    ? parts.answer({ method, path: url.pathname, query, body })
    : { status: 401, body: '{"message":"Unauthorized","status":"failed"}' };
  const wait = parts.switches.slowMs + (answer.afterMs ?? 0) + (faultOf(met, 'delay')?.ms ?? 0);
  if (wait > 0) await sleep(wait, undefined, { signal: ended.signal }).catch(() => undefined);
  if (ended.signal.aborted) return;
  status = faultOf(met, 'answer')?.status ?? answer.status;
  await sendAnswer(response, answer, met, ended.signal, end);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function isAuthorised(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}
