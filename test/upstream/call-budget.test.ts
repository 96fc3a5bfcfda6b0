import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { createCallBudget, type CallBudget, type CallLimits } from '../../src/main/upstream/call-budget.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startCountingVendor, type CountingVendor } from './counting-vendor.ts';

const limits: CallLimits = {
  perHour: 14,
  perMinute: 6,
  atOnce: 2,
  hourMs: 4_000,
  minuteMs: 1_200,
  marginMs: 50,
  slotMarginMs: 30,
  abortGraceMs: 100,
  deadHolderMs: 500,
  reservePerHour: 4,
  reservePerMinute: 2,
};
const roomy: CallLimits = {
  ...limits,
  perHour: 1_000,
  perMinute: 1_000,
  hourMs: 3_600_000,
  minuteMs: 60_000,
};
const person = { timeoutMs: 5_000, maxWaitMs: 30_000, priority: 'person' } as const;

let database: TestDatabase;
const pools: Database[] = [];
let vendor: CountingVendor | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await vendor?.close();
  vendor = undefined;
});
afterAll(async () => {
  for (const pool of pools) await pool.close();
  await database.drop();
});

function budgetOn(account: string, change: { limits?: CallLimits; database?: Database } = {}): CallBudget {
  return createCallBudget({
    database: change.database ?? database,
    clock: systemClock(),
    account,
    limits: change.limits ?? limits,
    pollMs: 20,
  });
}

function anotherPool(): Database {
  const pool = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 4 });
  pools.push(pool);
  return pool;
}

/** The budget as it would be if a call counted from its start only: what the tests must notice. */
function countingByStart(real: Database): Database {
  const change = (sql: string) =>
    sql
      .replace(
        'case when c.finished_at is null then least(c.expires_at, m.at) else c.finished_at end as ended',
        'c.started_at as ended',
      )
      .replace('c.finished_at is null and c.expires_at > m.at as in_flight', 'false as in_flight')
      .replace('and coalesce(c.finished_at, c.expires_at) >', 'and c.started_at >');
  return {
    ...real,
    transaction: (work, options) =>
      real.transaction(
        (tx) => work({ ...tx, query: (sql, values) => tx.query(change(sql), values) }),
        options,
      ),
  };
}

async function callVendor(budget: CallBudget, url: string): Promise<string> {
  return budget.call(
    'test',
    async (signal) => {
      const response = await fetch(url, { signal });
      return { status: response.status, value: await response.text() };
    },
    person,
  );
}

const idle = async () => ({ status: 200, value: 'done' });

function holdPlace(budget: CallBudget, options: { signal?: AbortSignal } = {}) {
  let release = () => {};
  let started = () => {};
  const begun = new Promise<void>((resolve) => (started = resolve));
  const done = budget.call(
    'held',
    () => {
      started();
      return new Promise<{ status: number; value: string }>((resolve) => {
        release = () => resolve({ status: 200, value: 'held' });
      });
    },
    { ...person, ...options },
  );
  return { begun, done, release: () => release() };
}

async function runFourPools(
  account: string,
  wrap: (pool: Database) => Database,
): Promise<CountingVendor['seen']> {
  vendor = await startCountingVendor({ minuteMs: 1_200, hourMs: 4_000, latencyMs: 400, workMs: 60 });
  const url = vendor.url;
  const budgets = [1, 2, 3, 4].map(() => budgetOn(account, { database: wrap(anotherPool()) }));
  await Promise.all(budgets.flatMap((budget) => Array.from({ length: 6 }, () => callVendor(budget, url))));
  return vendor.seen;
}

