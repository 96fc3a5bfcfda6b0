import { OpsdeckError } from '../../../src/main/errors.ts';
import { openDatabase, type Database, type Transaction } from '../../../src/main/storage/postgres.ts';
import { startControlledPostgres, type ControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';

/** How often the whole transaction runs, and what the caller hears: a code of ours, or the server's own for data. */
interface Expected {
  name: string;
  tries: number;
  hears: string;
  work(tx: Transaction, database: Database): Promise<unknown>;
}

const raise = (code: string) => (tx: Transaction) =>
  tx.query(`do $$ begin raise exception 'as asked' using errcode = '${code}'; end $$`);

const classes: readonly Expected[] = [
  { name: '40001 serialization', tries: 5, hears: '40001', work: raise('40001') },
  { name: '40P01 deadlock', tries: 5, hears: '40P01', work: raise('40P01') },
  {
    name: '55P03 lock not available',
    tries: 5,
    hears: '55P03',
    work: async (tx, database) => {
      await tx.query(`set local lock_timeout = '50ms'`);
      // As a value: the other transaction must not take it for a clash of its own.
      const failure = await database.transaction(async (other) => {
        await other.query('lock table probe');
        return tx.query('lock table probe').then(
          () => null,
          (error: unknown) => error,
        );
      });
      if (failure instanceof Error) throw failure;
    },
  },
  { name: '23505 unique', tries: 5, hears: '23505', work: (tx) => tx.query('insert into probe values (1)') },
  {
    name: '57014 statement time-out',
    tries: 1,
    hears: 'DATABASE_AWAY',
    work: async (tx) => {
      await tx.query(`set local statement_timeout = '50ms'`);
      await tx.query('select pg_sleep(2)');
    },
  },
  {
    name: '57P01 terminated',
    tries: 1,
    hears: 'DATABASE_AWAY',
    work: (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'),
  },
  {
    name: '25P03 idle too long',
    tries: 1,
    hears: 'DATABASE_AWAY',
    work: async (tx) => {
      await tx.query(`set local idle_in_transaction_session_timeout = '50ms'`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await tx.query('select 1');
    },
  },
  {
    name: '25006 read only',
    tries: 1,
    hears: 'DATABASE_AWAY',
    work: async (tx) => {
      await tx.query('set transaction read only');
      await tx.query('insert into probe values (9)');
    },
  },
  { name: '53100 disk full', tries: 1, hears: 'DATABASE_AWAY', work: raise('53100') },
  { name: '53200 out of memory', tries: 1, hears: 'DATABASE_AWAY', work: raise('53200') },
  { name: '58030 the server’s disk fails', tries: 1, hears: 'DATABASE_AWAY', work: raise('58030') },
  {
    name: '22021 bytes that are no text',
    tries: 1,
    hears: '22021',
    work: (tx) => tx.query(`select $1::text`, ['\0']),
  },
  { name: '22012 division by zero', tries: 1, hears: '22012', work: (tx) => tx.query('select 1 / 0') },
  {
    name: '42501 no right',
    tries: 1,
    hears: 'DATABASE_REFUSED',
    work: (tx) => tx.query('select * from pg_authid'),
  },
];

/** PG-6: errors really raised by a server, each in a transaction of ours. */
export const errorClasses: FaultCase = {
  name: 'PG-6',
  promise:
    'Clashes are repeated whole, at most five times; what the server cannot do now is told as away, what it forbids as refused, what is wrong with the data as it is; the next caller is served.',
  run: (run) => raiseAll(run, (database, work) => database.transaction(work)),
  mutant: {
    naive: 'one that takes every error of the server for a database that is away, and repeats nothing',
    run: (run) =>
      raiseAll(run, async (database, work) => {
        try {
          return await database.transaction((tx) =>
            work(tx).catch((error: unknown) => {
              throw new Error('away', { cause: error });
            }),
          );
        } catch (error) {
          throw new OpsdeckError('DATABASE_AWAY', 'away', { cause: error });
        }
      }),
  },
};

type Run = (database: Database, work: (tx: Transaction) => Promise<unknown>) => Promise<unknown>;

async function raiseAll(run: FaultRun, transaction: Run): Promise<void> {
  const server = await startControlledPostgres();
  const database = openDatabase({ url: server.url, applicationName: 'faults errors' });
  try {
    await database.query('create table probe (id int primary key)');
    await database.query('insert into probe values (1)');
    for (let round = 0; round < run.rounds; round++) {
      for (const expected of classes) await raiseOne(run, database, transaction, expected);
      await tooManyConnections(run, server);
    }
  } finally {
    await database.close();
    await server.close();
  }
}

async function raiseOne(
  run: FaultRun,
  database: Database,
  transaction: Run,
  expected: Expected,
): Promise<void> {
  let tries = 0;
  const heard = await transaction(database, (tx) => {
    tries += 1;
    return expected.work(tx, database);
  }).then(
    () => 'nothing',
    (error: unknown) => String((error as { code?: unknown }).code),
  );
  run.injected(expected.name);
  if (heard !== expected.hears) run.violated(`${expected.name}: the caller hears ${heard}`);
  if (tries !== expected.tries) run.violated(`${expected.name}: ${tries} tries`);
  const next = await database.query<{ ok: number }>('select 1 as ok').catch(() => null);
  if (next?.rows[0]?.ok !== 1) run.violated(`${expected.name}: the next caller is not served`);
}

/** 53300: the role may have no more sessions; told as away, and over when there is room again. */
async function tooManyConnections(run: FaultRun, server: ControlledPostgres): Promise<void> {
  await server.admin(`alter role office connection limit 0`);
  const database = openDatabase({ url: server.url, applicationName: 'faults late' });
  const heard = await database.query('select 1').then(
    () => 'nothing',
    (error: unknown) => String((error as { code?: unknown }).code),
  );
  run.injected('53300 too many connections');
  if (heard !== 'DATABASE_AWAY') run.violated(`53300: the caller hears ${heard}`);
  await server.admin(`alter role office connection limit -1`);
  await database
    .query('select 1')
    .catch((error: unknown) => run.violated(`53300: afterwards ${String(error)}`));
  await database.close();
}
