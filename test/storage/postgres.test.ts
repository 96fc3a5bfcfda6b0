import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase, type Transaction } from '../../src/main/storage/postgres.ts';
import { classifyPostgresError } from '../../src/main/storage/postgres-errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query('create table probe (id int primary key, n int not null default 0)');
  await database.query('insert into probe (id) values (1), (2)');
});
afterAll(() => database.drop());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const endBackend = (pid: number) => database.query('select pg_terminate_backend($1)', [pid]);

async function until(condition: () => boolean | Promise<boolean>) {
  for (const end = Date.now() + 10_000; !(await condition()); await sleep(5)) {
    if (Date.now() > end) throw new Error('did not happen in time');
  }
}

/** The error that a statement really fails with, as pg gives it. */
async function failureOf(...statements: string[]): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {});
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => {});
  }
  throw new Error('did not fail');
}

test('whole numbers come as numbers, in arrays too, and money as text', async () => {
  const found = await database.query(
    `select 9007199254740991::bigint as id, array[1, null, -3]::bigint[] as ids, '{}'::bigint[] as none,
            '4500.00'::numeric(14,2) as money`,
  );
  expect(found.rows[0]).toEqual({ id: 9007199254740991, ids: [1, null, -3], none: [], money: '4500.00' });
});

test('every time-out that keeps a caller from hanging is set on pooled connections', async () => {
  const shown = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name = any ($1)`,
    [
      [
        'statement_timeout',
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'tcp_user_timeout',
        'tcp_keepalives_idle',
      ],
    ],
  );
  expect(Object.fromEntries(shown.rows.map((row) => [row.name, row.setting]))).toEqual({
    statement_timeout: '12000',
    lock_timeout: '5000',
    idle_in_transaction_session_timeout: '5000',
    tcp_user_timeout: '10000',
    tcp_keepalives_idle: '5',
  });
});

test('a statement past its time-out fails as a database that does not answer, and the pool goes on', async () => {
  const slow = database.transaction((tx) => tx.query('select pg_sleep(5)'), { statementTimeoutMs: 100 });
  await expect(slow).rejects.toMatchObject({ code: 'DATABASE_AWAY', cause: { code: '57014' } });
  const after = await database.query(`show statement_timeout`);
  expect(after.rows[0]).toEqual({ statement_timeout: '12s' });
});

test('a transaction that pauses for too long loses its connection and its locks', async () => {
  const paused = database.transaction(
    async (tx) => {
      await tx.query('update probe set n = n + 1 where id = 1');
      await sleep(400);
      await tx.query('select 1');
    },
    { idleTimeoutMs: 100 },
  );
  await expect(paused).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
  expect((await database.query('select n from probe where id = 1')).rows).toEqual([{ n: 0 }]);
});

test('a server that takes the connection and says nothing is away within the connection time-out', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const deaf = openDatabase({ url: `postgres://x@127.0.0.1:${port}/x`, applicationName: 'test' });
  const start = Date.now();
  await expect(deaf.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
  expect(Date.now() - start).toBeLessThan(8_000);
  await deaf.close();
  silent.close();
});

test('two transactions that deadlock both end well, the loser run again as a whole', async () => {
  await database.query('update probe set n = 0');
  let runs = 0;
  let both: (() => void) | undefined;
  const bothHold = new Promise<void>((resolve) => (both = resolve));
  const crossing = (first: number, second: number) => async (tx: Transaction) => {
    await tx.query('update probe set n = n + 1 where id = $1', [first]);
    if (++runs >= 2) both?.();
    await bothHold;
    await tx.query('update probe set n = n + 1 where id = $1', [second]);
  };
  await Promise.all([database.transaction(crossing(1, 2)), database.transaction(crossing(2, 1))]);
  expect(runs).toBe(3);
  expect((await database.query('select n from probe order by id')).rows).toEqual([{ n: 2 }, { n: 2 }]);
});

test('a serialization failure runs the whole transaction again, on what is there now', async () => {
  await database.query('update probe set n = 0');
  const seen: number[] = [];
  await database.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    const before = await tx.query<{ n: number }>('select n from probe where id = 1');
    seen.push(before.rows[0]!.n);
    if (seen.length === 1) await database.query('update probe set n = 10 where id = 1');
    await tx.query('update probe set n = n + 1 where id = 1');
  });
  expect(seen).toEqual([0, 10]);
  expect((await database.query('select n from probe where id = 1')).rows).toEqual([{ n: 11 }]);
});

test('a transaction that always clashes is given up after five tries', async () => {
  let tries = 0;
  const clashing = database.transaction(async (tx) => {
    tries++;
    await tx.query(`do $$ begin raise exception 'clash' using errcode = '40001'; end $$`);
  });
  await expect(clashing).rejects.toMatchObject({ code: '40001' });
  expect(tries).toBe(5);
});