test('four pools together never show the vendor more than it allows, whatever the latency', async () => {
  const seen = await runFourPools('pools', (pool) => pool);
  expect(seen.calls).toBe(24);
  expect(seen.mostPerMinute).toBeLessThanOrEqual(limits.perMinute);
  expect(seen.mostPerHour).toBeLessThanOrEqual(limits.perHour);
  expect(seen.mostAtOnce).toBeLessThanOrEqual(limits.atOnce);
  // Nor is the budget thrifty beyond need.
  expect(seen.mostPerMinute).toBeGreaterThanOrEqual(limits.perMinute - 1);
});

test('a budget that counted calls by their start would show the vendor too many', async () => {
  const seen = await runFourPools('mutant', countingByStart);
  const kept =
    seen.mostPerMinute <= limits.perMinute &&
    seen.mostPerHour <= limits.perHour &&
    seen.mostAtOnce <= limits.atOnce;
  expect(kept).toBe(false);
});

function startWorker(url: string, calls: number, timeoutMs = 2_000): ChildProcess {
  const file = join(import.meta.dirname, 'call-budget-worker.ts');
  const values = [database.url, url, JSON.stringify(limits), String(calls), String(timeoutMs)];
  return spawn(process.execPath, [file, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('three processes, one killed in the middle of a call, keep to the limits together', async () => {
  vendor = await startCountingVendor({ minuteMs: 1_200, hourMs: 4_000, latencyMs: 300, workMs: 60 });
  const workers = [startWorker(vendor.url, 6), startWorker(vendor.url, 6), startWorker(vendor.url, 60)];
  const ends = workers.map((worker) => once(worker, 'exit'));
  const doomed = workers[2]!;
  await once(doomed.stdout!, 'data');
  doomed.kill('SIGKILL');
  const [first, second] = await Promise.all(ends);
  expect([first?.[0], second?.[0]]).toEqual([0, 0]);
  expect(vendor.seen.mostPerMinute).toBeLessThanOrEqual(limits.perMinute);
  expect(vendor.seen.mostPerHour).toBeLessThanOrEqual(limits.perHour);
  // The server may still be working for the dead process when its connection breaks; ours never go beyond two.
  expect(vendor.seen.mostAtOnce).toBeLessThanOrEqual(limits.atOnce);
});

test('a place whose process died is free again when it expires, and counts in the windows until later', async () => {
  const account = `dead-${randomUUID()}`;
  await database.query(
    `insert into upstream_calls (account, purpose, started_at, expires_at)
     select $1, 'dead', clock_timestamp() - interval '1 s', clock_timestamp() + interval '400 ms' from generate_series(1, 2)`,
    [account],
  );
  const budget = budgetOn(account, { limits: roomy });
  expect((await budget.state()).inFlight).toBe(2);
  const before = performance.now();
  await budget.call('after', idle, person);
  expect(performance.now() - before).toBeGreaterThan(300);
  expect(await budget.state()).toMatchObject({ inFlight: 0, usedMinute: 3, usedHour: 3 });
});

test('the schedule leaves the reserve to people', async () => {
  const budget = budgetOn('reserve', { limits: { ...roomy, perMinute: 4, reservePerMinute: 2 } });
  const schedule = { timeoutMs: 1_000, maxWaitMs: 50, priority: 'schedule' } as const;
  await budget.call('a', idle, schedule);
  await budget.call('b', idle, schedule);
  const refused = await budget.call('c', idle, schedule).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'UPSTREAM_BUSY' });
  const freeInMs = (refused as { freeAt: Date }).freeAt.getTime() - Date.now();
  expect(freeInMs).toBeGreaterThan(55_000);
  expect(freeInMs).toBeLessThan(61_000);
  await budget.call('d', idle, { ...schedule, priority: 'person' });
  await budget.call('e', idle, { ...schedule, priority: 'person' });
  await expect(budget.call('f', idle, { ...schedule, priority: 'person' })).rejects.toMatchObject({
    code: 'UPSTREAM_BUSY',
  });
  expect(await budget.state()).toMatchObject({ usedMinute: 4, leftMinute: 0, leftHour: 996, inFlight: 0 });
});

test('waits exactly until the window has room', async () => {
  const budget = budgetOn('exact', { limits: { ...roomy, perMinute: 1, minuteMs: 500, marginMs: 100 } });
  await budget.call('a', idle, person);
  const before = performance.now();
  await budget.call('b', idle, person);
  const waited = performance.now() - before;
  expect(waited).toBeGreaterThan(550);
  expect(waited).toBeLessThan(900);
});

test('a block stops every process and never gets shorter', async () => {
  const budget = budgetOn('blocked', { limits: roomy });
  await budget.block(Date.now() + 600, 'too many calls, 429');
  await budget.block(Date.now() + 100, 'shorter');
  const other = budgetOn('blocked', { limits: roomy, database: anotherPool() });
  expect((await other.state()).blockedReason).toBe('too many calls, 429');
  await expect(other.call('a', idle, { ...person, maxWaitMs: 50 })).rejects.toThrow(
    /asked us to wait \(too many calls, 429\)/,
  );
  const before = performance.now();
  await other.call('a', idle, person);
  expect(performance.now() - before).toBeGreaterThan(350);
  expect((await other.state()).blockedUntil).toBeNull();
});

test('a waiting call is cancelled at once and takes no place', async () => {
  const budget = budgetOn('cancel-wait', { limits: { ...roomy, atOnce: 1 } });
  const held = holdPlace(budget);
  await held.begun;
  const abort = new AbortController();
  let ran = false;
  const waiting = budget.call('b', async () => ((ran = true), idle()), { ...person, signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  const before = performance.now();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(performance.now() - before).toBeLessThan(400);
  expect(ran).toBe(false);
  held.release();
  await held.done;
  expect((await budget.state()).usedHour).toBe(1);
});

test('a call cancelled at work is recorded as finished, its slot free after a moment', async () => {
  const budget = budgetOn('cancel-work', { limits: { ...roomy, atOnce: 1 } });
  const abort = new AbortController();
  const work = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const running = budget.call('a', work, { ...person, signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await budget.state()).inFlight).toBe(0);
  const before = performance.now();
  await budget.call('b', idle, person);
  expect(performance.now() - before).toBeGreaterThan(60);
  expect((await budget.state()).usedHour).toBe(2);
});

test('a vendor that does not answer in time fails the call and frees the slot', async () => {
  const budget = budgetOn('timeout', { limits: { ...roomy, atOnce: 1 } });
  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  await expect(budget.call('a', never, { ...person, timeoutMs: 100 })).rejects.toMatchObject({
    code: 'UPSTREAM_FAILED',
    message: expect.stringContaining('0.1 s') as string,
  });
  await budget.call('b', idle, { ...person, maxWaitMs: 1_000 });
});

test('a finished call of this process wakes the next at once', async () => {
  const budget = createCallBudget({
    database,
    clock: systemClock(),
    account: 'wake',
    limits: { ...roomy, atOnce: 1, slotMarginMs: 1 },
    pollMs: 10_000,
  });
  const held = holdPlace(budget);
  await held.begun;
  const next = budget.call('next', idle, { ...person, maxWaitMs: 20_000 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = performance.now();
  held.release();
  await Promise.all([held.done, next]);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('the statuses are recorded, and old calls are forgotten now and then', async () => {
  await database.query(
    `insert into upstream_calls (account, purpose, started_at, finished_at, expires_at)
     select 'prune', 'old', now() - interval '27 h', now() - interval '27 h', now() - interval '27 h' from generate_series(1, 5)`,
  );
  const budget = createCallBudget({
    database,
    clock: systemClock(),
    account: 'prune',
    limits: roomy,
    random: () => 0,
  });
  await budget.call('new', async () => ({ status: 503, value: null }), person);
  const rows = await database.query(`select purpose, status from upstream_calls where account = 'prune'`);
  expect(rows.rows).toEqual([{ purpose: 'new', status: 503 }]);
});
