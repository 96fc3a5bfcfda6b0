/*
 * The task queue through our layer beside graphile-worker alone: tasks a second, and from enqueueing to the start of the
 * work. Both on the same embedded Postgres, in databases of their own, with as many workers. And a switch of the mode:
 * from its COMMIT until another process goes by it.
 */
import { randomUUID } from 'node:crypto';
import { makeWorkerUtils, run } from 'graphile-worker';
import { systemClock } from '../../src/main/clock.ts';
import { silentLog } from '../../src/main/log.ts';
import { connectionName } from '../../src/main/storage/killed-processes.ts';
import { openQueuePool } from '../../src/main/storage/queue-pool.ts';
import { currentSeq, followChanges } from '../../src/main/system/change-log.ts';
import { createModeCache } from '../../src/main/system/mode.ts';
import { loggerFor } from '../../src/main/system/tasks/library-log.ts';
import { startTaskRunner, tasksAtATime } from '../../src/main/system/tasks/run-tasks.ts';
import { createTaskQueue } from '../../src/main/system/tasks/task-queue.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median, percentile } from './support/figures.ts';
import { race, ratioOf } from './support/measure.ts';
import { startReport } from './support/report.ts';

const many = 200;
const rounds = 5;
const singles = 60;

/** What both sides can do: take a task, and say when it began. */
interface Side {
  add(key: string): Promise<unknown>;
  began(key: string): Promise<void>;
  close(): Promise<void>;
}

function starts() {
  const waiting = new Map<string, () => void>();
  return {
    note: (key: string) => waiting.get(key)?.(),
    began: (key: string) => new Promise<void>((resolve) => waiting.set(key, resolve)),
  };
}

const clock = systemClock();
const log = silentLog();
const report = startReport('tasks');
const server = await startBenchServer(report);
try {
  const ours = await openOurs(await server.open('ours'));
  const bare = await openBare(await server.open('bare'));
  await throughput(ours, bare);
  await latency(ours, bare);
  await Promise.all([ours.close(), bare.close()]);
  await switches(await server.open('mode'));
  report.say(`${tasksAtATime} workers on either side; a task does nothing but say that it began.`);
  report.print();
} finally {
  await server.close();
}

async function openOurs(database: Database): Promise<Side> {
  const processId = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'cli', 'bench', 1, '0')`,
    [processId],
  );
  const { note, began } = starts();
  const queue = createTaskQueue({
    ...{ url: database.url, label: 'bench', separate: false, applicationName: 'bench', kind: 'bench', log },
  });
  const runner = startTaskRunner({
    ...{
      queue,
      database,
      processId,
      applicationName: connectionName('tasks', processId),
      clock,
      log,
      random: Math.random,
    },
    work: (payload) => Promise.resolve(note((payload as { key: string }).key)),
    onParked: () => Promise.resolve(),
  });
  return {
    add: (key) => queue.add(key, { key }),
    began,
    close: async () => (await runner.close(), queue.close()),
  };
}

async function openBare(database: Database): Promise<Side> {
  const { note, began } = starts();
  const logger = await loggerFor(log);
  const asking = openQueuePool({ url: database.url, applicationName: 'bare', max: 3, asking: true });
  const working = openQueuePool({ url: database.url, applicationName: 'bare', max: 8, asking: false });
  const utils = await makeWorkerUtils({ pgPool: asking, logger });
  const runner = await run({
    ...{ pgPool: working, logger, concurrency: tasksAtATime, noHandleSignals: true, parsedCronItems: [] },
    taskList: { bench: (payload) => note((payload as { key: string }).key) },
  });
  return {
    add: (key) =>
      utils.addJob('bench', { key }, { jobKey: key, jobKeyMode: 'unsafe_dedupe', maxAttempts: 3 }),
    began,
    async close() {
      await runner.stop();
      await utils.release();
      await Promise.all([asking.end(), working.end()]);
    },
  };
}

/** Enqueues many and waits until each has begun. */
async function rush(side: Side): Promise<void> {
  const keys = Array.from({ length: many }, () => randomUUID());
  const begun = keys.map((key) => side.began(key));
  // As a list does it: some at a time.
  const left = [...keys];
  const add = async () => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) await side.add(key);
  };
  await Promise.all(Array.from({ length: 3 }, add));
  await Promise.all(begun);
}

async function throughput(ours: Side, bare: Side): Promise<void> {
  const times = await race({ ours: { run: () => rush(ours) }, bare: { run: () => rush(bare) } }, rounds);
  const ratio = ratioOf(times.ours, times.bare);
  report.figure({
    what: `${many} tasks enqueued and begun`,
    value: median(times.ours),
    unit: 'ms',
    reference: { what: 'graphile-worker alone', value: median(times.bare) },
    ratio,
    target: { words: '≤ 1.15', met: ratio <= 1.15 },
    note: `${Math.round((many * 1_000) / median(times.ours))} tasks a second`,
  });
}

async function latency(ours: Side, bare: Side): Promise<void> {
  const single = async (side: Side) => {
    const key = randomUUID();
    const begun = side.began(key);
    await side.add(key);
    await begun;
  };
  const times = await race({ ours: { run: () => single(ours) }, bare: { run: () => single(bare) } }, singles);
  const ratio = ratioOf(times.ours, times.bare);
  report.figure({
    what: 'one task, enqueue to start',
    value: median(times.ours),
    unit: 'ms',
    reference: { what: 'graphile-worker alone', value: median(times.bare) },
    ratio,
    target: { words: '≤ 1.15', met: ratio <= 1.15 },
    note: `p95 ${percentile(times.ours, 0.95).toFixed(1)} ms`,
  });
}

async function switches(database: Database): Promise<void> {
  const processes = await Promise.all(
    [1, 2, 3].map(async () => {
      const processId = randomUUID();
      await database.query(
        `insert into processes (id, kind, host, pid, version) values ($1, 'cli', 'b', 1, '0')`,
        [processId],
      );
      const mode = createModeCache({ database, clock, processId });
      await mode.read();
      return mode;
    }),
  );
  let told = () => {};
  // What each answers when it is asked: the one that switches may hear of it before its own call has ended.
  const believed: string[] = [];
  const followers = await Promise.all(
    processes.map(async (mode, index) =>
      followChanges({
        ...{ database, clock, after: await currentSeq(database) },
        async onChanges(changes) {
          if (!changes.some(({ kind }) => kind === 'mode')) return;
          mode.drop();
          believed[index] = (await mode.read()).mode;
          told();
        },
      }),
    ),
  );
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const wanted = round % 2 === 0 ? 'sync_direct' : 'async_queue';
    const seen = new Promise<void>((resolve) => {
      told = () => processes.every((_mode, index) => believed[index] === wanted) && resolve();
    });
    await processes[0]!.set(wanted, { confirmed: true, actor: 'bench', console: 'bench' });
    const started = performance.now();
    await seen;
    times.push(performance.now() - started);
  }
  await Promise.all(followers.map((follower) => follower.close()));
  const p95 = percentile(times, 0.95);
  report.figure({
    what: 'a switch of the mode until the last of three processes goes by it, p95',
    value: p95,
    unit: 'ms',
    target: { words: '≤ 1 000 ms', met: p95 <= 1_000 },
    note: `p50 ${median(times).toFixed(1)} ms`,
  });
}
