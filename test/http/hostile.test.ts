import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openCase, queueCase } from '../deals/decision-steps.ts';
import { environmentToken, sendRaw, useHttpOffice, type HttpProgram } from './http-office.ts';

const http = useHttpOffice();
vi.setConfig({ testTimeout: 300_000 });

/** A request as bytes: what is not named is right, so that it is refused for what is wrong alone. */
function bytes(
  port: number,
  wrong: {
    line?: string;
    host?: string | null;
    token?: string | null;
    headers?: string[];
    body?: string | Buffer;
    type?: string | null;
  } = {},
): Buffer {
  const { line = 'POST /api/admin/cache/invalidate HTTP/1.1', body } = wrong;
  const host = wrong.host === undefined ? `127.0.0.1:${port}` : wrong.host;
  const token = wrong.token === undefined ? environmentToken : wrong.token;
  const type = wrong.type === undefined ? 'application/json' : wrong.type;
  const head = [
    line,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...(body !== undefined && type !== null ? [`Content-Type: ${type}`] : []),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    'Connection: close',
    ...(wrong.headers ?? []),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]);
}

const codes = new Set([
  ...['BAD_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'TOO_LARGE'],
  ...['UNSUPPORTED_TYPE', 'KEY_REUSED', 'RATE_LIMITED'],
]);

/** The last answer is a refusal in our words. */
function expectRefused(answer: string, what: unknown, statuses?: number[]): number {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  const document: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4) || 'null');
  expect({ what, status, document }).toMatchObject({
    document: { success: false, message: expect.any(String) },
  });
  const { code } = document as { code: string };
  expect({ what, code, isKnown: codes.has(code) }).toEqual({ what, code, isKnown: true });
  if (statuses)
    expect({ what, isExpected: statuses.includes(status), status }).toMatchObject({ isExpected: true });
  else expect({ what, status, is4xx: status >= 400 && status < 500 }).toMatchObject({ is4xx: true });
  return status;
}

/** Everything that a request could have moved. */
const state = async () =>
  http.office.one<string>(
    `select concat((select string_agg(concat(id, status, version), ',') from pending_duplicates), '|',
                   (select count(*) from audit_log), '|', (select count(*) from sync_runs), '|',
                   (select count(*) from held_removals), '|', (select count(*) from api_requests))`,
  );

async function program(): Promise<{ it: HttpProgram; path: string; invalidated: () => number }> {
  await queueCase(http.office);
  const it = await http.start();
  const { id } = await openCase(http.office);
  const invalidate = vi.spyOn(it.operations, 'invalidate');
  const run = vi.spyOn(it.operations, 'runForPerson');
  return {
    it,
    path: `/api/admin/duplicates/${id}/resolve`,
    invalidated: () => invalidate.mock.calls.length + run.mock.calls.length,
  };
}

