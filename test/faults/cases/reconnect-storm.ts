import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/main/clock.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { currentSeq, followChanges, type FollowState } from '../../../src/main/system/change-log.ts';
import { startLeader } from '../../../src/main/system/leader.ts';
import { startControlledPostgres, type ControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { until } from '../support/until.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const consoles = 20;
/** A round is an outage of so long, in ms. */
const outageMs = 20_000;
/** Attempts right after the way was lost are owed to what was under way; counted from here on, in ms. */
const settledMs = 1_000;
const bucketMs = 100;

/** PG-8: twenty consoles lose the database at one instant, try on, and get it back. */
export const reconnectStorm: FaultCase = {
  name: 'PG-8',
  promise:
    'Twenty consoles that lost the database try at most twice a second each, spread over time, and all have it again within ten seconds of its return.',
  run: (run) => storm(run, enter),
  mutant: { naive: 'consoles that try again every 100 ms', run: (run) => storm(run, enterNaively) },
};

interface Contender {
  state(): FollowState | 'unknown';
  close(): Promise<void>;
}

async function storm(run: FaultRun, start: (url: string) => Promise<Contender>): Promise<void> {
  const server = await startControlledPostgres();
  const proxy = await startTcpProxy(server.port);
  const everyone: Contender[] = [];
  try {
    for (let n = 0; n < consoles; n++) everyone.push(await start(proxy.through(server.url)));
    await until(() => everyone.every((one) => one.state() === 'live'), 20_000);
    for (let round = 1; round <= run.rounds; round++) {
      const attempts = await outage(run, server, proxy);
      judge(run, attempts);
      const took = await until(() => everyone.every((one) => one.state() === 'live'), 30_000);
      if (took === null || took > 10_000 * run.patience)
        run.violated(
          `all have it again after ${took === null ? 'more than 30 s' : `${Math.round(took)} ms`}`,
        );
      else run.measured('all have it again after', took);
    }
  } finally {
    await Promise.all(everyone.map((one) => one.close()));
    await proxy.close();
    await server.close();
  }
}

/** Nobody is let through; answers when each attempt came, in ms from the beginning. */
async function outage(run: FaultRun, server: ControlledPostgres, proxy: TcpProxy): Promise<number[]> {
  run.injected(`${consoles} consoles lose the database`);
  const attempts: number[] = [];
  const started = performance.now();
  proxy.onAttempt(() => attempts.push(performance.now() - started));
  proxy.refuse();
  await server.stop('fast');
  await sleep(outageMs + run.random.int(0, 1_000));
  const counted = attempts.filter((at) => at > settledMs);
  proxy.onAttempt(null);
  await server.start();
  proxy.heal();
  return counted;
}

function judge(run: FaultRun, attempts: readonly number[]): void {
  const seconds = (outageMs - settledMs) / 1_000;
  const each = attempts.length / consoles / seconds;
  run.measured('attempts of a console in 100 s', each * 100);
  if (each > 2) run.violated(`each console tried ${each.toFixed(1)} times a second`);
  const buckets = new Map<number, number>();
  for (const at of attempts)
    buckets.set(Math.floor(at / bucketMs), (buckets.get(Math.floor(at / bucketMs)) ?? 0) + 1);
  const most = Math.max(0, ...buckets.values()) / Math.max(1, attempts.length);
  run.measured('share of the fullest 100 ms, per mille', most * 1_000);
  if (most > 0.2) run.violated(`${Math.round(most * 100)} % of all attempts came within 100 ms`);
}

/** What every console and agent asks the database for by itself. */
async function enter(url: string): Promise<Contender> {
  const clock = systemClock();
  const database = openDatabase({ url, applicationName: 'faults storm' });
  const vital = { ...database, query: database.vital.query };
  let state: FollowState | 'unknown' = 'unknown';
  const after = await currentSeq(database);
  const follower = followChanges({
    ...{ database: vital, clock, after, onChanges() {} },
    onState: (now) => (state = now),
  });
  const leader = startLeader({ database: vital, clock, processId: randomUUID() }, { onChange() {} });
  return {
    state: () => state,
    async close() {
      await Promise.all([leader.close(), follower.close()]);
      await database.close();
    },
  };
}

async function enterNaively(url: string): Promise<Contender> {
  const database = openDatabase({ url, applicationName: 'faults storm' });
  let state: FollowState = 'away';
  let closed = false;
  const running = (async () => {
    for (; !closed; await sleep(100)) {
      state = await database.query('select 1').then(
        () => 'live' as const,
        () => 'away' as const,
      );
    }
  })();
  return {
    state: () => state,
    async close() {
      closed = true;
      await running;
      await database.close();
    },
  };
}
