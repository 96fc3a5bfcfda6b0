import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlledPostgres } from './controlled-postgres.ts';
import type { FaultRun } from './fault-case.ts';

export type Death = (server: ControlledPostgres, run: FaultRun) => Promise<void>;

/** Ways in which a server goes away and comes back. Each resolves when the server answers again. */
export const deaths: readonly [string, Death][] = [
  ['fast restart', (server) => server.stop('fast').then(() => server.start())],
  ['immediate stop', (server) => server.stop('immediate').then(() => server.start())],
  ['kill -9 of the postmaster', (server) => server.stop('kill').then(() => server.start())],
  [
    'kill -9 of a session',
    async (server) => {
      await server.killOneBackend();
      await sleep(20);
      await server.untilAnswering();
    },
  ],
  [
    'every session terminated',
    async (server) => {
      await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'office'`);
    },
  ],
  [
    'SIGSTOP',
    async (server, run) => {
      server.freeze();
      await sleep(run.random.int(500, run.random.chance(0.2) ? 20_000 : 4_000));
      server.thaw();
      await server.untilAnswering();
    },
  ],
];
