import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/clock.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { silentLog } from '../../../src/main/log.ts';
import { connectionName } from '../../../src/main/storage/killed-processes.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { listModes } from '../../../src/main/system/mode-store.ts';
import { freeTasks, startTaskRunner, type TaskRunner } from '../../../src/main/system/tasks/run-tasks.ts';
import { createTaskQueue, type TaskQueue } from '../../../src/main/system/tasks/task-queue.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

const clock = systemClock();
const log = silentLog();
let database: TestDatabase;
const undo: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
  await database.drop();
});

function openQueue(url = database.url): TaskQueue {
  const queue = createTaskQueue({
    ...{ url, label: 'test', separate: false, applicationName: 'test queue', kind: 'test/tasks', log },
  });
  undo.push(() => queue.close());
  return queue;
}

async function addProcess(): Promise<string> {
  const id = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'agent', 'test', 1, '0')`,
    [id],
  );
  return id;
}

function run(
  queue: TaskQueue,
  processId: string,
  work: (payload: unknown, signal: AbortSignal) => Promise<void>,
  onParked: (key: string, error: unknown) => Promise<void> = () => Promise.resolve(),
): TaskRunner {
  const runner = startTaskRunner({
    ...{ queue, database, processId, clock, log, work, onParked, random: () => 0.5, forgottenMs: 500 },
    applicationName: connectionName('tasks', processId),
  });
  undo.push(() => runner.close());
  return runner;
}

async function until(met: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await met())) await clock.sleep(20);
}

it('carries each task out once, and says that this process does', async () => {
  const queue = openQueue();
  const done: unknown[] = [];
  const processId = await addProcess();
  for (let n = 0; n < 20; n++) await queue.add(`key-${n}`, { n });
  await queue.add('key-3', { n: 3 });
  const runner = run(queue, processId, (payload) => (done.push(payload), Promise.resolve()));
  await until(async () => (await queue.counts()).waiting + (await queue.counts()).running === 0);
  expect(done).toHaveLength(20);
  expect((await listModes(database))[0]).toMatchObject({ id: processId, runsTasks: true });
  await runner.close();
  expect((await listModes(database))[0]).toMatchObject({ runsTasks: false });
});

it('tries a task three times, later by chance each time, then parks it and tells the cause', async () => {
  const queue = openQueue();
  const parked: string[] = [];
  let tries = 0;
  run(
    queue,
    await addProcess(),
    () => {
      tries += 1;
      return Promise.reject(new OpsdeckError('UPSTREAM_FAILED', 'The account directory failed with 503.'));
    },
    (key) => (parked.push(key), Promise.resolve()),
  );
  await queue.add('key-1', {});
  for (let expected = 1; expected <= 3; expected++) {
    await until(() => tries === expected);
    await until(async () => (await queue.counts()).running === 0);
    if (expected === 3) break;
    const [task] = await queue.list(10);
    const waitMs = task!.runAt.getTime() - clock.wall();
    // e^tries seconds, and half as much again since chance is fixed here.
    expect(waitMs).toBeGreaterThan(Math.exp(expected) * 1_000);
    await database.query(`update graphile_worker._private_jobs set run_at = now()`);
  }
  expect(await queue.counts()).toEqual({ waiting: 0, running: 0, failed: 0, parked: 1 });
  expect(parked).toEqual(['key-1']);
  expect(await queue.causes()).toMatchObject([{ code: 'UPSTREAM_FAILED', failed: 0, parked: 1 }]);
  expect(await queue.retry({ cause: 'UPSTREAM_REFUSED' })).toBe(0);
  expect(await queue.retry({ cause: 'UPSTREAM_FAILED' })).toBe(1);
  await until(() => tries > 3);
});

it('a parked task begins anew when its request is asked again', async () => {
  const queue = openQueue();
  await queue.add('key-1', {});
  await database.query(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = '[INTERNAL] x'`,
  );
  expect((await queue.counts()).parked).toBe(1);
  await queue.add('key-1', {});
  expect((await queue.counts()).parked).toBe(0);
  expect(await queue.list(5)).toMatchObject([{ key: 'key-1', attempts: 0 }]);
});

it('frees the tasks of a killed process at once, and never those of a living or a foreign one', async () => {
  const queue = openQueue();
  const [killed, living] = [await addProcess(), await addProcess()];
  const connection = openDatabase({ url: database.url, applicationName: connectionName('agent', living) });
  undo.push(() => connection.close());
  await connection.query('select 1');
  for (const key of ['of-killed', 'of-living', 'of-unknown']) await queue.add(key, {});
  const hold = (key: string, pool: string) =>
    database.query(
      `update graphile_worker._private_jobs set locked_by = $2, locked_at = now(), attempts = 1 where key = $1`,
      [key, pool],
    );
  await hold('of-killed', 'pool-killed');
  await hold('of-living', 'pool-living');
  await hold('of-unknown', 'pool-unknown');
  await database.query(
    `insert into task_pools (pool_id, process_id) values ('pool-killed', $1), ('pool-living', $2)`,
    [killed, living],
  );
  expect(await freeTasks(queue, database, log)).toEqual(['pool-killed']);
  const held = (await queue.list(10)).filter(({ lockedAt }) => lockedAt !== null).map(({ key }) => key);
  expect(held.sort()).toEqual(['of-living', 'of-unknown']);
  // Freeing by who holds something, without asking who lives, takes a task from under the hands of the living.
  await queue.unlock((await queue.lockingPools()).map(({ poolId }) => poolId));
  expect((await queue.list(10)).filter(({ lockedAt }) => lockedAt !== null)).toEqual([]);
  await hold('of-living', 'pool-living');
  await hold('of-unknown', 'pool-unknown');
  const done: string[] = [];
  run(queue, living, async () => void done.push('one'));
  await until(() => done.length === 1);
});

it('a runner waits for a queue that is away, and carries on when it is back', async () => {
  const queue = openQueue();
  const done: unknown[] = [];
  run(queue, await addProcess(), (payload) => (done.push(payload), Promise.resolve()));
  await queue.add('key-1', { n: 1 });
  await until(() => done.length === 1);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await until(() =>
    queue.add('key-2', { n: 2 }).then(
      () => true,
      () => false,
    ),
  );
  await until(() => done.length === 2);
});

it('outlives connections that end just when tasks are done, and loses none of them', async () => {
  const queue = openQueue();
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', hear);
  undo.push(() => Promise.resolve(process.off('unhandledRejection', hear)));
  const done = new Set<number>();
  const end = () =>
    database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'opsdeck tasks %'`,
    );
  for (let n = 0; n < 12; n++) await queue.add(`key-${n}`, { n });
  run(queue, await addProcess(), async (payload) => {
    const { n } = payload as { n: number };
    // Its own connection is gone when the end of the task is to be stored.
    if (!done.has(n) && n % 4 === 0) await end();
    done.add(n);
  });
  await until(async () => {
    await freeTasks(queue, database, log);
    const { waiting, running, failed } = await queue.counts();
    // One that was caught by three of the ends in a row is out of tries: it is parked, not lost.
    return done.size === 12 && waiting + running + failed === 0;
  });
  expect(unheard).toEqual([]);
});

it('a queue that refuses connections fails within the time that is waited for it', async () => {
  const queue = openQueue('postgres://nobody@127.0.0.1:1/none');
  await expect(queue.add('key-1', {})).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
});
