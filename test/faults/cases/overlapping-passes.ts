import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/main/clock.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { openDatabase, type Database, type Transaction } from '../../../src/main/storage/postgres.ts';
import { appendChange } from '../../../src/main/system/change-log.ts';
import { askForLease } from '../../../src/main/system/leader-store.ts';
import { withPermit } from '../../../src/main/system/permits.ts';
import { startControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';

/** A round: the passes of one term, and the election of the next in their middle. */
const roundMs = 900;
const triggerMs = 50;

/** SY-4: passes are triggered while slow ones run, from three processes, and the leader changes in the middle. */
export const overlappingPasses: FaultCase = {
  name: 'SY-4',
  promise:
    'However often and wherever passes over a source are triggered, one runs at a time, every trigger ends, and what began under an earlier leader does not write under a later one.',
  run: (run) => trigger(run, permitted),
  mutant: { naive: 'passes that look whether one runs, and then begin', run: (run) => trigger(run, looked) },
};

interface Office {
  databases: Database[];
  /** Passes at work now, told by themselves. */
  inside: number;
  most: number;
  ended: number;
}

type Pass = (office: Office, at: Database, processId: string, term: number) => Promise<void>;

async function trigger(run: FaultRun, pass: Pass): Promise<void> {
  const server = await startControlledPostgres();
  const databases = [0, 1, 2].map((n) =>
    openDatabase({ url: server.url, applicationName: `faults pass ${n}`, maxConnections: 15 }),
  );
  const office: Office = { databases, inside: 0, most: 0, ended: 0 };
  const processes = databases.map((at) => ({ at, id: randomUUID() }));
  try {
    await databases[0]!.query(
      'create table effects (seq bigint primary key, term bigint not null, run uuid not null); create table marks (busy boolean); insert into marks values (false)',
    );
    const begun: Promise<void>[] = [];
    for (let round = 1; round <= run.rounds; round++)
      begun.push(...(await oneTerm(run, office, processes, pass)));
    await Promise.all(begun);
    if (office.most > 1) run.violated(`${office.most} passes over one source ran at once`);
    run.measured('passes triggered', begun.length);
    run.measured('passes that wrote', await judge(run, databases[0]!));
  } finally {
    await Promise.all(databases.map((at) => at.close()));
    await server.close();
  }
}

/** Elects one of three, which triggers every 50 ms; another is elected while its last passes still run. */
async function oneTerm(
  run: FaultRun,
  office: Office,
  processes: readonly { at: Database; id: string }[],
  pass: Pass,
): Promise<Promise<void>[]> {
  const leader = run.random.pick(processes);
  await leader.at.query('update leader_lease set expires_at = clock_timestamp()');
  const won = await askForLease(leader.at, { processId: leader.id, ttlMs: 60_000 });
  if (won.kind !== 'won') throw new Error('the lease was not given');
  run.injected('leader changed in the middle of a pass');
  const begun: Promise<void>[] = [];
  for (const end = Date.now() + roundMs; Date.now() < end; await sleep(triggerMs)) {
    // By the schedule, and often enough by a person at another console at the same instant.
    for (const { at, id } of run.random.chance(0.3) ? [leader, run.random.pick(processes)] : [leader]) {
      run.injected('pass triggered');
      begun.push(pass(office, at, id, won.term).catch((error: unknown) => noteEnd(run, error)));
    }
  }
  return begun;
}

function noteEnd(run: FaultRun, error: unknown): void {
  const isExpected = error instanceof OpsdeckError && ['SYNC_BUSY', 'PERMIT_LOST'].includes(error.code);
  if (!isExpected) run.violated(`a pass ended with ${String(error)}`);
}

async function atWork(office: Office, write: () => Promise<unknown>): Promise<void> {
  office.inside += 1;
  office.most = Math.max(office.most, office.inside);
  try {
    await sleep(60 + Math.random() * 200);
    await write();
  } finally {
    office.inside -= 1;
  }
}

const effect = async (tx: Transaction, term: number) => {
  const seq = await appendChange(tx, 'agents', {});
  await tx.query('insert into effects values ($1, $2, gen_random_uuid())', [seq, term]);
};

const permitted: Pass = (office, at, processId, term) =>
  withPermit(
    { database: at, clock: systemClock(), processId, holder: processId },
    'deals',
    { waitMs: 300, term },
    (permit) => atWork(office, () => permit.transaction((tx) => effect(tx, term))),
  );

/** Asks whether one runs; another may ask at the same instant. */
const looked: Pass = async (office, at, _processId, term) => {
  const busy = await at.query<{ busy: boolean }>('select busy from marks');
  if (busy.rows[0]!.busy) return;
  await at.query('update marks set busy = true');
  await atWork(office, () => at.transaction((tx) => effect(tx, term)));
  await at.query('update marks set busy = false');
};

/** In commit order terms only rise; answers how many effects there are. */
async function judge(run: FaultRun, at: Database): Promise<number> {
  const { rows } = await at.query<{ term: number }>('select term::int as term from effects order by seq');
  rows.reduce((highest, { term }) => {
    if (term < highest) run.violated(`an effect of term ${term} was committed after one of term ${highest}`);
    return Math.max(highest, term);
  }, 0);
  return rows.length;
}