test('an error of the work itself is not tried again, and rolls back', async () => {
  let tries = 0;
  const failing = database.transaction(async (tx) => {
    tries++;
    await tx.query('insert into probe (id) values (9)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(tries).toBe(1);
  expect((await database.query('select 1 from probe where id = 9')).rowCount).toBe(0);
});

test('a transaction that hid a failed statement is not reported as committed', async () => {
  const hiding = database.transaction(async (tx) => {
    await tx.query('insert into probe (id) values (9)');
    await tx.query('select 1 / 0').catch(() => {});
    return 'done';
  });
  await expect(hiding).rejects.toThrow(/rolled back/);
  expect((await database.query('select 1 from probe where id = 9')).rowCount).toBe(0);
});

test('errors really raised by the server go to the right branch', async () => {
  const refused = (url: string) => failureAt(url);
  const url = new URL(database.url);
  const missing = new URL(url);
  missing.pathname = '/no_such_database';
  const classes: [string, unknown][] = [
    ['data', await failureOf('select 1 / 0')],
    ['retry', await failureOf('insert into probe (id) values (1)')],
    ['data', await failureOf('select nothing_of_that_name')],
    ['data', await failureOf(`select E'\\xff'`)],
    ['timeout', await failureOf('set statement_timeout = 20', 'select pg_sleep(1)')],
    ['away', await failureOf('select pg_terminate_backend(pg_backend_pid())')],
    ['away', await failureOf('begin read only', 'insert into probe (id) values (7)')],
    ['refused', await refused(missing.href)],
    ['away', await refused('postgres://x@127.0.0.1:1/x')],
    ['away', await refused('postgres://x@no-such-host.invalid/x')],
    ['retry', Object.assign(new Error('lock'), { code: '55P03' })],
    ['away', Object.assign(new Error('too many'), { code: '53300' })],
    ['refused', Object.assign(new Error('password'), { code: '28P01' })],
    ['refused', await refused(`${database.url}?sslmode=verify-full`)],
    ['refused', await refused(`${database.url}?sslrootcert=/no/such.pem`)],
    ['refused', Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
    ['refused', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')],
    ['away', Object.assign(new Error('no socket'), { code: 'ENOENT', syscall: 'connect' })],
    ['data', null],
    ['data', 'text'],
  ];
  for (const [kind, error] of classes) expect([kind, error]).toEqual([classifyPostgresError(error), error]);
});

async function failureAt(url: string): Promise<unknown> {
  let client: pg.Client;
  try {
    client = new pg.Client({ connectionString: url });
  } catch (error) {
    return error;
  }
  client.on('error', () => {});
  return client.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a database that takes no writes is said to be that', async () => {
  const writing = database.transaction(async (tx) => {
    await tx.query('set transaction read only');
    await tx.query('insert into probe (id) values (9)');
  });
  await expect(writing).rejects.toMatchObject({
    code: 'DATABASE_AWAY',
    message: expect.stringMatching(/takes no writes/) as string,
  });
});

test('a refusal is explained without the password', async () => {
  const url = new URL(database.url);
  url.pathname = '/no_such_database';
  url.password = 'hemlig';
  const wrong = openDatabase({ url: url.href, applicationName: 'test' });
  const failing = wrong.query('select 1');
  await expect(failing).rejects.toMatchObject({
    code: 'DATABASE_REFUSED',
    message: expect.stringMatching(/Check user/),
  });
  await expect(failing).rejects.not.toThrow('hemlig');
  await wrong.close();
});

test('connections ended while idle, in a transaction and mid-statement neither end the process nor poison the pool', async () => {
  const uncaught = vi.fn();
  process.on('uncaughtException', uncaught);
  const victim = openDatabase({ url: database.url, applicationName: 'victim', maxConnections: 1 });
  const pidOf = async () =>
    (await victim.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;

  await endBackend(await pidOf());
  await sleep(50);
  await pidOf();

  const open = victim.transaction(async (tx) => {
    await endBackend(tx.backendPid);
    await sleep(50);
    await tx.query('select 1');
  });
  await expect(open).rejects.toMatchObject({ code: 'DATABASE_AWAY' });

  const pid = await pidOf();
  const running = victim.query('select pg_sleep(5)');
  running.catch(() => {});
  await sleep(50);
  await endBackend(pid);
  await expect(running).rejects.toMatchObject({ code: 'DATABASE_AWAY' });

  expect(await pidOf()).toBeGreaterThan(0);
  await victim.close();
  process.off('uncaughtException', uncaught);
  expect(uncaught).not.toHaveBeenCalled();
});

test('a pool that is used up makes callers wait, not hang, and leaks nothing', async () => {
  const small = openDatabase({ url: database.url, applicationName: 'small pool', maxConnections: 2 });
  await Promise.all(
    Array.from({ length: 50 }, () => small.transaction((tx) => tx.query('select pg_sleep(0.005)'))),
  );
  const sessions = await database.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where application_name = 'small pool'`,
  );
  expect(sessions.rows[0]!.n).toBeLessThanOrEqual(2);
  await small.close();
});

test('a listener whose connection is ended says so, listens again, and closes for good', async () => {
  const heard: string[] = [];
  const states: boolean[] = [];
  const listener = database.listen(
    'probe',
    (payload) => heard.push(payload),
    (state) => states.push(state),
  );
  const listenerPid = async () =>
    (
      await database.query<{ pid: number }>(
        `select pid from pg_stat_activity where query = 'listen "probe"' and datname = current_database()`,
      )
    ).rows[0]?.pid;
  for (let round = 1; round <= 3; round++) {
    await until(() => states.at(-1) === true);
    await database.query(`select pg_notify('probe', $1)`, [`round ${round}`]);
    await until(() => heard.length === round);
    await endBackend((await listenerPid())!);
    await until(() => states.filter((state) => !state).length === round);
  }
  await until(() => states.at(-1) === true);
  expect(states).toEqual([true, false, true, false, true, false, true]);
  await listener.close();
  await until(async () => (await listenerPid()) === undefined);
  await database.query(`select pg_notify('probe', 'late')`);
  await sleep(50);
  expect(heard).toEqual(['round 1', 'round 2', 'round 3']);
});

test('a listener closed while it still connects leaves no connection behind', async () => {
  const states: boolean[] = [];
  await database
    .listen(
      'early',
      () => {},
      (state) => states.push(state),
    )
    .close();
  await sleep(300);
  const left = await database.query(`select 1 from pg_stat_activity where query = 'listen "early"'`);
  expect(left.rowCount).toBe(0);
  expect(states).toEqual([]);
});
