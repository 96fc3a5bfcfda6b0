import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlledPostgres, type ControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

/** The writers' lease is 2 s, so that many rounds fit; the product's of 15 s is held by OFFICE. */
const longestTakeoverMs = 6_000;

const faults = ['frozen', 'killed', 'cut off', 'frozen', 'reset'] as const;

interface Contender {
  processId: string;
  proxy: TcpProxy;
  child: ChildProcess;
}

/** PG-4: three contenders for the lease, the one that leads killed, frozen, cut off or terminated at random instants. */
export const leaderTakeover: FaultCase = {
  name: 'PG-4',
  promise:
    'What leaders write never overlaps: in the order of commits terms only rise, and each has one process; another leads soon after.',
  run: (run) => contend(run, 'fenced'),
  mutant: {
    naive: 'writers that ask before the work whether they lead, not at its COMMIT, and are frozen',
    run: (run) => contend(run, 'naive'),
  },
};

async function contend(run: FaultRun, kind: 'fenced' | 'naive'): Promise<void> {
  const server = await startControlledPostgres();
  await server.onOffice(
    'create table effects (seq bigint primary key, term bigint not null, process_id uuid not null, source text not null)',
  );
  const contenders = await Promise.all([0, 1, 2].map(() => enter(server, kind)));
  try {
    for (let round = 1; round <= run.rounds; round++) {
      const leading = await untilLeading(server, contenders, null);
      if (!leading) return run.violated('nobody led within 15 s');
      const settled = await effects(server);
      await until(async () => (await effects(server)) > settled + 3, 5_000);
      await sleep(run.random.int(0, 700));
      await strike(run, server, contenders, leading, kind === 'naive' ? ['frozen'] : faults);
    }
    await sleep(500);
    await judge(run, server);
  } finally {
    for (const { child } of contenders) child.kill('SIGKILL');
    await Promise.all(contenders.map(({ proxy }) => proxy.close()));
    await server.close();
  }
}

async function enter(server: ControlledPostgres, kind: string, proxyBefore?: TcpProxy): Promise<Contender> {
  const proxy = proxyBefore ?? (await startTcpProxy(server.port));
  const processId = randomUUID();
  const program = join(import.meta.dirname, '../support/leading-writer.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, proxy.through(server.url), processId, kind],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return { processId, proxy, child };
}

/** One fault to the leader, the wait for the next one, and the end of the fault while the next one writes. */
async function strike(
  run: FaultRun,
  server: ControlledPostgres,
  contenders: Contender[],
  leading: Contender,
  from: readonly (typeof faults)[number][],
) {
  const kind = run.random.pick(from);
  run.say(kind);
  run.injected(`leader ${kind}`);
  switch (kind) {
    case 'frozen':
      leading.child.kill('SIGSTOP');
      break;
    case 'killed':
      leading.child.kill('SIGKILL');
      break;
    case 'cut off':
      leading.proxy.hole();
      break;
    case 'reset':
      return leading.proxy.reset();
  }
  const started = performance.now();
  const next = await untilLeading(server, contenders, leading);
  const took = performance.now() - started;
  if (!next || took > longestTakeoverMs * run.patience)
    run.violated(`${kind}: the next leader came after ${Math.round(took)} ms`);
  run.measured('takeover, lease of 2 s', took);
  // The next one writes already, over whatever source, when the old one wakes.
  const before = await effects(server);
  await until(async () => (await effects(server)) > before, 3_000);
  await sleep(run.random.int(0, 600));
  if (kind === 'frozen') leading.child.kill('SIGCONT');
  if (kind === 'cut off') leading.proxy.heal();
  if (kind === 'killed')
    Object.assign(leading, await enter(server, leading.child.spawnargs.at(-1)!, leading.proxy));
  await sleep(300);
}

async function untilLeading(
  server: ControlledPostgres,
  contenders: readonly Contender[],
  other: Contender | null,
): Promise<Contender | null> {
  let found: Contender | null = null;
  const gone = other?.processId;
  await until(async () => {
    const [lease] = await server.onOffice<{ process_id: string }>(
      'select process_id from leader_lease where expires_at > clock_timestamp()',
    );
    found = contenders.find(({ processId }) => processId === lease?.process_id && processId !== gone) ?? null;
    return found !== null;
  }, 15_000);
  return found;
}

async function effects(server: ControlledPostgres): Promise<number> {
  const [found] = await server.onOffice<{ count: number }>('select count(*)::int as count from effects');
  return found!.count;
}

/** In commit order, which is that of the change numbers. */
async function judge(run: FaultRun, server: ControlledPostgres): Promise<void> {
  const rows = await server.onOffice<{ term: string; process_id: string }>(
    'select term, process_id from effects order by seq',
  );
  run.measured('effects', rows.length);
  const owners = new Map<string, string>();
  let highest = 0;
  for (const { term, process_id: owner } of rows) {
    if (Number(term) < highest)
      run.violated(`an effect of term ${term} was committed after one of term ${highest}`);
    highest = Math.max(highest, Number(term));
    if ((owners.get(term) ?? owner) !== owner) run.violated(`term ${term} has two leaders`);
    owners.set(term, owner);
  }
  run.measured('terms', owners.size);
}
