import pg from 'pg';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { startControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { ending, until } from '../support/until.ts';

const callers = 200;

/** PG-5: far more callers than connections, some of whom fail half way. */
export const usedUpPool: FaultCase = {
  name: 'PG-5',
  promise:
    'Nobody waits longer than 5 s for a connection, those who give up hear why, vital questions are answered meanwhile, and no session is left over.',
  run: (run) => crowd(run, 'ours'),
  mutant: { naive: 'pg’s own pool with its own settings', run: (run) => crowd(run, 'naive') },
};

async function crowd(run: FaultRun, kind: 'ours' | 'naive'): Promise<void> {
  const server = await startControlledPostgres();
  const database = openDatabase({ url: server.url, applicationName: 'faults pool' });
  const naive = new pg.Pool({ connectionString: server.url, max: 5, application_name: 'faults pool' });
  try {
    for (let round = 0; round < run.rounds; round++) {
      const slow = `select pg_sleep(${run.random.int(25, 40) / 100})`;
      const work = (n: number): Promise<unknown> => {
        if (kind === 'naive') return naive.query(slow);
        if (n % 3 === 0) return database.query(slow);
        return database.transaction(async (tx) => {
          await tx.query(slow);
          if (n % 7 === 0) throw new Error('the work itself failed');
        });
      };
      run.injected(`${callers} callers at once`);
      const all = Promise.all(Array.from({ length: callers }, (_, n) => ending(work(n), 30_000)));
      const vital = await Promise.all(
        Array.from({ length: 5 }, () =>
          ending(kind === 'ours' ? database.vital.query('select 1') : naive.query('select 1'), 20_000),
        ),
      );
      for (const { how, ms } of vital) {
        if (how !== 'done' || ms > 2_000 * run.patience)
          run.violated(`a vital question ${how} after ${Math.round(ms)} ms`);
      }
      const ends = await all;
      const refused = ends.filter(({ code }) => code === 'DATABASE_AWAY');
      for (const { ms } of refused)
        if (ms > 6_000 * run.patience) run.violated(`somebody waited ${Math.round(ms)} ms to be refused`);
      for (const { how, ms } of ends)
        if (how !== 'failed' && ms > 8_000 * run.patience) run.violated(`a call took ${Math.round(ms)} ms`);
      run.measured('served', ends.filter(({ how }) => how === 'done').length);
      run.measured('gave up, told why', refused.length);
      const left = await until(async () => (await sessions(server)) <= 7, 5_000);
      if (left === null) run.violated(`${await sessions(server)} sessions are left`);
    }
  } finally {
    await database.close();
    await naive.end();
    await server.close();
  }
}

async function sessions(server: {
  admin<R extends pg.QueryResultRow>(sql: string): Promise<R[]>;
}): Promise<number> {
  const [found] = await server.admin<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where application_name = 'faults pool'`,
  );
  return found!.count;
}
