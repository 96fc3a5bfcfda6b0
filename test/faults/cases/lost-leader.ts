import { setTimeout as sleep } from 'node:timers/promises';
import { openConsoleOffice, type ConsoleOffice, type ConsoleProcess } from '../support/console-office.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { compareDeals, sell } from '../support/selling-vendor.ts';
import { judgeTerms } from '../support/terms-in-order.ts';
import { until } from '../support/until.ts';
import { compareMirrors } from './consoles-deciding.ts';

const kinds = ['killed', 'frozen'] as const;

/** LEADERS: five whole consoles on one database and one vendor; the one that leads is killed or frozen. */
export const lostLeader: FaultCase = {
  name: 'LEADERS',
  promise:
    'With the lease as it ships, a leader that is killed or frozen is replaced within 20 s; in the order of commits terms only rise, also after the frozen one woke; deals are as the vendor has them, and no follower missed a change.',
  run: (run) => lose(run, 5),
  mutant: { naive: 'an office with one console', run: (run) => lose({ ...run, rounds: 1 }, 1) },
};

async function lose(run: FaultRun, count: number): Promise<void> {
  const office = await openConsoleOffice(count, 1, 'resting', true);
  const selling = new AbortController();
  const sold = sell(office.vendor!, selling.signal);
  try {
    if ((await until(async () => (await leading(office)) !== null, 60_000)) === null)
      return run.violated('nobody leads');
    for (let round = 1; round <= run.rounds; round++) {
      await strike(run, office, round);
      for (const one of office.consoles) if (!one.alive()) run.violated(`${one.name} has ended`);
    }
    selling.abort();
    await compareDeals(run, office.server, await sold);
    await judgeTerms(run, office.server);
    if ((await until(() => allThere(office), 60_000)) === null) run.violated('not all consoles came back');
    await compareMirrors(run, office);
  } finally {
    selling.abort();
    await sold;
    await office.close();
  }
}

/** The console that holds the lease, as the database says. */
async function leading({ server, consoles }: ConsoleOffice): Promise<ConsoleProcess | null> {
  const rows = await server.onOffice<{ pid: number }>(
    `select p.pid from leader_lease l join processes p on p.id = l.process_id where l.expires_at > clock_timestamp()`,
  );
  return consoles.find(({ child }) => child.pid === rows[0]?.pid) ?? null;
}

/** True when every console, the one killed last too, has said that it is there. */
async function allThere({ server, consoles }: ConsoleOffice): Promise<boolean> {
  const pids = consoles.map(({ child }) => child.pid);
  const rows = await server.onOffice<{ count: number }>(
    'select count(distinct pid)::int as count from processes where pid = any ($1::int[])',
    [pids],
  );
  return rows[0]!.count === pids.length;
}

async function strike(run: FaultRun, office: ConsoleOffice, round: number): Promise<void> {
  let lost: ConsoleProcess | null = null;
  await until(async () => (lost = await leading(office)) !== null, 30_000);
  const old = lost as ConsoleProcess | null;
  if (!old) return run.violated('nobody led before');
  const kind = run.random.pick(kinds);
  await sleep(run.random.int(0, 3_000));
  run.say(`round ${round}: ${old.name} leads and is ${kind}`);
  run.injected(`leader ${kind}`);
  old.child.kill(kind === 'killed' ? 'SIGKILL' : 'SIGSTOP');
  const took = await until(async () => ![null, old].includes(await leading(office)), 30_000);
  if (took === null || took > 20_000)
    run.violated(`leader ${kind}: the next came after ${took ?? 'never'} ms`);
  else run.measured(`takeover, ${kind}`, took);
  // The next one reads and writes already when the frozen one wakes.
  await sleep(run.random.int(0, 3_000));
  if (kind === 'killed') old.restart();
  else old.child.kill('SIGCONT');
}
