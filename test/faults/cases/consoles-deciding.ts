import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerFromMirror } from '../../../src/main/answer-from-mirror.ts';
import { systemClock } from '../../../src/main/clock.ts';
import { openMirror } from '../../../src/main/mirror/mirror.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { verifyAudit } from '../../../src/main/system/audit.ts';
import { placeOf } from '../../../src/main/database-place.ts';
import { loadConfig } from '../../../src/main/config.ts';
import { silentLog } from '../../deals/pass-office.ts';
import { openConsoleOffice, type ConsoleOffice } from '../support/console-office.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { deaths } from '../support/server-deaths.ts';
import { until } from '../support/until.ts';

const consoles = 5;
const cases = 1_000;
const ownFaults = ['killed', 'frozen', 'cut off', 'reset', 'killed while cut off'] as const;
const kinds = [...ownFaults, ...ownFaults, ...deaths.map(([name]) => name)];

/** CONSOLES (OB-3, OB-1): five whole consoles decide the same thousand cases, on and off the database. */
export const consolesDeciding: FaultCase = {
  name: 'CONSOLES',
  promise:
    'What five consoles decided on the same cases, with and without the database, killed, frozen and cut off, is there: each case decided once, each decision that was shown as made or as kept accounted for, nothing waits 30 s after the last fault, and each local copy is what the database says.',
  run: (run) => decide(run, 'real', (random) => random.pick(kinds)),
  mutant: {
    naive: 'consoles that keep decisions in memory',
    run: (run) => decide({ ...run, rounds: 2 }, 'forgetful', () => 'killed while cut off'),
  },
};

async function decide(
  run: FaultRun,
  kind: 'real' | 'forgetful',
  choose: (random: FaultRun['random']) => string,
): Promise<void> {
  const office = await openConsoleOffice(kind === 'real' ? consoles : 2, cases, kind);
  try {
    await until(() => office.consoles.every(({ told }) => told.length > 0), 60_000);
    for (let round = 1; round <= run.rounds; round++) {
      const fault = choose(run.random);
      run.say(`round ${round}: ${fault}`);
      run.injected(fault);
      await sleep(run.random.int(0, 1_500));
      await strike(run, office, fault);
      for (const one of office.consoles) if (!one.alive()) run.violated(`${fault}: ${one.name} has ended`);
    }
    await settle(run, office);
    await judgeDecisions(run, office);
    if (kind === 'real') await compareMirrors(run, office);
  } finally {
    await office.close();
  }
}

async function strike(run: FaultRun, { server, consoles: all }: ConsoleOffice, fault: string): Promise<void> {
  const one = run.random.pick(all);
  switch (fault) {
    case 'killed':
      await one.kill();
      return one.restart();
    case 'frozen':
      one.child.kill('SIGSTOP');
      await sleep(run.random.int(200, 6_000));
      return void one.child.kill('SIGCONT');
    case 'cut off':
      one.proxy.hole();
      await sleep(run.random.int(1_000, 9_000));
      return one.proxy.heal();
    case 'reset':
      return one.proxy.reset();
    case 'killed while cut off': {
      one.proxy.refuse();
      const before = one.told.filter(({ queued }) => queued).length;
      await until(() => one.told.filter(({ queued }) => queued).length > before + 3, 15_000);
      await one.kill();
      one.restart();
      await sleep(run.random.int(0, 3_000));
      return one.proxy.heal();
    }
    default:
      await deaths.find(([name]) => name === fault)![1](server, run);
  }
}

/** Nobody decides any more; what was kept has to be sent within 30 s. */
export async function settle(run: FaultRun, { consoles: all }: ConsoleOffice): Promise<void> {
  for (const one of all) one.rest();
  const started = performance.now();
  for (const one of all) {
    const took = await until(
      async () => (await one.kept())?.every(({ state }) => state !== 'waiting') === true,
      60_000,
    );
    if (took === null) run.violated(`${one.name} has decisions that wait still`);
  }
  const took = performance.now() - started;
  run.measured('nothing waits any more after', took);
  if (took > 30_000 * run.patience) run.violated(`what was kept was sent after ${Math.round(took)} ms`);
}

