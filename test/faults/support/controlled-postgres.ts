import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate } from '../../../src/main/storage/migrate.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { findPostgresBinaries } from '../../../src/main/storage/embedded/postgres-binaries.ts';
import { migrationsFolder } from '../../support/postgres.ts';

/** A server of our own that may be stopped, frozen and killed. */
export interface ControlledPostgres {
  readonly port: number;
  /** Migrated, as an ordinary user who owns it. */
  readonly url: string;
  /** The same server as its superuser, for looking on. */
  readonly adminUrl: string;
  /** One statement as the superuser. */
  admin<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** One statement in the office's database, past any proxy. */
  onOffice<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** `fast` rolls back and ends sessions, `immediate` is a crash of everything, `kill` of the postmaster alone. */
  stop(how: 'fast' | 'immediate' | 'kill'): Promise<void>;
  /** Starts it again on the same port; resolves when it answers. */
  start(): Promise<void>;
  /** Stops every process of the server in its tracks (SIGSTOP), and lets them go on. */
  freeze(): void;
  thaw(): void;
  /** kill -9 of one session's process: the server restarts all of them and recovers. */
  killOneBackend(): Promise<void>;
  /** Resolves when it answers again. */
  untilAnswering(): Promise<void>;
  close(): Promise<void>;
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;

let template: Promise<string> | undefined;

/** A cluster with the office's database, migrated and stopped: made once for a program, then copied. */
function makeTemplate(): Promise<string> {
  return (template ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsdeck-faults-template-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const [program, args] = findPostgresBinaries().command('initdb', [
      ...[
        '-D',
        join(folder, 'data'),
        '--encoding=UTF8',
        '--locale=C',
        '-U',
        'postgres',
        '--auth=trust',
        '--no-sync',
      ],
    ]);
    await promisify(execFile)(program, args, { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } });
    const server = await startOn(folder, []);
    await server.admin('create role office login');
    await server.admin('create database office owner office');
    const first = openDatabase({ url: server.url, applicationName: 'set-up' });
    await migrate(first, migrationsFolder);
    await first.close();
    await server.stop('fast');
    return folder;
  })());
}

/** Starts a cluster of its own in a temporary folder; without fsync, since only processes are killed here. */
export async function startControlledPostgres(settings: readonly string[] = []): Promise<ControlledPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-faults-'));
  await promisify(execFile)('cp', ['-r', join(await makeTemplate(), 'data'), folder]);
  return startOn(folder, settings);
}

async function startOn(folder: string, settings: readonly string[]): Promise<ControlledPostgres> {
  const data = join(folder, 'data');
  const binaries = findPostgresBinaries();
  const port = await freePort();
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const url = `postgres://office@127.0.0.1:${port}/office`;
  let server: ChildProcess | null = null;
  let frozen: number[] = [];

  const running = () => server !== null && server.exitCode === null && server.signalCode === null;

  async function ask<Row extends pg.QueryResultRow>(
    address: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const client = new pg.Client({
      connectionString: address,
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
    });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }
  const admin: ControlledPostgres['admin'] = (sql, values) => ask(adminUrl, sql, values);

  async function untilAnswering() {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(10)) {
      if (
        await admin('select 1').then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error(
      `the server did not come back:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-3_000)}`,
    );
  }

  async function start() {
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      const log = openSync(join(folder, 'log'), 'a');
      const given = [
        ...[
          'listen_addresses=127.0.0.1',
          'fsync=off',
          'max_connections=120',
          'timezone=UTC',
          'shared_buffers=32MB',
        ],
        ...settings,
      ];
      const [program, args] = binaries.command('postgres', [
        ...['-D', data, '-p', String(port), '-k', '', ...given.flatMap((setting) => ['-c', setting])],
      ]);
      const child = (server = spawn(program, args, { stdio: ['ignore', log, log] }));
      closeSync(log);
      const endWithUs = () => child.kill('SIGQUIT');
      process.once('exit', endWithUs);
      child.once('exit', () => process.off('exit', endWithUs));
      // Right after a kill the old sessions may still hold its memory: it refuses, and is tried again.
      const ended = new Promise<false>((resolve) => child.once('exit', () => resolve(false)));
      if (await Promise.race([untilAnswering().then(() => true), ended])) return;
      if (Date.now() > end) throw new Error(readFileSync(join(folder, 'log'), 'utf8').slice(-3_000));
    }
  }

  async function stop(how: 'fast' | 'immediate' | 'kill') {
    if (!running()) return;
    const child = server!;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signals[how]);
    await ended;
  }

  await start();
  return {
    port,
    url,
    adminUrl,
    admin,
    onOffice: (sql, values) => ask(url, sql, values),
    start,
    stop,
    untilAnswering,
    freeze() {
      const postmaster = server!.pid!;
      frozen = [postmaster, ...childrenOf(postmaster)];
      for (const pid of frozen) signal(pid, 'SIGSTOP');
    },
    thaw() {
      for (const pid of frozen.reverse()) signal(pid, 'SIGCONT');
      frozen = [];
    },
    async killOneBackend() {
      const [victim] = await admin<{ pid: number }>(
        `select pid from pg_stat_activity where datname = 'office' order by random() limit 1`,
      );
      // The number that Postgres sees is the system's own: its namespace is one of users, not of processes.
      if (victim) signal(victim.pid, 'SIGKILL');
    },
    async close() {
      for (const pid of frozen) signal(pid, 'SIGCONT');
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself meanwhile.
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
