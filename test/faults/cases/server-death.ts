import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/main/clock.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { appendChange, followChanges, type FollowState } from '../../../src/main/system/change-log.ts';
import { startControlledPostgres, type ControlledPostgres } from '../support/controlled-postgres.ts';
import { deaths } from '../support/server-deaths.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { until } from '../support/until.ts';

/** PG-3: the server dies in every way at random instants while four writers and a follower work. */
export const serverDeath: FaultCase = {
  name: 'PG-3',
  promise:
    'The program lives; the first good transaction comes within 2 s of the server’s return and all work goes on within 10 s; what was told as written is there once; a follower gets every change once, in order.',
  run: underLoad,
  mutant: { naive: 'a program whose pool has no error listener', run: naiveProgram },
};

async function underLoad(run: FaultRun): Promise<void> {
  const server = await startControlledPostgres();
  const database = openDatabase({ url: server.url, applicationName: 'faults writer' });
  await database.query('create table written (id uuid)');
  const load = startLoad(run, database);
  let state: FollowState | null = null;
  const seen: number[] = [];
  const follower = followChanges({
    database: { ...database, query: database.vital.query },
    clock: systemClock(),
    after: 0,
    onChanges: (changes) => void seen.push(...changes.map((change) => change.seq)),
    onReset: (seq) => run.violated(`the follower was told to load anew at ${seq}`),
    onState: (now) => (state = now),
  });
  try {
    await until(() => state === 'live', 10_000);
    for (let round = 1; round <= run.rounds; round++) {
      // Every kind once before any comes again.
      const [name, die] = deaths[round - 1] ?? run.random.pick(deaths);
      run.say(`round ${round}: ${name}`);
      await sleep(run.random.int(50, 600));
      await die(server, run);
      run.injected(name);
      const before = load.done();
      const first = await until(() => load.done() > before, 2_000 * run.patience);
      if (first === null) run.violated(`${name}: no good transaction in time`);
      else run.measured('first good transaction', first);
      const all = await until(() => state === 'live' && load.stuckFor() < 1_000, 10_000 * run.patience);
      if (all === null) run.violated(`${name}: not all work went on in time`);
      else run.measured('all work goes on', all);
    }
    await load.stop();
    await compare(run, server, load.told, seen);
  } finally {
    await load.stop();
    await follower.close();
    await database.close();
    await server.close();
  }
}

/** Four writers that write a row and a change entry each time, and note what they were told. */
function startLoad(run: FaultRun, database: ReturnType<typeof openDatabase>) {
  const told: { id: string; done: boolean }[] = [];
  const lastEnd = [0, 0, 0, 0].map(() => performance.now());
  let stopping = false;
  let done = 0;
  const write = async (writer: number) => {
    while (!stopping) {
      const id = randomUUID();
      const ok = await database
        .transaction(async (tx) => {
          await tx.query('insert into written values ($1)', [id]);
          await appendChange(tx, 'agents', {});
        })
        .then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof OpsdeckError && error.code === 'DATABASE_AWAY'))
              run.violated(`a writer was told ${String(error)}`);
            return false;
          },
        );
      told.push({ id, done: ok });
      if (ok) done += 1;
      lastEnd[writer] = performance.now();
      await sleep(ok ? 5 : 50);
    }
  };
  const writing = Promise.all(lastEnd.map((_, writer) => write(writer)));
  return {
    told,
    done: () => done,
    stuckFor: () => Math.max(...lastEnd.map((at) => performance.now() - at)),
    stop: async () => {
      stopping = true;
      await writing;
    },
  };
}

async function compare(
  run: FaultRun,
  server: ControlledPostgres,
  told: { id: string; done: boolean }[],
  seen: number[],
) {
  const look = openDatabase({ url: server.url, applicationName: 'faults look' });
  const rows = await look.query<{ id: string }>('select id from written');
  const head = (await look.query<{ seq: number }>('select seq from change_counter')).rows[0]!.seq;
  await look.close();
  const there = new Set(rows.rows.map((row) => row.id));
  if (there.size !== rows.rows.length) run.violated('a row is there twice');
  const lost = told.filter(({ id, done }) => done && !there.has(id)).length;
  if (lost > 0) run.violated(`${lost} writes that were told as done are lost`);
  run.measured('writes told as done', told.filter(({ done }) => done).length);
  await until(() => seen.at(-1) === head, 5_000);
  const wrong = seen.findIndex((seq, index) => seq !== index + 1);
  if (wrong >= 0 || seen.length !== head)
    run.violated(`the follower saw ${seen.length} of ${head} changes, wrong from ${wrong}`);
}

/** What ends a program by itself: an idle connection that the server ends, and nobody listens. */
async function naiveProgram(run: FaultRun): Promise<void> {
  const server = await startControlledPostgres();
  const script = `const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: process.argv[1] });
    await pool.query('select 1');
    setTimeout(() => process.exit(0), 10_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, server.url], {
    cwd: import.meta.dirname,
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const sessions = () =>
    server.admin<{ count: number }>(
      `select count(pg_terminate_backend(pid))::int as count from pg_stat_activity where datname = 'office' and state = 'idle'`,
    );
  await until(async () => ((await sessions())[0]?.count ?? 0) > 0, 10_000);
  run.injected('every session terminated');
  const code = await ended;
  if (code !== 0) run.violated(`the program ended with ${code}`);
  await server.close();
}
