import { expect, test } from 'vitest';
import { get, leadIds, leadsPage } from './vendor-client.ts';
import { useSandbox } from './use-sandbox.ts';

const start = useSandbox();

async function startWithTen() {
  const sandbox = await start();
  for (let id = 1; id <= 10; id++) sandbox.state.addLead({ id });
  return sandbox;
}

test('strikes the n-th matching call only', async () => {
  const sandbox = await startWithTen();
  const fault = sandbox.faults.add({ path: '/leads', call: [2, 3], do: { kind: 'answer', status: 500 } });
  const statuses: number[] = [];
  for (const path of ['/users', '/leads', '/leads', '/users', '/leads', '/leads']) {
    statuses.push((await get(sandbox, path)).status);
  }
  expect(statuses).toEqual([200, 200, 500, 200, 500, 200]);
  expect([fault.hits, sandbox.faults.injected]).toEqual([2, 2]);
  expect(
    sandbox.log.where((request) => request.faults.includes('answer')).map((request) => request.number),
  ).toEqual([3, 5]);
});

test('strikes by page, by predicate, so many times, until removed', async () => {
  const sandbox = await startWithTen();
  const byPage = sandbox.faults.add({ path: '/leads', page: 3, do: { kind: 'answer', status: 429 } });
  expect((await get(sandbox, '/leads', { page: 2 })).status).toBe(200);
  expect((await get(sandbox, '/leads', { page: 3 })).status).toBe(429);
  expect((await get(sandbox, '/leads', { page: 3 })).status).toBe(429);
  byPage.remove();
  expect((await get(sandbox, '/leads', { page: 3 })).status).toBe(200);
  sandbox.faults.add({
    when: ({ path }) => path.includes('/leads/'),
    times: 1,
    do: { kind: 'answer', status: 503 },
  });
  expect((await get(sandbox, '/leads/1')).status).toBe(503);
  expect((await get(sandbox, '/leads/1')).status).toBe(200);
  sandbox.faults.add({ do: { kind: 'answer', status: 502 } });
  sandbox.faults.clear();
  expect((await get(sandbox, '/leads')).status).toBe(200);
});

test('a scripted answer brings its own body, type and headers', async () => {
  const sandbox = await start();
  sandbox.faults.add({
    call: 1,
    do: { kind: 'answer', status: 429, body: { code: 1, message: 'x' }, headers: { 'retry-after': '7' } },
  });
  sandbox.faults.add({
    call: 2,
    do: { kind: 'answer', status: 200, body: '{"leads":', contentType: 'text/plain' },
  });
  const first = await get(sandbox, '/leads');
  expect([first.status, first.json(), first.headers.get('retry-after')]).toEqual([
    429,
    { code: 1, message: 'x' },
    '7',
  ]);
  const second = await get(sandbox, '/leads');
  expect([second.text, second.headers.get('content-type')]).toEqual(['{"leads":', 'text/plain']);
});

test('drops the connection before counting the call, or loses the answer after counting it', async () => {
  const sandbox = await start({ limits: { perMinute: 1 }, realNow: () => 0 });
  sandbox.faults.add({ call: 1, do: { kind: 'drop' } });
  sandbox.faults.add({ call: 2, do: { kind: 'lose-answer' } });
  await expect(get(sandbox, '/leads')).rejects.toThrow();
  await expect(get(sandbox, '/leads')).rejects.toThrow();
  expect((await get(sandbox, '/leads')).status).toBe(429);
  expect(sandbox.log.all.map((request) => request.status)).toEqual([0, 0, 429]);
});

