import { setTimeout as sleep } from 'node:timers/promises';
import { openConsoleOffice, type ConsoleKind, type ConsoleProcess } from '../support/console-office.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { compareDeals, sell } from '../support/selling-vendor.ts';
import { until } from '../support/until.ts';
import { compareMirrors, judgeDecisions, settle } from './consoles-deciding.ts';

const kinds = [
  'killed at work',
  'killed at work',
  'killed while cut off',
  'killed while it replays',
] as const;
type Kind = (typeof kinds)[number];

/** KILLS: two consoles that read the vendor and whose persons decide are killed again and again, at any instant. */
export const killedConsole: FaultCase = {
  name: 'KILLS',
  promise:
    'kill -9 at random instants of passes, decisions and replays loses nothing, doubles nothing and leaves nothing half done: deals are as the vendor has them, each case is decided once, what was shown as made or kept is accounted for, and each local copy is what the database says.',
  run: (run) => killAgainAndAgain(run, 'busy', kinds),
  mutant: {
    naive: 'consoles that keep decisions in memory',
    run: (run) => killAgainAndAgain({ ...run, rounds: 2 }, 'forgetful', ['killed while cut off']),
  },
};

async function killAgainAndAgain(run: FaultRun, kind: ConsoleKind, from: readonly Kind[]): Promise<void> {
  const office = await openConsoleOffice(2, 4_000, kind, true);
  const selling = new AbortController();
  const sold = sell(office.vendor!, selling.signal);
  try {
    await until(() => office.consoles.every(({ told }) => told.length > 0), 60_000);
    for (let round = 1; round <= run.rounds; round++) {
      const strike = run.random.pick(from);
      run.say(`round ${round}: ${strike}`);
      run.injected(strike);
      await kill(run, run.random.pick(office.consoles), strike);
    }
    selling.abort();
    await settle(run, office);
    await compareDeals(run, office.server, await sold);
    await judgeDecisions(run, office);
    if (kind === 'busy') {
      const passes = await office.server.onOffice<{ state: string; count: number }>(
        'select state, count(*)::int as count from sync_runs group by 1',
      );
      for (const { state, count } of passes) run.measured(`passes ${state}`, count);
      await compareMirrors(run, office);
    }
  } finally {
    selling.abort();
    await sold;
    await office.close();
  }
}

async function kill(run: FaultRun, one: ConsoleProcess, strike: Kind): Promise<void> {
  await sleep(run.random.int(0, 5_000));
  if (strike !== 'killed at work') {
    // Only what is in its copy can be decided; it may have just begun.
    const made = one.told.length;
    await until(() => one.told.length > made + 2, 15_000);
    one.proxy.refuse();
    const before = one.told.filter(({ queued }) => queued).length;
    await until(() => one.told.filter(({ queued }) => queued).length > before + 2, 15_000);
    if (strike === 'killed while it replays') {
      one.proxy.heal();
      // Its look for the database comes within some seconds of its return.
      await sleep(run.random.int(0, 4_000));
    }
  }
  await one.kill();
  one.restart();
  await sleep(run.random.int(0, 1_500));
  one.proxy.heal();
}
