import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import {
  adversusAccount,
  clientFor,
  createAdversusClient,
  type AdversusClient,
  type AdversusClientOptions,
} from '../../src/main/deals/adversus-client.ts';
import { outboundSms, successLeads, widen } from '../../src/main/deals/adversus-query.ts';
import { openList } from '../../src/main/deals/adversus-envelope.ts';
import type { CallBudget, CallOptions } from '../../src/main/upstream/call-budget.ts';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

let baseUrl = '';
let script: Respond[] = [];
const requests: { url: URL; headers: IncomingMessage['headers'] }[] = [];
const calls: { purpose: string; priority: string; status: number | null }[] = [];
const blocks: number[] = [];
/** Answers by the script, one entry a request, the last one for ever. */
const server = createServer((request, response) => {
  requests.push({ url: new URL(request.url ?? '', baseUrl), headers: request.headers });
  const respond = script.length > 1 ? script.shift() : script[0];
  respond?.(request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  requests.length = calls.length = blocks.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A budget without limits that notes what it is asked. */
const budget: CallBudget = {
  async call(purpose, work, options: CallOptions) {
    const note = { purpose, priority: options.priority, status: null as number | null };
    calls.push(note);
    const done = await work(options.signal ?? AbortSignal.timeout(options.timeoutMs));
    note.status = done.status;
    return done.value;
  },
  async block(untilMs) {
    blocks.push(untilMs - Date.now());
  },
  state: () => Promise.reject(new Error('not asked')),
};

const patience = { tries: 3, baseMs: 4, capMs: 16, busyTries: 5, busyBaseMs: 2_000, busyCapMs: 60_000 };

function client(change: Partial<AdversusClientOptions> = {}): AdversusClient {
  const password = 'sésam öppna dig';
  return createAdversusClient({
    baseUrl,
    user: 'api-user',
    password,
    budget,
    clock: systemClock(),
    patience,
    ...change,
  });
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Respond {
  return raw(JSON.stringify(body), status, headers);
}

function raw(body: string | Buffer, status = 200, headers: Record<string, string> = {}): Respond {
  return (_request, response) =>
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
}

const page1 = { page: 1, pageSize: 1_000 };
const pagination = { page: 1, pageCount: 1, pageSize: 1000, total: 1 };
const leads = { meta: { pagination }, leads: [{ id: 1 }] };
const range = { start: new Date('2026-10-31T23:00:00.000Z'), end: new Date('2026-12-01T00:00:00.500Z') };

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  return work.then(
    () => expect.fail('should have failed'),
    (error: unknown) => error as { code: string; message: string },
  );
}

test('asks for a page as the vendor wants it', async () => {
  script = [json(leads)];
  const page = await client({ baseUrl: `${baseUrl}/` }).readPage(
    'leads',
    { ...successLeads(widen(range)), ...page1 },
    {},
  );
  expect(page).toEqual({ records: [{ id: 1 }], meta: pagination, updatedField: 'lastUpdatedTime' });
  const { url, headers } = requests[0]!;
  expect(url.pathname).toBe('/v1/leads');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    page: '1',
    pageSize: '1000',
    includeMeta: 'true',
    sortProperty: 'lastUpdatedTime',
    sortDirection: 'DESC',
    filters:
      '{"status":{"$eq":"success"},"lastUpdatedTime":{"$gt":"2026-10-31T22:59:59Z","$lt":"2026-12-01T00:00:01Z"}}',
  });
  expect(headers.authorization).toBe(`Basic ${Buffer.from('api-user:sésam öppna dig').toString('base64')}`);
  expect(headers.accept).toBe('application/json');
  expect(headers.cookie).toBeUndefined();
  expect(calls).toEqual([{ purpose: 'leads', priority: 'schedule', status: 200 }]);
});

test('asks for outbound SMS by sending time, for whom it was told to', async () => {
  script = [json({ sms: [] })];
  const asked = clientFor(client(), { purpose: 'window', priority: 'person' });
  await asked.readPage('sms', { ...outboundSms({ after: range.start }), ...page1 }, {});
  const parameters = requests[0]!.url.searchParams;
  expect(parameters.get('filters')).toBe(
    '{"type":{"$eq":"outbound"},"timestamp":{"$gt":"2026-10-31T23:00:00Z"}}',
  );
  expect(parameters.get('sortProperty')).toBe('timestamp');
  expect(calls).toEqual([{ purpose: 'window', priority: 'person', status: 200 }]);
});

test('opens every envelope the vendor is known to use', async () => {
  const read = (body: unknown) => openList('leads', body);
  expect(read([{ id: 1 }])).toEqual({ records: [{ id: 1 }], meta: null });
  expect(read({ leads: [] })).toEqual({ records: [], meta: null });
  const digits = {
    page: '3',
    pageCount: '8',
    pageSize: '1000',
    total: '7764',
    nextUrl: 'http://evil.example/',
  };
  expect(read({ meta: { pagination: digits }, leads: [] }).meta).toEqual({
    page: 3,
    pageCount: 8,
    pageSize: 1000,
    total: 7764,
    hasNext: true,
  });
  const said = (given: unknown) => read({ meta: { pagination: given }, leads: [] }).meta;
  const nothing = { page: null, pageCount: null, pageSize: null, total: null };
  expect(said({ total: 3 })).toEqual({ ...nothing, total: 3 });
  expect(said({ page: 2, pageCount: null, nextUrl: null })).toEqual({ ...nothing, page: 2, hasNext: false });
  for (const meta of [{}, null, { pagination: {} }, { pagination: null }, { time: 7 }])
    expect(read({ meta, leads: [] }).meta).toBeNull();
});

test.each([
  ['null', null],
  ['a string', 'ok'],
  ['a number', 7],
  ['an object without the list', { sms: [] }],
  ['a list that is none', { leads: { 0: {} } }],
  ['an inherited name', JSON.parse('{"__proto__": {"leads": []}}')],
  ['an error body', { code: 17, message: 'Unknown campaignId', leads: [] }],
  ['the other error body', { status: 'error', message: 'Authentication failed' }],
  ['meta in words', { meta: 'page 1', leads: [] }],
  ['pagination in words', { meta: { pagination: 'page 1 of 1' }, leads: [] }],
  ['total negative', { meta: { pagination: { ...pagination, total: -1 } }, leads: [] }],
  ['page in words', { meta: { pagination: { ...pagination, page: 'one' } }, leads: [] }],
  ['page count broken', { meta: { pagination: { ...pagination, pageCount: 1.5 } }, leads: [] }],
  ['page size zero', { meta: { pagination: { ...pagination, pageSize: 0 } }, leads: [] }],
])('%s is no list', (_name, body) => {
  expect(() => openList('leads', body)).toThrow(expect.objectContaining({ code: 'UPSTREAM_UNREADABLE' }));
});

test('names the unusable field', () => {
  const body = { meta: { pagination: { ...pagination, total: 'many' } }, leads: [] };
  expect(() => openList('leads', body)).toThrow(/meta\.pagination\.total/);
});

test.each([
  [
    'a web page',
    raw('<!DOCTYPE html><html><title>Just a moment</title>'),
    'UPSTREAM_UNREADABLE',
    /web page.*Just a moment/,
  ],
  [
    'half a document',
    raw('{"meta":{"pagination":{"page":1},"leads":[{"id":12345,"na'),
    'UPSTREAM_UNREADABLE',
    /cut short/,
  ],
  ['nothing', raw(''), 'UPSTREAM_UNREADABLE', /empty/],
  [
    'an error with 200',
    json({ status: 'error', message: 'x' }),
    'UPSTREAM_UNREADABLE',
    /error in place of data/,
  ],
  ['500', json({ code: 1, message: 'Oops' }, 500), 'UPSTREAM_FAILED', /500: "Oops"/],
  ['503 in HTML', raw('<html>', 503), 'UPSTREAM_FAILED', /503/],
  ['a hang-up', (request) => void request.socket.destroy(), 'UPSTREAM_FAILED', /hung up/],
  [
    'a hang-up in the body',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"leads":[');
      setTimeout(() => response.destroy(), 20);
    },
    'UPSTREAM_FAILED',
    /hung up/,
  ],
] as [string, Respond, string, RegExp][])('%s is tried three times', async (_name, respond, code, words) => {
  script = [respond];
  const error = await failure(client().readPage('leads', { ...page1 }, {}));
  expect(error).toMatchObject({ code, message: expect.stringMatching(words) as string });
  expect(requests).toHaveLength(3);
  expect(calls).toHaveLength(3);
});

test('goes on after failures that pass', async () => {
  script = [raw('', 502), raw('{"leads":['), json(leads)];
  expect((await client().readPage('leads', page1, {})).records).toEqual([{ id: 1 }]);
});

test.each([
  [
    401,
    { status: 'error', message: 'Authentication failed' },
    /OPSDECK_ADVERSUS_USER and OPSDECK_ADVERSUS_PASSWORD/,
  ],
  [403, { code: 3, message: 'No' }, /API permission/],
  [404, '<html>', /ends with the version/],
  [400, { code: 2, message: 'Unknown campaignId' }, /Unknown campaignId/],
])('%i is final and says what to do', async (status, body, words) => {
  script = [json(body, status)];
  const error = await failure(client().readPage('sms', page1, {}));
  expect(error).toMatchObject({ code: 'UPSTREAM_REFUSED', message: expect.stringMatching(words) as string });
  // A 400 may be about the page's size: that is asked once more.
  expect(requests).toHaveLength(status === 400 ? 2 : 1);
});

test('never shows the sign-in, even when the vendor quotes it', async () => {
  const token = Buffer.from('api-user:sésam öppna dig').toString('base64');
  script = [json({ status: 'error', message: `bad Basic ${token} for api-user / sésam öppna dig` }, 401)];
  const error = await failure(client().readPage('leads', page1, {}));
  const everything = JSON.stringify([
    error.message,
    (error as unknown as Error).stack,
    (error as unknown as Error).cause,
  ]);
  for (const secret of [token, 'sésam', 'api-user']) expect(everything).not.toContain(secret);
  expect(error.message).toContain('bad Basic');
});

test('does not follow redirects', async () => {
  script = [raw('', 302, { location: `${baseUrl}/elsewhere` })];
  const error = await failure(client().readPage('leads', page1, {}));
  expect(error).toMatchObject({
    code: 'UPSTREAM_UNREADABLE',
    message: expect.stringContaining('302') as string,
  });
  expect(requests.every((request) => request.url.pathname === '/v1/leads')).toBe(true);
});

test('after 429 blocks everybody as long as the vendor says, at most five tries', async () => {
  const soon = new Date(Date.now() + 90_000).toUTCString();
  script = [
    json({}, 429, { 'retry-after': '7' }),
    json({}, 429, { 'retry-after': soon, date: new Date(Date.now() + 60_000).toUTCString() }),
    json({}, 429, { 'retry-after': '86400' }),
    json({}, 429),
    json({}, 429, { 'retry-after': 'soon' }),
  ];
  const error = await failure(client({ random: () => 0.5 }).readPage('leads', page1, {}));
  expect(error.code).toBe('UPSTREAM_BUSY');
  expect(requests).toHaveLength(5);
  const seconds = blocks.map((ms) => Math.round(ms / 1_000));
  expect(seconds).toEqual([7, 30, 900, 8, 16]);
});

test('takes the other name of the last-updated stamp when the vendor refuses one, and remembers', async () => {
  const respond: Respond = (request, response) =>
    request.url?.includes('lastUpdatedTime')
      ? json({ code: 4, message: 'filter' }, 400)(request, response)
      : json(leads)(request, response);
  script = [respond];
  const asked = client();
  const query = { ...successLeads({ after: range.start }), ...page1 };
  expect((await asked.readPage('leads', query, {})).updatedField).toBe('lastModifiedTime');
  expect(asked.updatedFieldInUse).toBe('lastModifiedTime');
  await asked.readPage('leads', query, {});
  expect(requests.map(({ url }) => url.searchParams.get('sortProperty'))).toEqual([
    'lastUpdatedTime',
    'lastModifiedTime',
    'lastModifiedTime',
  ]);
});

test('asks for 100 records where the vendor refuses more, remembers it for that list, and says so', async () => {
  const respond: Respond = (request, response) =>
    request.url?.includes('pageSize=1000')
      ? json({ code: 4, message: 'pageSize' }, 400)(request, response)
      : json(leads)(request, response);
  script = [respond];
  const told: unknown[] = [];
  const learned = { mostPerPage: {} };
  const options = { learned, onSmallerPages: (...of: unknown[]) => void told.push(of) };
  const query = { ...successLeads({ after: range.start }), ...page1 };
  const page = await client(options).readPage('leads', query, {});
  expect(page).toMatchObject({ pageSize: 100, updatedField: 'lastUpdatedTime' });
  const asked = client(options);
  expect(await asked.readPage('leads', query, {})).toMatchObject({ pageSize: 100 });
  expect(await asked.readPage('leads', { ...query, page: 2, pageSize: 100 }, {})).not.toHaveProperty(
    'pageSize',
  );
  const sizes = requests.map(({ url }) => url.searchParams.get('pageSize'));
  // Once with the stamp's other name, too.
  expect(sizes).toEqual(['1000', '1000', '100', '100', '100']);
  expect(told).toEqual([['leads', 100]]);
  expect(learned).toEqual({ mostPerPage: { leads: 100 } });
});

test('finds name and size where both were refused, and changes neither in the middle of a list', async () => {
  const respond: Respond = (request, response) =>
    /pageSize=1000|lastUpdatedTime/.test(request.url ?? '')
      ? json({ code: 4, message: 'no' }, 400)(request, response)
      : json(leads)(request, response);
  script = [respond];
  const asked = client();
  const query = { ...successLeads({ after: range.start }), ...page1 };
  expect(await asked.readPage('leads', query, {})).toMatchObject({
    pageSize: 100,
    updatedField: 'lastModifiedTime',
  });
  expect(requests).toHaveLength(4);
  const error = await failure(asked.readPage('leads', { ...query, page: 2 }, {}));
  expect(error.code).toBe('UPSTREAM_REFUSED');
});

test('keeps the name when both are refused, and says what the vendor said first', async () => {
  script = [json({ code: 4, message: 'first' }, 400), json({ code: 4, message: 'second' }, 400)];
  const asked = client({ updatedField: 'lastModifiedTime' });
  const error = await failure(
    asked.readPage('leads', { ...successLeads({ after: range.start }), ...page1 }, {}),
  );
  expect(error.message).toContain('first');
  expect(asked.updatedFieldInUse).toBe('lastModifiedTime');
});

test.each([
  [
    'wrapped',
    json({ leads: [{ id: 5, status: 'success' }] }),
    { kind: 'found', record: { id: 5, status: 'success' } },
  ],
  ['in an array', json([{ id: '5' }]), { kind: 'found', record: { id: '5' } }],
  ['bare', json({ id: 5, status: 'success' }), { kind: 'found', record: { id: 5, status: 'success' } }],
  ['an empty list', json({ leads: [] }), { kind: 'gone', why: 'empty' }],
  ['an empty array', json([]), { kind: 'gone', why: 'empty' }],
  ['404', json({ code: 9, message: 'Not found' }, 404), { kind: 'gone', why: '404' }],
  ['404 without a body', raw('', 404), { kind: 'gone', why: '404' }],
  ['404 of another server', raw('<html>Cannot GET', 404), { kind: 'refused', status: 404 }],
  ['403', json({}, 403), { kind: 'refused', status: 403 }],
  ['405', json({}, 405), { kind: 'refused', status: 405 }],
] as [string, Respond, unknown][])('a look-up answered by %s', async (_name, respond, expected) => {
  script = [respond];
  expect(await client().lookUpLead('5', {})).toEqual(expected);
  expect(requests[0]?.url.pathname).toBe('/v1/leads/5');
  expect(calls[0]?.purpose).toBe('look-up');
});

test.each([
  ['another lead', json({ leads: [{ id: 6 }] }), 'UPSTREAM_UNREADABLE'],
  ['two leads', json({ leads: [{ id: 5 }, { id: 6 }] }), 'UPSTREAM_UNREADABLE'],
  ['an error with 200', json({ status: 'error', message: 'x' }), 'UPSTREAM_UNREADABLE'],
  ['no content', raw('', 204), 'UPSTREAM_UNREADABLE'],
  ['401', json({}, 401), 'UPSTREAM_REFUSED'],
  ['500', json({}, 500), 'UPSTREAM_FAILED'],
] as [string, Respond, string][])('a look-up answered by %s tells nothing', async (_name, respond, code) => {
  script = [respond];
  expect((await failure(client().lookUpLead('5', {}))).code).toBe(code);
});

test.each([
  ['null', json(null)],
  ['an object without anything', json({})],
  ['an empty list', json([])],
  ['an empty envelope', json({ leads: [] })],
  ['no text at all', raw('', 200)],
] as [string, Respond][])('a look-up answered by %s found nothing', async (_name, respond) => {
  script = [respond];
  expect(await client().lookUpLead('5', {})).toEqual({ kind: 'gone', why: 'empty' });
});

test('looks up digits only', async () => {
  expect((await failure(client().lookUpLead('5/../6', {}))).code).toBe('BAD_REQUEST');
  expect(requests).toHaveLength(0);
});

test('reads a campaign by any envelope, and does not mind one that is unknown', async () => {
  script = [
    json({ campaigns: [{ id: 7, settings: { name: 'Dentle' } }] }),
    json([{ id: 7, name: 'Old' }]),
    json([]),
    json({}, 404),
  ];
  const asked = client();
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await asked.readCampaign('7', {}));
  expect(answers).toEqual([{ id: '7', name: 'Dentle' }, { id: '7', name: 'Old' }, null, null]);
});

