import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPostmasterFile } from '../../src/main/storage/embedded/postmaster.ts';
import { isPidAlive } from '../../src/main/storage/embedded/process-identity.ts';
import { livingUsers } from '../../src/main/storage/embedded/server-users.ts';
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/main/storage/embedded-postgres.ts';

// Real servers: about 1.5 s a test, several times that on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const OWNER = fileURLToPath(new URL('./embedded-postgres-owner.ts', import.meta.url));

let dataFolder: string;
let cluster: string;
let lines: string[];
let owners: ChildProcess[];

beforeEach(() => {
  // 0700, as mkdtemp makes it: the clone or home folder of a careful user.
  dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'opsdeck-postgres-')));
  cluster = join(dataFolder, 'postgres');
  lines = [];
  owners = [];
});

afterEach(async () => {
  for (const owner of owners) if (owner.exitCode === null) owner.kill('SIGKILL');
  const left = readPostmasterFile(cluster);
  if (left !== undefined && isPidAlive(left.pid) && left.pid !== process.pid) {
    process.kill(left.pid, 'SIGQUIT');
    await expect.poll(() => isPidAlive(left.pid), { timeout: 10_000 }).toBe(false);
  }
  rmSync(dataFolder, { recursive: true, force: true });
});

function start(signal?: AbortSignal): Promise<EmbeddedPostgres> {
  const log = (line: string): void => void lines.push(line);
  return startEmbeddedPostgres({ dataFolder, log, ownerKind: 'cli', ...(signal ? { signal } : {}) });
}

async function ask(server: { urlFor(database: string): string }, sql: string): Promise<unknown[]> {
  return askUrl(server.urlFor('postgres'), sql);
}