test('cuts the JSON off, or the connection in the middle of the body', async () => {
  const sandbox = await startWithTen();
  const whole = (await get(sandbox, '/leads')).text;
  sandbox.faults.add({ call: 1, do: { kind: 'truncate', keep: 0.5 } });
  sandbox.faults.add({ call: 2, do: { kind: 'break-off', keep: 0.5 } });
  const cut = await get(sandbox, '/leads');
  expect(cut.status).toBe(200);
  expect(cut.text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
  expect(() => cut.json()).toThrow();
  await expect(get(sandbox, '/leads')).rejects.toThrow();
});

test('answers a web page, another content type or other bytes', async () => {
  const sandbox = await start();
  sandbox.faults.add({ call: 1, do: { kind: 'html' } });
  sandbox.faults.add({ call: 2, do: { kind: 'content-type', contentType: 'text/html' } });
  sandbox.faults.add({ call: 3, do: { kind: 'rewrite', body: (body) => body.replace('leads', 'content') } });
  const page = await get(sandbox, '/leads');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).toContain('<html>');
  const typed = await get(sandbox, '/leads');
  expect([typed.headers.get('content-type'), typed.json()]).toEqual(['text/html', { leads: [] }]);
  expect((await get(sandbox, '/leads')).json()).toEqual({ content: [] });
});

test('delays an answer, trickles it, or never gives it', async () => {
  const sandbox = await startWithTen();
  sandbox.faults.add({ call: 1, do: { kind: 'delay', ms: 120 } });
  sandbox.faults.add({ call: 2, do: { kind: 'trickle', bytes: 1000, everyMs: 20 } });
  sandbox.faults.add({ call: 3, do: { kind: 'hang' } });
  const startedAt = Date.now();
  const whole = (await get(sandbox, '/leads')).text;
  const delayedAt = Date.now();
  expect(delayedAt - startedAt).toBeGreaterThanOrEqual(115);
  expect((await get(sandbox, '/leads')).text).toBe(whole);
  expect(Date.now() - delayedAt).toBeGreaterThanOrEqual(19 * Math.floor(whole.length / 1000));
  const signal = AbortSignal.timeout(60);
  await expect(get(sandbox, '/leads', {}, { signal })).rejects.toThrow();
});

test('closing ends calls that hang', async () => {
  const sandbox = await start();
  sandbox.faults.add({ do: { kind: 'hang' } });
  // oxlint-disable-next-line vitest/valid-expect -- awaited below, once the call hangs
  const hanging = expect(get(sandbox, '/leads')).rejects.toThrow();
  await expect.poll(() => sandbox.log.open).toBe(1);
  await sandbox.close();
  await hanging;
});

test('repeats a page, skips a row, repeats a row', async () => {
  const sandbox = await startWithTen();
  const query = { pageSize: 4, sortProperty: 'id' };
  sandbox.faults.add({ call: 1, do: { kind: 'repeat-page', page: 1 } });
  sandbox.faults.add({ call: 2, do: { kind: 'skip-row', row: 1 } });
  sandbox.faults.add({ call: 3, do: { kind: 'repeat-row', row: 0 } });
  const repeated = await leadsPage(sandbox, { ...query, page: 2 });
  expect(repeated.leads.map((lead) => lead['id'])).toEqual([1, 2, 3, 4]);
  expect(repeated.meta.pagination).toMatchObject({ page: 2, total: 10 });
  expect(await leadIds(sandbox, query)).toEqual([1, 3, 4]);
  expect(await leadIds(sandbox, query)).toEqual([1, 1, 2, 3, 4]);
});

test('tells a wrong total', async () => {
  const sandbox = await startWithTen();
  sandbox.faults.add({ do: { kind: 'wrong-total', by: -5 } });
  const { meta, leads } = await leadsPage(sandbox, { pageSize: 4 });
  expect(meta.pagination).toMatchObject({ total: 5, pageCount: 2 });
  expect(leads).toHaveLength(4);
});

test('runs a script before a call, which is no fault', async () => {
  const sandbox = await startWithTen();
  sandbox.faults.beforeCall(2, () => sandbox.state.remove(1));
  expect(await leadIds(sandbox)).toHaveLength(10);
  expect(await leadIds(sandbox)).toHaveLength(9);
  expect(sandbox.faults.injected).toBe(0);
});

test('the slow mode slows every answer', async () => {
  const sandbox = await start({ switches: { slowMs: 80 } });
  const startedAt = Date.now();
  await get(sandbox, '/leads');
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(75);
});