test('a body beyond the cap is not read, compressed or not, and not asked for again', async () => {
  script = [raw(gzipSync(Buffer.alloc(30 * 1024 * 1024, ' ')), 200, { 'content-encoding': 'gzip' })];
  const error = await failure(client().readPage('leads', page1, {}));
  expect(error).toMatchObject({
    code: 'UPSTREAM_UNREADABLE',
    message: expect.stringContaining('25 MB') as string,
  });
  expect(requests).toHaveLength(1);
});

test('is cancelled at any point', async () => {
  script = [() => {}];
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 50);
  const during = client().readPage('leads', page1, { signal: abort.signal });
  expect((await failure(during)).message).not.toContain('hung up');
  script = [raw('', 500)];
  const later = new AbortController();
  setTimeout(() => later.abort(), 100);
  const slow = client({ patience: { ...patience, baseMs: 60_000, capMs: 60_000 } });
  expect((await failure(slow.readPage('leads', page1, { signal: later.signal }))).code).toBe('CANCELLED');
});

test('refuses an address that cannot be one', () => {
  for (const wrong of ['', 'api.adversus.io/v1', 'ftp://x/v1', 'https://me:secret@api.adversus.io/v1']) {
    expect(() => client({ baseUrl: wrong })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  }
});

test('the account is one per user, whatever the host, and does not tell the name', () => {
  expect(adversusAccount('api-user')).toMatch(/^adversus:[0-9a-f]{16}$/);
  expect(adversusAccount('api-user')).not.toBe(adversusAccount('other'));
});