async function askUrl(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

function spawnOwner(): ChildProcess {
  const owner = spawn(process.execPath, [OWNER, dataFolder], { stdio: ['pipe', 'pipe', 'inherit'] });
  owners.push(owner);
  return owner;
}

async function firstLine(owner: ChildProcess): Promise<{ url: string; adopted: boolean }> {
  if (owner.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  return JSON.parse(line) as { url: string; adopted: boolean };
}

function serverPid(): number {
  const file = readPostmasterFile(cluster);
  if (file === undefined) throw new Error('no server');
  return file.pid;
}

/** Servers of the cluster under test among all processes of the machine, by what they were started with. */
async function countServers(): Promise<number> {
  const ps = spawn('ps', ['-eo', 'args=']);
  const text = (await ps.stdout.setEncoding('utf8').toArray()).join('');
  return text.split('\n').filter((line) => line.includes(`-D ${cluster}`)).length;
}

describe('starting', () => {
  test('makes a UTF-8 cluster that only this machine and only the password can reach', async () => {
    const server = await start();
    expect(server.adopted).toBe(false);
    const settings = await ask(
      server,
      `SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories'),
              current_setting('password_encryption'), pg_encoding_to_char(encoding), datcollate
       FROM pg_database WHERE datname = 'postgres'`,
    );
    expect(settings).toEqual(['127.0.0.1', '', 'scram-sha-256', 'UTF8', 'C.UTF-8']);
    const passwordFile = join(dataFolder, 'postgres-server', 'password');
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect(lines.join()).not.toContain(readFileSync(passwordFile, 'utf8'));

    const wrong = server.urlFor('postgres').replace(/:[0-9a-f]{20,}@/, ':wrong@');
    await expect(askUrl(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  test('creates a database once, also when asked twice at the same instant', async () => {
    const server = await start();
    await Promise.all([server.ensureDatabase('Opsdeck "one"'), server.ensureDatabase('Opsdeck "one"')]);
    await server.ensureDatabase('Opsdeck "one"');
    expect(await askUrl(server.urlFor('Opsdeck "one"'), 'SELECT current_database()')).toEqual([
      'Opsdeck "one"',
    ]);
    await server.stop();
  });

  test('keeps the data and the port, and is quick the second time', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const url = first.urlFor('postgres');
    await first.stop();

    const before = performance.now();
    const second = await start();
    // About 0.1 s on a free machine; the limit only tells it from making a cluster anew under full load.
    expect(performance.now() - before).toBeLessThan(3000);
    expect(second.urlFor('postgres')).toBe(url);
    expect(await ask(second, 'SELECT answer FROM kept')).toEqual([42]);
    await second.stop();
  });

  test('takes another port when the last one is in use', async () => {
    const first = await start();
    const port = Number(new URL(first.urlFor('postgres')).port);
    await first.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(new URL(second.urlFor('postgres')).port).not.toBe(String(port));
    await second.stop();
    squatter.close();
  });

  test('an aborted start leaves no server', async () => {
    await (await start()).stop();
    // A standby that nobody may read from and nobody feeds: it runs and never gets ready.
    writeFileSync(join(cluster, 'standby.signal'), '');
    appendFileSync(join(cluster, 'postgresql.auto.conf'), "hot_standby = 'off'\n");
    const giveUp = new AbortController();
    const starting = start(giveUp.signal);
    await expect.poll(() => countServers(), { timeout: 30_000 }).toBe(1);
    giveUp.abort();
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    expect(await countServers()).toBe(0);
  });
});

describe('sharing', () => {
  test('two processes that start at the same instant get one server, and the last one stops it', async () => {
    const [one, two] = [spawnOwner(), spawnOwner()];
    const [first, second] = await Promise.all([firstLine(one), firstLine(two)]);
    expect(first.url).toBe(second.url);
    expect([first.adopted, second.adopted].toSorted()).toEqual([false, true]);
    expect(await countServers()).toBe(1);

    const pid = serverPid();
    one.stdin?.end();
    await once(one, 'exit');
    expect(await askUrl(second.url, 'SELECT 1')).toEqual([1]);
    two.stdin?.end();
    await once(two, 'exit');
    expect(isPidAlive(pid)).toBe(false);
    expect(await countServers()).toBe(0);
  });

  test('adopts the server of a process that was killed, with its data, and stops it at the end', async () => {
    const owner = spawnOwner();
    const { url } = await firstLine(owner);
    await askUrl(url, 'CREATE TABLE kept AS SELECT 7 AS answer');
    const pid = serverPid();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(isPidAlive(pid)).toBe(true);

    const server = await start();
    expect(server.adopted).toBe(true);
    expect(serverPid()).toBe(pid);
    expect(await ask(server, 'SELECT answer FROM kept')).toEqual([7]);
    expect(livingUsers(join(dataFolder, 'postgres-server', 'users')).map((user) => user.pid)).toEqual([
      process.pid,
    ]);
    await server.stop();
    expect(isPidAlive(pid)).toBe(false);
  });

  test('a starter killed while it makes the cluster does not stop the next one', async () => {
    const owner = spawnOwner();
    await expect.poll(() => isLocked(), { timeout: 30_000, interval: 5 }).toBe(true);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const server = await start();
    expect(await ask(server, 'SELECT 1')).toEqual([1]);
    await server.stop();
    expect(await countServers()).toBe(0);
  });
});

describe('after a crash', () => {
  test('recovers when the server was killed, although its back ends take a moment to notice', async () => {
    const server = await start();
    await ask(server, 'CREATE TABLE kept AS SELECT 9 AS answer');
    process.kill(serverPid(), 'SIGKILL');
    const next = await start();
    expect(next.adopted).toBe(false);
    expect(await ask(next, 'SELECT answer FROM kept')).toEqual([9]);
    await server.stop();
    await next.stop();
    expect(await countServers()).toBe(0);
  });

  test('is not fooled by a pid file that names another living program', async () => {
    const first = await start();
    const pidFile = join(cluster, 'postmaster.pid');
    const content = readFileSync(pidFile, 'utf8');
    await first.stop();
    writeFileSync(pidFile, content.replace(/^\d+/, String(process.pid)));
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(lines.join('\n')).toContain(`names process ${process.pid}, which is another program`);
    await server.stop();
  });

  test('starts over a pid file whose process is gone', async () => {
    const first = await start();
    const pidFile = join(cluster, 'postmaster.pid');
    const content = readFileSync(pidFile, 'utf8');
    await first.stop();
    const isGone = () => expect(() => process.kill(Number(content.split('\n')[0]), 0)).toThrow(/ESRCH/);
    await vi.waitFor(isGone, { timeout: 10_000, interval: 20 });
    writeFileSync(pidFile, content);
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });
});

describe('refusing', () => {
  test('says in a sentence why the server did not start', async () => {
    await (await start()).stop();
    writeFileSync(join(cluster, 'PG_VERSION'), '12\n');
    const error: unknown = await start().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error).toMatchObject({ code: 'start-failed' });
    expect(String(error)).toMatch(/did not start: .*incompatible with server\./);
  });

  test('says which file is missing when the password is gone', async () => {
    await (await start()).stop();
    rmSync(join(dataFolder, 'postgres-server', 'password'));
    await expect(start()).rejects.toMatchObject({ code: 'password-missing' });
  });

  test('tells a wrong password from a silent server, and leaves no server', async () => {
    await (await start()).stop();
    writeFileSync(join(dataFolder, 'postgres-server', 'password'), 'wrong');
    await expect(start()).rejects.toMatchObject({ code: 'password-refused' });
    expect(await countServers()).toBe(0);
  });

  test('does not touch a folder of the same name that holds something else', async () => {
    mkdirSync(cluster);
    writeFileSync(join(cluster, 'letter.txt'), 'dear');
    await expect(start()).rejects.toMatchObject({ code: 'cluster-not-created' });
    expect(readFileSync(join(cluster, 'letter.txt'), 'utf8')).toBe('dear');
  });
});

function isLocked(): boolean {
  try {
    return readFileSync(join(dataFolder, 'postgres-server', 'lock', 'lock-1'), 'utf8').includes('startedAt');
  } catch {
    return false;
  }
}