describe('hostile calls by raw sockets', () => {
  it('by another name, from a page, or without a good token are refused in this order before anything is looked at', async () => {
    const { it: running, invalidated } = await program();
    const { port } = running;
    const { token } = await running.token(['read']);
    const before = await state();
    const hosts = [
      null,
      '',
      'localhost',
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.evil.com:${port}`,
      `evil.com:${port}`,
      `127.0.0.1.evil.com:${port}`,
      `127.0.0.1:${port}.evil.com`,
      `localhost.:${port}`,
      `[::1]:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      `0.0.0.0:${port}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `user@127.0.0.1:${port}`,
      `127.0.0.1:${port}, evil.com`,
      `LOCALHOST:${port}`,
      `127.0.0.1:0${port}`,
      'a'.repeat(5_000),
    ];
    for (const host of hosts) {
      // With everything else right, and with everything else wrong: the name comes first.
      expectRefused(await sendRaw(port, bytes(port, { host })), host, host === '' ? [400, 403] : [403]);
      const all = {
        host,
        token: null,
        headers: ['Origin: https://evil.com'],
        line: 'DELETE /nothing HTTP/1.1',
      };
      expectRefused(await sendRaw(port, bytes(port, all)), host, host === '' ? [400, 403] : [403]);
    }
    expectRefused(await sendRaw(port, bytes(port, { headers: ['Host: evil.com'] })), 'two hosts', [400, 403]);
    expectRefused(
      await sendRaw(port, bytes(port, { line: 'GET / HTTP/1.0', host: null })),
      'HTTP/1.0',
      [403],
    );
    const origins = [
      'https://evil.com',
      'null',
      '',
      `http://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      'app://bundle',
    ];
    for (const origin of origins)
      for (const line of [
        'POST /api/admin/cache/invalidate HTTP/1.1',
        'OPTIONS /api/leaderboard HTTP/1.1',
        'GET /health HTTP/1.1',
      ])
        expectRefused(
          await sendRaw(port, bytes(port, { line, headers: [`Origin: ${origin}`] })),
          origin,
          [403],
        );
    const tokens = [
      '',
      ' ',
      'x',
      environmentToken.slice(1),
      `${environmentToken}x`,
      environmentToken.toUpperCase(),
    ];
    for (const wrong of [
      null,
      ...tokens,
      'å',
      '\t',
      `${environmentToken} ${environmentToken}`,
      'a'.repeat(600),
    ])
      expectRefused(await sendRaw(port, bytes(port, { token: wrong })), wrong, [401]);
    const twice = [`Authorization: Bearer ${environmentToken}`];
    expectRefused(await sendRaw(port, bytes(port, { headers: twice })), 'two tokens', [401]);
    for (const scheme of ['Basic', 'Token', 'bearer:'])
      expectRefused(
        await sendRaw(
          port,
          bytes(port, { token: null, headers: [`Authorization: ${scheme} ${environmentToken}`] }),
        ),
        scheme,
        [401],
      );
    expectRefused(await sendRaw(port, bytes(port, { token })), 'read', [403]);
    expect(await state()).toBe(before);
    expect(invalidated()).toBe(0);
    expect((await running.get('/health', { token: null })).status).toBe(200);
  });

  it('with odd methods, paths and heads find nothing', async () => {
    const { it: running, path, invalidated } = await program();
    const { port } = running;
    const before = await state();
    const targets = [
      `http://evil.com${path}`,
      `//127.0.0.1:${port}${path}`,
      `/api/../api${path.slice(4)}`,
      path.replace('/admin/', '/admin//'),
      path.replace('/admin/', '/./admin/'),
      path.replace('/admin/', '/%61dmin/'),
      path.replace('/admin/', '%2fadmin/'),
      path.replace('/admin/', '\\admin\\'),
      `${path}/`,
      `${path}%00`,
      `${path};x=1`,
      `${path}#x`,
      path.toUpperCase(),
      '*',
      '/api/admin/duplicates/..%2f..%2fetc/resolve',
      '/api/admin/duplicates/__proto__/resolve',
      '/api/admin/duplicates/0/resolve',
      '/api/admin/duplicates/-1/resolve',
      '/api/admin/duplicates/1e0/resolve',
      '/api/admin/duplicates/0x1/resolve',
      `/api/admin/duplicates/${'9'.repeat(30)}/resolve`,
      '/docs/../../package.json',
      '/docs/%2e%2e/%2e%2e/package.json',
      '/constructor',
      '/__proto__',
    ];
    for (const target of targets)
      expectRefused(
        await sendRaw(port, bytes(port, { line: `POST ${target} HTTP/1.1`, body: '{"action":"merge"}' })),
        target,
        [400, 404, 422],
      );
    for (const method of [
      'PUT',
      'PATCH',
      'DELETE',
      'TRACE',
      'PROPFIND',
      'CONNECT',
      'OPTIONS',
      'PURGE',
      'FOO',
    ])
      expectRefused(
        await sendRaw(port, bytes(port, { line: `${method} ${path} HTTP/1.1`, body: '{"action":"merge"}' })),
        method,
        [400, 404],
      );
    const junk = [
      'hello\r\n\r\n',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost : 127.0.0.1:${port}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: \u0000\r\n\r\n`,
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    ];
    for (const text of junk)
      expectRefused(await sendRaw(port, Buffer.from(text, 'latin1')), text.slice(0, 40));
    expect(await state()).toBe(before);
    expect(invalidated()).toBe(0);
  });

  it('with bodies that are huge, chunked, deep, in another form, or no JSON are refused unread', async () => {
    const { it: running, path, invalidated } = await program();
    const { port } = running;
    const before = await state();
    const line = `POST ${path} HTTP/1.1`;
    const refuse = async (wrong: Parameters<typeof bytes>[1], statuses: number[], what: unknown) =>
      expectRefused(await sendRaw(port, bytes(port, { line, ...wrong })), what, statuses);
    const body = '{"action":"merge"}';
    for (const type of [
      null,
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json5',
      'application/json; charset=utf-16',
      'text/json',
      '',
      'application/json, text/plain',
    ])
      await refuse({ body, type }, [415], type);
    await refuse({ body, headers: ['Content-Encoding: gzip'] }, [415], 'gzip');
    await refuse({ body, headers: ['Content-Type: text/plain'] }, [415], 'two types');
    for (const text of [
      'NaN',
      '{"action":NaN}',
      "{'action':'merge'}",
      '{"action":"merge",}',
      '{"action":"merge"',
      '\u0000',
      '{"action":"merge"}{"action":"merge"}',
      '['.repeat(200_000),
      '{"a":'.repeat(100_000),
      `${'['.repeat(33)}${']'.repeat(33)}`,
    ])
      await refuse({ body: text }, [400], text.slice(0, 40));
    await refuse({ body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }, [400], 'not UTF-8');
    for (const text of ['[]', 'null', '1', '"merge"', 'true']) await refuse({ body: text }, [422], text);
    await refuse({ body: `{"action":"merge","note":"${'x'.repeat(1_100_000)}"}` }, [413], 'huge');
    await refuse(
      { headers: ['Content-Type: application/json', 'Content-Length: 99999999999'] },
      [413],
      'claims much',
    );
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const chunked = { headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'] };
    const bomb = Buffer.concat([
      bytes(port, { line, ...chunked }),
      Buffer.from(`${chunk.repeat(40)}0\r\n\r\n`),
    ]);
    expectRefused(await sendRaw(port, bomb), 'chunked bomb', [413]);
    const both = bytes(port, { line, body, headers: ['Transfer-Encoding: chunked'] });
    expectRefused(await sendRaw(port, both), 'both lengths', [400]);
    await refuse({ line: 'GET /api/leaderboard HTTP/1.1', body: '{}' }, [400], 'GET with a body');
    expect(await state()).toBe(before);
    expect(invalidated()).toBe(0);
    expect((await running.get('/api/leaderboard')).status).toBe(200);
  });

  it('ten thousand of all kinds, with a token that has no limit: each refused, none reaches a feature', async () => {
    const { it: running, path, invalidated } = await program();
    const { port } = running;
    const before = await state();
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(
        1e308,
        -0,
        '__proto__',
        ['merge'],
        { action: 'merge' },
        "' or 1=1 --",
        '<script>',
      ),
    );
    const badBodies: fc.Arbitrary<{ body: string; statuses: number[] }> = fc.oneof(
      value
        .filter((action) => !['approve', 'replace', 'merge', 'reject'].includes(action as string))
        .map((action) => ({ body: JSON.stringify({ action }), statuses: [422] })),
      value
        .filter((version) => typeof version !== 'number' || !Number.isSafeInteger(version))
        .map((version) => ({ body: JSON.stringify({ action: 'merge', version }), statuses: [422] })),
      value
        .filter((note) => typeof note !== 'string')
        .map((note) => ({ body: JSON.stringify({ action: 'merge', note }), statuses: [422] })),
      value
        .filter((one) => typeof one !== 'object' || one === null || Array.isArray(one))
        .map((one) => ({ body: JSON.stringify(one), statuses: [422] })),
      fc
        .string({ minLength: 1 })
        .filter((text) => text.trim() !== '' && !isJson(text))
        .map((body) => ({ body, statuses: [400] })),
    );
    const badPath = fc
      .stringMatching(/^\/[\x21-\x7e]{0,60}$/)
      .filter((text) => !text.startsWith('//') && !isOpen(text));
    const kinds: fc.Arbitrary<{ wrong: Parameters<typeof bytes>[1]; statuses: number[] }> = fc.oneof(
      badBodies.map(({ body, statuses }) => ({ wrong: { line: `POST ${path} HTTP/1.1`, body }, statuses })),
      badPath.map((target) => ({ wrong: { line: `POST ${target} HTTP/1.1` }, statuses: [400, 404] })),
      fc.string({ maxLength: 40 }).map((text) => ({
        wrong: { host: text.replace(/[\r\n]/g, '') },
        statuses: [400, 403],
      })),
      fc.string({ maxLength: 40 }).map((text) => ({
        wrong: { headers: [`Origin: ${text.replace(/[\r\n]/g, '')}`] },
        statuses: [400, 403],
      })),
      fc
        .constantFrom(
          'limit=-1',
          'limit=1.5',
          'limit=',
          'limit=1&limit=2',
          'offset=x',
          'limit=0x10',
          '__proto__=1&__proto__=2',
        )
        .map((query) => ({
          wrong: { line: `GET /api/admin/duplicates/pending?${query} HTTP/1.1` },
          statuses: [422],
        })),
      fc.constant<{ wrong: Parameters<typeof bytes>[1]; statuses: number[] }>({
        wrong: { token: null },
        statuses: [401],
      }),
    );
    const calls = fc.sample(kinds, { numRuns: 10_000, seed: 20261122 });
    const counts = new Map<number, number>();
    const next = calls.values();
    const worker = async () => {
      for (const { wrong, statuses } of next) {
        const status = expectRefused(await sendRaw(port, bytes(port, wrong)), wrong, statuses);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect([...counts.values()].reduce((sum, one) => sum + one, 0)).toBe(10_000);
    // Not merely the limiter, and of every kind.
    expect(counts.get(429)).toBeUndefined();
    for (const status of [400, 401, 403, 404, 422]) expect(counts.get(status) ?? 0).toBeGreaterThan(100);
    expect(await state()).toBe(before);
    expect(invalidated()).toBe(0);
    // The same calls with nothing wrong do reach it: what is counted above could have been more than none.
    expect((await running.post('/api/admin/cache/invalidate')).status).toBe(200);
    expect(invalidated()).toBe(1);
    expect((await running.post(path, { action: 'merge' })).status).toBe(200);
    expect(await state()).not.toBe(before);
  });

  it('two hundred that never end their head keep nobody waiting, and are told why they are cut off', async () => {
    const { it: running } = await program();
    const { port } = running;
    const answers: string[] = [];
    const sockets = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => resolve(socket));
            let text = '';
            socket.on('error', () => {});
            socket.on('data', (part) => (text += part.toString()));
            socket.on('close', () => answers.push(text));
            socket.write(`POST /api/admin/cache/invalidate HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `);
          }),
      ),
    );
    const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 500);
    try {
      let good = 0;
      while (answers.length < 200) {
        expect((await running.get('/api/leaderboard')).status).toBe(200);
        good += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(good).toBeGreaterThan(10);
      for (const answer of answers) expectRefused(answer, 'slow', [408]);
    } finally {
      clearInterval(drip);
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What may well be asked for. */
function isOpen(target: string): boolean {
  return target.includes('/api/admin/');
}
