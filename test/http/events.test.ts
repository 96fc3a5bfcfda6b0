import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { revokeToken } from '../../src/main/http-answers.ts';
import { startHttp } from '../../src/main/http/start-http.ts';
import type { Operations, OperationsEvent } from '../../src/main/operations.ts';
import { appendChange } from '../../src/main/system/change-log.ts';
import { environmentToken, useHttpOffice, type HttpProgram } from './http-office.ts';

const http = useHttpOffice();
const patience = { timeout: 25_000, interval: 20 };

interface Event {
  id: string | null;
  event: string | null;
  data: unknown;
}

/** Reads the stream of a program until it ends. */
async function follow(program: HttpProgram, options: { lastId?: string; token?: string } = {}) {
  const { lastId, token = environmentToken } = options;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    };
    const sent = request(
      { host: '127.0.0.1', port: program.port, path: '/api/events', headers, agent: false },
      resolve,
    );
    sent.on('error', reject);
    sent.end();
  });
  let text = '';
  let ended = false;
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => (ended = true));
  response.on('error', () => {});
  return {
    response,
    text: () => text,
    isEnded: () => ended,
    events: () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .filter((block) => !block.startsWith(':'))
        .map((block): Event => {
          const field = (name: string) =>
            block
              .split('\n')
              .find((line) => line.startsWith(`${name}: `))
              ?.slice(name.length + 2) ?? null;
          return { id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? 'null') };
        }),
  };
}

const change = (n: number) => http.office.database.transaction((tx) => appendChange(tx, 'sms', { count: n }));
const told = (events: Event[]) => events.map(({ id }) => Number(id));

describe('the live change stream', () => {
  it('tells each change with its number, kind and data', async () => {
    const program = await http.start();
    const stream = await follow(program);
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const seq = await change(7);
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1), patience);
    expect(stream.events()).toEqual([
      {
        id: String(seq),
        event: 'change',
        data: { seq, kind: 'sms', at: expect.any(String) as string, data: { count: 7 } },
      },
    ]);
    stream.response.destroy();
  });

  it('goes on where a reader left off, each once and in order, also what comes while it catches up', async () => {
    const program = await http.start();
    const first = await change(0);
    await http.office.database.transaction(async (tx) => {
      for (let i = 1; i <= 1_200; i++) await appendChange(tx, 'sms', { count: i });
    });
    const streams = await Promise.all([
      follow(program, { lastId: String(first) }),
      follow(program, { lastId: String(first + 1_190) }),
    ]);
    for (let i = 0; i < 30; i++) await change(i);
    const last = first + 1_230;
    const all = Array.from({ length: 1_230 }, (_, i) => first + 1 + i);
    await vi.waitFor(
      () => streams.forEach((stream) => expect(told(stream.events()).at(-1)).toBe(last)),
      patience,
    );
    expect(told(streams[0].events())).toEqual(all);
    expect(told(streams[1].events())).toEqual(all.slice(1_190));
    for (const stream of streams) stream.response.destroy();
  });

  it('says so when what a reader missed is not there any more, or was never there', async () => {
    const program = await http.start();
    const first = await change(0);
    for (let i = 1; i <= 5; i++) await change(i);
    await http.office.rows('delete from change_log where seq <= $1', [first + 2]);
    const gap = await follow(program, { lastId: String(first) });
    await vi.waitFor(() => expect(gap.events()).toHaveLength(4), patience);
    expect(gap.events()[0]).toMatchObject({ event: 'reload' });
    expect(told(gap.events().slice(1))).toEqual([first + 3, first + 4, first + 5]);
    const ahead = await follow(program, { lastId: String(first + 1_000) });
    await vi.waitFor(() => expect(ahead.events()).toMatchObject([{ event: 'reload' }]), patience);
    const next = await change(9);
    await vi.waitFor(() => expect(told(ahead.events()).at(-1)).toBe(next), patience);
    gap.response.destroy();
    ahead.response.destroy();
  });

  it('gives signs of life, and ends when its token is revoked', async () => {
    const program = await http.start({ heartbeatMs: 30 });
    const { token, id } = await program.token(['read']);
    const stream = await follow(program, { token });
    await vi.waitFor(() => expect(stream.text()).toContain(': alive'), patience);
    await revokeToken({ workspace: program.operations.workspace }, 'anna', id);
    await vi.waitFor(() => expect(stream.isEnded()).toBe(true), patience);
  });

  it('needs a token that may read, and a number that can be one', async () => {
    const program = await http.start();
    expect((await program.get('/api/events', { token: null })).status).toBe(401);
    const { token } = await program.token(['decide']);
    expect((await program.get('/api/events', { token })).status).toBe(403);
    expect((await program.get('/api/events', { headers: { 'last-event-id': 'x' } })).status).toBe(422);
    expect((await program.post('/api/events', {})).status).toBe(404);
  });

  it('ends cleanly with the program, and takes no more readers than it can serve', async () => {
    const program = await http.start();
    const streams = await Promise.all(Array.from({ length: 50 }, () => follow(program)));
    const refused = await program.get('/api/events');
    expect(refused).toMatchObject({ status: 429, json: { success: false, code: 'RATE_LIMITED' } });
    await program.close();
    await vi.waitFor(() => expect(streams.every((stream) => stream.isEnded())).toBe(true), patience);
  });

  it('drops a reader that does not read, and keeps the others', async () => {
    const program = await http.start();
    const listeners = new Set<(event: OperationsEvent) => void>();
    const operations: Operations = {
      ...program.operations,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const services = {
      ...program.services,
      running: () => operations,
      operations: () => Promise.resolve(operations),
    };
    const loud = await startHttp(services, { port: 0, environmentToken, callLimit: () => 100 });
    const good = await follow({ ...program, port: loud.port });
    const slow = connect(loud.port, '127.0.0.1');
    slow.on('error', () => {});
    const head = `Host: 127.0.0.1:${loud.port}\r\nAuthorization: Bearer ${environmentToken}`;
    slow.write(`GET /api/events HTTP/1.1\r\n${head}\r\n\r\n`);
    await vi.waitFor(() => expect(slow.bytesRead).toBeGreaterThan(0), patience);
    slow.pause();
    await vi.waitFor(() => expect(listeners.size).toBe(3), patience);
    const ids = Array.from({ length: 200 }, (_, i) => 1_000_000_000 + i);
    const data = {
      source: 'sync' as const,
      runId: null,
      inserted: 200,
      updated: 0,
      removed: 0,
      ids,
      new: ids,
    };
    const at = '2026-11-22T08:00:00.000Z';
    let seq = 0;
    // More and more, until what the system keeps for a sleeping reader is full, and what we keep too.
    while (listeners.size === 3 && seq < 100_000) {
      for (let i = 0; i < 20; i++) {
        seq += 1;
        for (const tell of listeners) tell({ type: 'change', change: { seq, at, kind: 'deals', data } });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(listeners.size).toBe(2);
    await vi.waitFor(() => expect(told(good.events().slice(-1))).toEqual([seq]), patience);
    expect(told(good.events())).toEqual(Array.from({ length: seq }, (_, i) => i + 1));
    slow.destroy();
    await loud.close();
  });
});
