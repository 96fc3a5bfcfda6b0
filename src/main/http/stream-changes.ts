import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Change } from '../../shared/contract/changes.ts';
import type { Operations, OperationsEvent } from '../operations.ts';
import { readPage } from '../system/change-log.ts';
import { headerValues } from './check-sender.ts';
import { failureAnswer, HttpRefusal } from './http-refusal.ts';
import type { HttpServices } from './http-services.ts';
import type { Caller, TokenBook } from './know-tokens.ts';

export interface ChangeStreams {
  /** Answers with the stream, until either side ends it. Throws a refusal before anything was sent. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    headers: Record<string, string>,
  ): Promise<void>;
  close(): void;
}

const mostStreams = 50;
/** A reader this far behind is dropped, in bytes; it comes back with Last-Event-ID. */
const mostBehind = 1_048_576;
const pageSize = 500;

/** The live change stream (SSE): each change once and in order, from `Last-Event-ID` on where that is given. */
export function createChangeStreams(parts: {
  services: HttpServices;
  tokens: TokenBook;
  heartbeatMs: number;
}): ChangeStreams {
  const { services, tokens, heartbeatMs } = parts;
  const open = new Set<{ end(): void }>();

  async function start(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    headers: Record<string, string>,
  ): Promise<void> {
    const after = lastEventId(request.rawHeaders);
    if (open.size >= mostStreams)
      throw new HttpRefusal(429, 'RATE_LIMITED', `More than ${mostStreams} streams are open. End one first.`);
    const operations = await services.operations();
    const ended = new AbortController();
    const stream = {
      end() {
        ended.abort();
        response.end();
      },
    };
    open.add(stream);
    const writer = createWriter(response, () => ended.abort());
    response.on('error', () => ended.abort());
    response.on('close', () => ended.abort());
    ended.signal.addEventListener('abort', () => open.delete(stream));
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    });
    writer.write(': opsdeck change stream\n\n');
    void beat(writer, stream, caller, ended.signal);
    await follow(operations, after, writer, ended.signal);
  }

  /** A sign of life now and then; a token that was revoked ends its streams. */
  async function beat(
    writer: Writer,
    stream: { end(): void },
    caller: Caller,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      await services.clock.sleep(heartbeatMs, signal).catch(() => {});
      if (signal.aborted) return;
      if (!tokens.isGood(caller)) return stream.end();
      writer.write(': alive\n\n');
    }
  }

  return {
    async open(request, response, caller, headers) {
      try {
        await start(request, response, caller, headers);
      } catch (error) {
        if (!response.headersSent) throw error;
        // What was missed could not be read: the reader comes back by itself, with where it was.
        services.log.warn('A change stream ended early', {
          error: failureAnswer(error, 'events', services.log).body,
        });
        response.end();
      }
    },
    close() {
      for (const stream of open) stream.end();
    },
  };
}

/** Sends what came since, then what comes; what comes meanwhile waits its turn. */
async function follow(
  operations: Operations,
  after: number | null,
  writer: Writer,
  signal: AbortSignal,
): Promise<void> {
  let position = after ?? 0;
  let early: OperationsEvent[] | null = [];
  const tell = (event: OperationsEvent) => {
    if (event.type === 'reload') writer.write('event: reload\ndata: {}\n\n');
    if (event.type !== 'change' || event.change.seq <= position) return;
    position = event.change.seq;
    writer.write(changeText(event.change));
  };
  const unsubscribe = operations.subscribe((event) => (early ? void early.push(event) : tell(event)));
  signal.addEventListener('abort', unsubscribe);
  if (signal.aborted) return unsubscribe();
  try {
    if (after !== null) position = await sendMissed(operations, after, writer, signal);
    for (const event of early) tell(event);
    early = null;
  } catch (error) {
    unsubscribe();
    throw error;
  }
}

/** Sends what was committed after a number; answers up to where. What is not there any more is told as `reload`. */
async function sendMissed(
  operations: Operations,
  after: number,
  writer: Writer,
  signal: AbortSignal,
): Promise<number> {
  let position = after;
  for (;;) {
    const { head, changes } = await readPage(operations.workspace.database, position, pageSize);
    const first = changes[0]?.seq ?? head + 1;
    if (first !== position + 1 || head < position) {
      writer.write(`event: reload\ndata: ${JSON.stringify({ seq: head })}\n\n`);
      position = changes[0] ? first - 1 : head;
    }
    for (const change of changes) writer.write(changeText(change));
    position = changes.at(-1)?.seq ?? position;
    if (signal.aborted || changes.length === 0 || position >= head) return position;
    await writer.drained();
  }
}

function changeText({ seq, kind, at, data }: Change): string {
  return `id: ${seq}\nevent: change\ndata: ${JSON.stringify({ seq, kind, at, data })}\n\n`;
}

interface Writer {
  write(text: string): void;
  /** Resolves when what was written is on its way, or the reader is gone. */
  drained(): Promise<void>;
}

function createWriter(response: ServerResponse, onGone: () => void): Writer {
  return {
    write(text) {
      if (response.destroyed || response.writableEnded) return;
      response.write(text);
      if (response.writableLength <= mostBehind) return;
      onGone();
      response.destroy();
    },
    async drained() {
      if (!response.writableNeedDrain || response.destroyed) return;
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    },
  };
}

function lastEventId(headers: readonly string[]): number | null {
  const given = headerValues(headers, 'last-event-id');
  if (given.length === 0 || given[0] === '') return null;
  if (given.length === 1 && /^\d{1,15}$/.test(given[0]!)) return Number(given[0]);
  throw new HttpRefusal(422, 'BAD_REQUEST', 'Last-Event-ID has to be the id of an event of this stream.');
}