/** Each case was decided once, whatever a person was told is accounted for, and the audit log is whole. */
export async function judgeDecisions(run: FaultRun, office: ConsoleOffice): Promise<void> {
  const database = openDatabase({ url: office.server.url, applicationName: 'faults look' });
  const { rows } = await database.query<{
    id: number;
    status: string;
    entries: number;
    actors: string[];
    deals: number;
    allowed: number;
  }>(
    `select p.id, p.status, count(a.id)::int as entries, array_agg(a.actor) as actors,
            (select count(*)::int from deals d where d.lead_id = p.lead_id) as deals,
            case when p.resolution in ('approved', 'replaced') then 2 else 1 end as allowed
       from pending_duplicates p left join audit_log a on a.target = 'duplicate:' || p.id group by p.id`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    if (row.entries !== (row.status === 'resolved' ? 1 : 0))
      run.violated(`case ${row.id} is ${row.status} and was decided ${row.entries} times`);
    if (row.deals !== row.allowed) run.violated(`case ${row.id} left ${row.deals} deals`);
  }
  for (const one of office.consoles) {
    const kept = (await one.kept()) ?? [];
    for (const { id, queued } of one.told) {
      const isThere = found.get(id)?.actors.includes(one.name) === true;
      const isListed = kept.some((row) => row.id === id && row.state !== 'waiting');
      if (!queued && !isThere)
        run.violated(`${one.name} was told that case ${id} is decided, and it is not by them`);
      if (queued && !isThere && !isListed) run.violated(`${one.name} lost what was kept for case ${id}`);
    }
  }
  const audit = await verifyAudit(database);
  if (!audit.ok) run.violated(`the audit log is broken: ${audit.why}`);
  const told = office.consoles.flatMap((one) => one.told);
  run.measured('decisions told as made', told.filter(({ queued }) => !queued).length);
  run.measured('decisions told as kept', told.filter(({ queued }) => queued).length);
  run.measured('cases decided', rows.filter(({ status }) => status === 'resolved').length);
  await database.close();
}

/** Closed in order, each console's copy holds the cases that are open, and today's deals. */
export async function compareMirrors(run: FaultRun, office: ConsoleOffice): Promise<void> {
  const pending = await office.server.onOffice<{ id: number }>(
    `select id::int from pending_duplicates where status = 'pending'`,
  );
  const open = pending.map(({ id }) => id);
  // All that is not a case's was sold while the case ran.
  const [of] = await office.server.onOffice<{ deals: number }>(
    `select coalesce(sum(multi_deals), 0)::int as deals from deals where lead_id !~ '^L'`,
  );
  const dealsToday = of!.deals;
  // What changed last is gathered for a moment before it is written, and one killed last begins with an old copy.
  await sleep(5_000);
  for (const one of office.consoles) {
    await one.close();
    const path = join(one.dataFolder, 'mirror.sqlite');
    if (!existsSync(path)) {
      run.violated(`${one.name} has no local copy`);
      continue;
    }
    const place = placeOf(loadConfig({ OPSDECK_DATABASE_URL: one.proxy.through(office.server.url) }));
    const mirror = openMirror(path, { place, clock: systemClock(), log: silentLog });
    const copy = answerFromMirror(mirror, systemClock());
    const queue = copy.pending({ limit: 500, offset: 0 }, new Set());
    const ids = new Set(queue?.pending.map(({ id }) => id) ?? []);
    if (queue?.count !== open.length || [...ids].some((id) => !open.includes(id)))
      run.violated(
        `${one.name} has ${queue?.count ?? 'no'} open cases in its copy, the database ${open.length}`,
      );
    const today = copy.today(new Set())?.totals.deals;
    if (today !== dealsToday)
      run.violated(`${one.name} has ${today ?? 'no'} deals of today in its copy, the database ${dealsToday}`);
    await mirror.close();
  }
}
