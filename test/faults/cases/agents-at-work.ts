import { setTimeout as sleep } from 'node:timers/promises';
import { openAgentOffice, type Agent, type AgentOffice } from '../support/agent-office.ts';
import { compareDeals, sell } from '../support/selling-vendor.ts';
import { judgeTerms } from '../support/terms-in-order.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { deaths } from '../support/server-deaths.ts';
import { until } from '../support/until.ts';

const leaderFaults = ['killed', 'frozen', 'cut off'] as const;
const kinds = [...leaderFaults, 'sign-in refused', 'way refused', ...deaths.map(([name]) => name)];

/** OFFICE: three real agents on one database and one vendor; whatever happens, the deals end up as the vendor has them. */
export const agentsAtWork: FaultCase = {
  name: 'OFFICE',
  promise:
    'Agents live through whatever happens to the database; a lost leader is replaced within 20 s; all say that the database is back within 10 s; terms only rise in the order of commits; every deal of the vendor is there once.',
  run: (run) => work(run, 3),
  mutant: { naive: 'an office with one agent', run: (run) => work({ ...run, rounds: 1 }, 1) },
};

async function work(run: FaultRun, count: number): Promise<void> {
  const office = await openAgentOffice(count);
  const selling = new AbortController();
  const sold = sell(office.vendor, selling.signal);
  try {
    if ((await until(async () => (await leading(office)) !== null, 30_000)) === null)
      run.violated('nobody leads');
    for (let round = 1; round <= run.rounds; round++) {
      const kind = kinds[round - 1] ?? run.random.pick(kinds);
      run.say(`round ${round}: ${kind}`);
      await sleep(run.random.int(500, 4_000));
      if (kind === 'killed' || kind === 'frozen' || kind === 'cut off') await loseLeader(run, office, kind);
      else await loseDatabase(run, office, kind);
      office.agents.forEach(
        (agent, number) => agent.alive() || run.violated(`${kind}: agent ${number} has ended`),
      );
    }
    selling.abort();
    await compareDeals(run, office.server, await sold);
    await judgeTerms(run, office.server);
  } finally {
    selling.abort();
    await sold;
    await office.close();
  }
}

/** The agent that holds the lease, as the database says. */
async function leading(office: AgentOffice): Promise<Agent | null> {
  const rows = await office.server
    .onOffice<{ pid: number }>(
      `select p.pid from leader_lease l join processes p on p.id = l.process_id where l.expires_at > clock_timestamp()`,
    )
    .catch(() => []);
  return office.agents.find(({ child }) => child.pid === rows[0]?.pid) ?? null;
}

async function loseLeader(run: FaultRun, office: AgentOffice, kind: (typeof leaderFaults)[number]) {
  let lost: Agent | null = null;
  await until(async () => (lost = await leading(office)) !== null, 30_000);
  const old = lost as Agent | null;
  if (!old) return run.violated(`${kind}: nobody led before`);
  run.injected(`leader ${kind}`);
  if (kind === 'killed') old.child.kill('SIGKILL');
  if (kind === 'frozen') old.child.kill('SIGSTOP');
  if (kind === 'cut off') old.proxy.hole();
  const took = await until(async () => ![null, old].includes(await leading(office)), 30_000);
  if (took === null || took > 20_000)
    run.violated(`leader ${kind}: the next one came after ${took ?? 'never'} ms`);
  else run.measured('takeover', took);
  await sleep(run.random.int(0, 3_000));
  if (kind === 'frozen') old.child.kill('SIGCONT');
  if (kind === 'cut off') {
    if (!old.away) run.violated('an agent that is cut off does not say so');
    old.proxy.heal();
    await measureReturn(run, [old], kind);
  }
  if (kind === 'killed') old.restart();
}

async function loseDatabase(run: FaultRun, office: AgentOffice, kind: string) {
  const { server, agents } = office;
  run.injected(kind);
  const die = deaths.find(([name]) => name === kind)?.[1];
  if (die) await die(server, run);
  else if (kind === 'sign-in refused') {
    await server.admin(`alter role office nologin`);
    await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'office'`);
    await measureNoticing(run, agents, kind);
    await server.admin(`alter role office login`);
  } else {
    for (const { proxy } of agents) proxy.refuse();
    await measureNoticing(run, agents, kind);
    for (const { proxy } of agents) proxy.heal();
  }
  await measureReturn(run, agents, kind);
}

async function measureNoticing(run: FaultRun, agents: readonly Agent[], kind: string) {
  const took = await until(() => agents.every(({ away }) => away), 20_000);
  if (took === null || took > 10_000) run.violated(`${kind}: told after ${took ?? 'never'} ms`);
  else run.measured('told that the database is away', took);
}

async function measureReturn(run: FaultRun, agents: readonly Agent[], kind: string) {
  const took = await until(() => agents.every(({ away }) => !away), 30_000);
  if (took === null || took > 10_000) run.violated(`${kind}: back after ${took ?? 'never'} ms`);
  else run.measured('told that it is back', took);
}
