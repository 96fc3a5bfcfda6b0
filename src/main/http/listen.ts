import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';
import { errorAnswer } from './http-refusal.ts';

export interface Listening {
  port: number;
  /** Takes no more requests, waits a moment for those under way, then cuts what is left. */
  close(): Promise<void>;
}

/** How long a request may take to arrive, in ms: its head, all of it; and a connection to begin another. */
const limits = { headers: 10_000, request: 30_000, keepAlive: 5_000, check: 1_000 };
const mostConnections = 600;
/** What a stop waits for requests under way, in ms. */
const stopMs = 3_000;

/** Opens a server on this computer's own address alone. CONFIG_INVALID in words where the port cannot be had. */
export async function listen(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse, port: number) => void,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Listening> {
  const server = createServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.check,
    maxHeaderSize: 16_384,
    // A missing Host is refused by us, as any wrong one.
    requireHostHeader: false,
  });
  server.maxConnections = mostConnections;
  let ownPort = port;
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', () => {});
    response.on('error', () => {});
    answer(request, response, ownPort);
  };
  server.on('request', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseRaw(error, socket as Socket));
  server.on('connect', (_request, socket) => refuseRaw({ code: 'CONNECT' }, socket as Socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portRefused(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  server.on('error', (error) => log.warn('The HTTP server met an error', { error: String(error) }));
  ownPort = (server.address() as AddressInfo).port;
  return {
    port: ownPort,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const limit = new AbortController();
      await Promise.race([closed, clock.sleep(stopMs, limit.signal).catch(() => {})]);
      limit.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What could not even be read as HTTP is refused in our words too. */
function refuseRaw(error: { code?: string | undefined }, socket: Socket): void {
  socket.on('error', () => {});
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, code, message] = rawRefusals[error.code ?? ''] ?? [
    '400 Bad Request',
    'BAD_REQUEST',
    'This is not an HTTP request that can be read.',
  ];
  const { body } = errorAnswer(400, code, message);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${String(body)}`,
  );
}

const rawRefusals: Readonly<Record<string, [status: string, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'BAD_REQUEST', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'TOO_LARGE',
    'The head of the request is larger than 16 kB.',
  ],
  CONNECT: ['404 Not Found', 'NOT_FOUND', 'This server is no proxy.'],
};

function portRefused(port: number, cause: NodeJS.ErrnoException): OpsdeckError {
  const why =
    cause.code === 'EADDRINUSE'
      ? 'another program has it'
      : cause.code === 'EACCES'
        ? 'the system does not allow it'
        : (cause.code ?? cause.message);
  return new OpsdeckError(
    'CONFIG_INVALID',
    `The HTTP API cannot have port ${port}: ${why}. Choose another port.`,
    { cause },
  );
}
