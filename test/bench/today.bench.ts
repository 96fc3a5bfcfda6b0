/*
 * Today's leaderboard with 5 000 deals of 200 agents: from the cache inside main, and over a message port with the
 * contract's own validation, as a window asks for it.
 */
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { implement, os, type RouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { dealsContract } from '../../src/shared/contract/deals.ts';
import { systemClock } from '../../src/main/clock.ts';
import { applyPass } from '../../src/main/deals/apply-pass.ts';
import { TodayCache } from '../../src/main/deals/today-cache.ts';
import { currentSeq } from '../../src/main/system/change-log.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { benchNow, benchSettings, inPass, makeFacts, mappedOf } from './support/bench-pass.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median, percentile } from './support/figures.ts';
import { race, ratioOf, timed } from './support/measure.ts';
import { startReport } from './support/report.ts';

const deals = 5_000;
const agents = 200;
const calls = 20_000;
const portCalls = 1_000;

const report = startReport('today');
const server = await startBenchServer(report);
try {
  const cache = await loadedCache(await server.open('today'));
  await inMain(cache);
  await overPort(cache);
  report.print();
} finally {
  await server.close();
}

async function loadedCache(database: Database): Promise<TodayCache> {
  const facts = makeFacts(deals).map((fact, n) => ({
    ...fact,
    orderDate: new Date(benchNow.getTime() - n * 5_000),
  }));
  const read = { movesCursor: true, removals: null };
  await inPass(database, (context) => applyPass(context, mappedOf(facts), read));
  await database.query(
    `insert into agents (user_id, name, group_name)
     select 1000 + n, 'Agent Nummer ' || n, 'Grupp ' || n % 7 from generate_series(0, ${agents - 1}) n`,
  );
  await database.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", status)
     select n::text, 1000 + n % ${agents}, '+4670' || n % 2500, $1::timestamptz - n * interval '5 seconds', 'delivered'
       from generate_series(1, 4000) n`,
    [benchNow],
  );
  const clock = { ...systemClock(), now: () => benchNow };
  const cache = new TodayCache({ database, clock, timeZone: () => benchSettings.timeZone });
  await cache.load(await currentSeq(database));
  const { board } = cache.today();
  const counted = await database.query<{ count: number }>('select count(*)::int as count from deals');
  if (board.length !== agents || counted.rows[0]?.count !== deals)
    throw new Error('today is not what it should be');
  return cache;
}

async function inMain(cache: TodayCache): Promise<void> {
  const times: number[] = [];
  let rows = 0;
  for (let call = 0; call < calls + 1_000; call++) {
    const started = performance.now();
    rows += cache.today().board.length;
    if (call >= 1_000) times.push(performance.now() - started);
  }
  if (rows !== (calls + 1_000) * agents) throw new Error('a board was not whole');
  const p99 = percentile(times, 0.99);
  report.figure({
    what: 'leaderboard in main, p99',
    value: p99,
    unit: 'ms',
    target: { words: '≤ 0.05 ms', met: p99 <= 0.05 },
    note: `p50 ${median(times).toFixed(4)} ms, ${calls} calls`,
  });
  const afresh: number[] = [];
  for (let round = 0; round < 60; round++) {
    // A change that brings nothing of today's: the board is counted again all the same.
    await cache.follow([{ seq: round + 10, at: benchNow.toISOString(), kind: 'agents', data: {} }]);
    const ms = await timed(() => cache.today());
    if (round >= 10) afresh.push(ms);
  }
  report.figure({
    what: 'the first call after a change, p50',
    value: median(afresh),
    unit: 'ms',
    note: `p95 ${percentile(afresh, 0.95).toFixed(1)} ms; counts ${deals} deals and 4000 messages once`,
  });
}

async function overPort(cache: TodayCache): Promise<void> {
  const contract = { board: dealsContract.board };
  const router = {
    board: implement(contract).board.handler(() => cache.today().board),
    empty: os.handler(() => null),
  };
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(router).upgrade(port1);
  const client: ContractRouterClient<typeof contract> & RouterClient<{ empty: typeof router.empty }> =
    createORPCClient(new RPCLink({ port: port2 }));
  port1.start();
  port2.start();
  const times = await race(
    { empty: { run: () => client.empty() }, board: { run: () => client.board({ period: 'today' }) } },
    portCalls,
  );
  if ((await client.board({ period: 'today' })).length !== agents) throw new Error('a board was not whole');
  port1.close();
  const ratio = ratioOf(times.board, times.empty);
  report.figure({
    what: 'leaderboard over a port, p50',
    value: median(times.board),
    unit: 'ms',
    reference: { what: 'an empty call', value: median(times.empty) },
    ratio,
    target: { words: '≤ 1.5', met: ratio <= 1.5 },
    note: `p99 ${percentile(times.board, 0.99).toFixed(2)} ms`,
  });
  report.say(
    'Over a port: both ends in this one process on a worker_threads MessageChannel, not from a real window, so that the ' +
      'work of both sides is in the figure. 200 rows are validated against the contract and written as JSON each time.',
  );
}
