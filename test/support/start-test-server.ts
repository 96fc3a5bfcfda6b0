import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgresBinaries } from '../../src/main/storage/embedded/postgres-binaries.ts';

/** Debian's PostgreSQL 15, the oldest that a team may use. */
const oldestFolder = '/usr/lib/postgresql/15/bin';

type Run = (program: 'initdb' | 'postgres', args: string[]) => [string, string[]];

/**
 * Starts the servers that tests make their databases on: the embedded version, and 15 where it is installed. Without
 * fsync, since nothing of them is to last. Servers named by the environment are used instead.
 */
export default async function startTestServers(): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const provide = async (variable: string, run: Run) => {
    if (process.env[variable]) return;
    const server = await startServer(run);
    process.env[variable] = server.url;
    stops.push(server.stop);
  };
  await provide('OPSDECK_TEST_SERVER_URL', (program, args) => findPostgresBinaries().command(program, args));
  if (existsSync(join(oldestFolder, 'postgres'))) {
    await provide('OPSDECK_TEST_SERVER_15_URL', (program, args) =>
      asOrdinary(join(oldestFolder, program), args),
    );
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Postgres refuses to be root; in a user namespace it is not, as far as it can tell. */
function asOrdinary(program: string, args: string[]): [string, string[]] {
  return process.getuid?.() === 0
    ? ['unshare', ['-U', '--map-user=1000', '--', program, ...args]]
    : [program, args];
}

async function startServer(run: Run): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-test-server-'));
  const data = join(folder, 'data');
  const initdb = run('initdb', [
    '-D',
    data,
    '--encoding=UTF8',
    '--locale=C',
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
  ]);
  await promisify(execFile)(initdb[0], initdb[1], { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } });
  const port = await freePort();
  const [program, args] = run('postgres', [
    ...['-D', data, '-p', String(port), '-k', ''],
    ...[
      'listen_addresses=127.0.0.1',
      'fsync=off',
      'max_connections=300',
      'timezone=UTC',
      'autovacuum=off',
    ].flatMap((setting) => ['-c', setting]),
  ]);
  const log = openSync(join(folder, 'log'), 'w');
  const server = spawn(program, args, { stdio: ['ignore', log, log] });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilAnswering(url, join(folder, 'log'));
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(url: string, log: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.end();
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`the test server did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
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
