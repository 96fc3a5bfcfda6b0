import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../../../src/main/clock.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { appendChange, followChanges, type FollowState } from '../../../src/main/system/change-log.ts';
import { startControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { ending, until } from '../support/until.ts';

const situations = ['idle', 'in a query', 'in a transaction', 'before COMMIT', 'while connecting'] as const;
type Situation = (typeof situations)[number];

/** All that a call may take: its own time-out of 15 s and a second. */
const longestCallMs = 16_000;

/** PG-1: connections that swallow every byte, in each situation that a program can be in. */
export const blackHole: FaultCase = {
  name: 'PG-1',
  promise:
    'Every call returns within 16 s, the loss is noticed within 10 s, work goes on within 5 s of its end, no connection stays poisoned.',
  run: (run) => eachRound(run, holeRound),
  mutant: { naive: 'a pool with pg’s own settings', run: (run) => eachRound(run, naiveRound) },
};

/** Situations of one round run side by side, each behind a proxy of its own. */
async function eachRound(
  run: FaultRun,
  round: (run: FaultRun, situation: Situation, url: string, proxy: TcpProxy) => Promise<void>,
): Promise<void> {
  const server = await startControlledPostgres();
  try {
    for (let number = 1; number <= run.rounds; number++) {
      run.say(`round ${number}`);
      await Promise.all(
        situations.map(async (situation) => {
          const proxy = await startTcpProxy(server.port);
          await round(run, situation, proxy.through(server.url), proxy);
          await proxy.close();
        }),
      );
    }
  } finally {
    await server.close();
  }
}

async function holeRound(run: FaultRun, situation: Situation, url: string, proxy: TcpProxy): Promise<void> {
  const database = openDatabase({ url, applicationName: `faults ${situation}` });
  let state: FollowState | null = null;
  let followed = 0;
  const follower = followChanges({
    database: { ...database, query: database.vital.query },
    clock: systemClock(),
    after: 0,
    onChanges: (changes) => void (followed = changes.at(-1)!.seq),
    onState: (now) => (state = now),
  });
  await until(() => state === 'live', 10_000);
  // Some connections at rest, so that the next callers would get dead ones.
  await Promise.all(Array.from({ length: 4 }, () => database.query('select pg_sleep(0.02)')));

  const call = openCall(situation, database, proxy);
  await sleep(run.random.int(0, 400));
  if (situation !== 'before COMMIT') proxy.hole();
  run.injected(situation);
  const result = ending(call(), longestCallMs + 4_000);

  const noticed = await until(() => state === 'away', 10_000 * run.patience);
  if (noticed === null) run.violated(`${situation}: not noticed`);
  else run.measured('noticed', noticed);
  await sleep(run.random.int(0, 3_000));
  proxy.heal();
  const back = await until(() => state === 'live' || state === 'polling', 5_000 * run.patience);
  if (back === null) run.violated(`${situation}: did not go on`);
  else run.measured('went on', back);

  for (let query = 0; query < 20; query++) {
    const one = await ending(database.query('select 1'), 5_000);
    if (one.how !== 'done' || one.ms > 2_000 * run.patience)
      run.violated(
        `${situation}: query ${query} after it ${one.how} (${one.code}) in ${Math.round(one.ms)} ms`,
      );
  }
  const seq = await database.transaction((tx) => appendChange(tx, 'agents', {}));
  if ((await until(() => followed >= seq, 5_000 * run.patience)) === null)
    run.violated(`${situation}: a change was missed`);
  const { how, ms } = await result;
  if (how === 'open' || ms > longestCallMs + 1_000 * (run.patience - 1))
    run.violated(`${situation}: the call took ${Math.round(ms)} ms (${how})`);
  run.measured('call ended', ms);
  await follower.close();
  await database.close();
}

/** What is under way when the hole opens. */
function openCall(situation: Situation, database: ReturnType<typeof openDatabase>, proxy: TcpProxy) {
  switch (situation) {
    case 'idle':
      return () => Promise.resolve();
    case 'in a query':
      return begun(() => database.query('select pg_sleep(1)'));
    case 'in a transaction':
      return begun(() => database.transaction((tx) => tx.query('select pg_sleep(1)')));
    case 'before COMMIT':
      return begun(() =>
        database.transaction(async (tx) => {
          await tx.query('select pg_sleep(0.4)');
          proxy.hole();
        }),
      );
    case 'while connecting':
      return () => Promise.all(Array.from({ length: 8 }, () => database.query('select 1')));
  }
}

/** Begins now; what is answered waits for its end. */
function begun(work: () => Promise<unknown>): () => Promise<unknown> {
  const working = work();
  working.catch(() => {});
  return () => working;
}

/** What pg does by itself: a query into the hole never ends. Given up after the longest time a call may take. */
async function naiveRound(run: FaultRun, situation: Situation, url: string, proxy: TcpProxy): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  await pool.query('select 1');
  proxy.hole();
  run.injected(situation);
  const { how } = await ending(pool.query('select 1'), longestCallMs);
  if (how === 'open') run.violated(`${situation}: the call hangs`);
  proxy.reset();
  await pool.end().catch(() => {});
}
