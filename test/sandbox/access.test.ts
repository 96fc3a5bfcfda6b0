import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { basic, get } from './vendor-client.ts';
import { useSandbox } from './use-sandbox.ts';

const start = useSandbox();

test.each([
  ['no header', {}],
  ['a bearer token', { authorization: 'Bearer sandbox' }],
  ['a wrong password', { authorization: basic('sandbox', 'wrong') }],
  ['a wrong user', { authorization: basic('somebody', 'sandbox') }],
])('refuses %s with the odd shape of a 401', async (_, headers) => {
  const sandbox = await start();
  const response = await fetch(`${sandbox.url}/leads`, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ status: 'error', message: 'Authentication failed' });
});

test('takes the user and password it was started with', async () => {
  const sandbox = await start({ user: 'api', password: 'pässwörd:with:colons' });
  expect((await get(sandbox, '/users')).status).toBe(200);
});

test('answers errors as code and message', async () => {
  const sandbox = await start();
  expect((await get(sandbox, '/nothing')).json()).toEqual({ code: 404, message: 'Not found' });
  expect((await get(sandbox, '/leads', {}, { method: 'POST' })).status).toBe(405);
});

test('refuses the 61st call of a sliding minute and takes calls again as the first ones age', async () => {
  let now = 1_000_000;
  const sandbox = await start({ limits: {}, realNow: () => now });
  for (let n = 0; n < 60; n++) {
    now += 500;
    expect((await get(sandbox, '/groups')).status).toBe(200);
  }
  const refused = await get(sandbox, '/groups');
  expect(refused.status).toBe(429);
  expect(refused.json()).toEqual({ code: 429, message: 'Too many requests' });
  expect(refused.headers.get('retry-after')).toBeNull();
  now = 1_000_000 + 500 + 60_000;
  expect((await get(sandbox, '/groups')).status).toBe(200);
  expect((await get(sandbox, '/groups')).status).toBe(429);
});

test('refuses the 1001st call of an hour although every minute was quiet', async () => {
  let now = 0;
  const sandbox = await start({ limits: { perHour: 10 }, realNow: () => now });
  for (let n = 0; n < 10; n++) {
    now += 5 * 60_000;
    expect((await get(sandbox, '/groups')).status).toBe(200);
  }
  expect((await get(sandbox, '/groups')).status).toBe(429);
  now += 3_600_000 - 9 * 5 * 60_000;
  expect((await get(sandbox, '/groups')).status).toBe(200);
});

test('the documented limits are 60, 1000 and 2', async () => {
  let now = 0;
  const sandbox = await start({ limits: {}, realNow: () => now });
  const statuses: number[] = [];
  for (let n = 0; n < 1001; n++) {
    now += 1100;
    const entry = sandbox.limits.enter();
    statuses.push(entry.admitted ? 200 : 429);
    if (entry.admitted) entry.leave();
  }
  expect(statuses.indexOf(429)).toBe(1000);
});

test('lets two calls run at a time and refuses a third, which does not count', async () => {
  const sandbox = await start({ limits: {}, switches: { slowMs: 150 } });
  const answers = await Promise.all(['/groups', '/users', '/campaigns'].map((path) => get(sandbox, path)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 429]);
  expect(answers.find((answer) => answer.status === 429)?.json()).toMatchObject({
    message: 'Too many active requests',
  });
  expect(sandbox.log.maxConcurrent()).toBe(3);
  sandbox.switches.set({ slowMs: 0 });
  expect((await get(sandbox, '/groups')).status).toBe(200);
});

test('a reader that asks again at its last byte never finds its own call still in flight', async () => {
  const sandbox = await start({ limits: { perMinute: 10_000, perHour: 10_000, concurrent: 1 } });
  // Pages far larger than a socket's buffer: the server learns late that the last of it has left.
  sandbox.state.addLeads(5000);
  const statuses = new Set<number>();
  for (let n = 0; n < 40; n++) statuses.add((await get(sandbox, '/leads', { pageSize: 1000 })).status);
  expect([...statuses]).toEqual([200]);
  expect(sandbox.log.maxConcurrent()).toBe(1);
});

test('a call given up by the client leaves its place', async () => {
  const sandbox = await start({ limits: { concurrent: 1 } });
  sandbox.faults.add({ call: 1, do: { kind: 'hang' } });
  await expect(get(sandbox, '/groups', {}, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  await expect.poll(() => sandbox.limits.inFlight).toBe(0);
  expect((await get(sandbox, '/groups')).status).toBe(200);
});

test('says when to come back only when switched on', async () => {
  const sandbox = await start({ limits: { perMinute: 1 }, realNow: () => 0, switches: { retryAfter: true } });
  await get(sandbox, '/groups');
  expect((await get(sandbox, '/groups')).headers.get('retry-after')).toBe('60');
});

test('refused calls count when switched on', async () => {
  let now = 0;
  const sandbox = await start({
    limits: { perMinute: 1 },
    realNow: () => now,
    switches: { refusedCallsCount: true },
  });
  await get(sandbox, '/groups');
  now = 30_000;
  expect((await get(sandbox, '/groups')).status).toBe(429);
  now = 61_000;
  expect((await get(sandbox, '/groups')).status).toBe(429);
});

test('logs every call without its password, with the most per minute and at a time', async () => {
  let now = 0;
  const sandbox = await start({ realNow: () => now });
  for (const at of [0, 10_000, 59_999, 60_000, 200_000]) {
    now = at;
    await get(sandbox, '/leads', { page: 1 });
  }
  expect(sandbox.log.count()).toBe(5);
  expect(sandbox.log.maxPerMinute()).toBe(3);
  expect(sandbox.log.maxPerHour()).toBe(5);
  expect(sandbox.log.last).toMatchObject({
    number: 5,
    method: 'GET',
    path: '/v1/leads',
    query: { page: '1' },
    status: 200,
  });
  expect(JSON.stringify(sandbox.log.all)).not.toContain(basic('sandbox', 'sandbox').slice(6));
});

test('listens on loopback only', async () => {
  const sandbox = await start();
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (outside === undefined) return expect(sandbox.url).toContain('//127.0.0.1:');
  await expect(
    new Promise((resolve, reject) => {
      const socket = connect(sandbox.port, outside.address, () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', reject);
    }),
  ).rejects.toThrow();
});
