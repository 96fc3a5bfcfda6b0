import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment, firstReason, rootNotPossible, type ServerFolders } from './cluster.ts';
import { EmbeddedPostgresError, throwIfAborted } from './postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { askServer, readPostmasterFile } from './postmaster.ts';

/** A server that answered and keeps this cluster's files. */
export interface RunningServer {
  pid: number;
  port: number;
}

/** Long enough for crash recovery of a large cluster; PostgreSQL itself gives up earlier on anything hopeless. */
const START_LIMIT_MILLISECONDS = 120_000;
/** Back ends of a killed server need up to 0.7 s to notice; until then its memory is "still in use". */
const RETRY_LIMIT_MILLISECONDS = 10_000;
const ABANDON_LIMIT_MILLISECONDS = 8000;
const LARGEST_LOG_BYTES = 5_000_000;

/** For a desktop with few users: little memory, no replication, no helper processes that idle. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  max_connections: '60',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  max_wal_size: '512MB',
  max_worker_processes: '4',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  lc_messages: 'C',
};

/** Starts the server on the prepared cluster and waits until it answers. Throws a typed error with the log's reason. */
export async function launchServer(
  binaries: PostgresBinaries,
  folders: ServerFolders,
  password: string,
  signal: AbortSignal | undefined,
): Promise<RunningServer> {
  rotateLog(folders.logFile);
  const giveUp = performance.now() + RETRY_LIMIT_MILLISECONDS;
  for (let attempt = 0; ; attempt += 1) {
    throwIfAborted(signal);
    // The port of last time is tried first, so that clients of a server that crashed find it again by themselves.
    const port = attempt === 0 ? await freePort(lastPort(folders)) : await freePort(undefined);
    const result = await launchOnce(binaries, folders, password, port, signal);
    if ('pid' in result) {
      writeFileSync(folders.portFile, String(port));
      return result;
    }
    if (!isPassing(result.said) || performance.now() > giveUp) throw startFailure(folders, result.said);
    await sleep(150);
  }
}

async function launchOnce(
  binaries: PostgresBinaries,
  folders: ServerFolders,
  password: string,
  port: number,
  signal: AbortSignal | undefined,
): Promise<RunningServer | { said: string }> {
  const logStart = existsSync(folders.logFile) ? statSync(folders.logFile).size : 0;
  const child = spawnServer(binaries, folders, port);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not run ${child.spawnfile}: ${error.message}`));
    child.once('exit', () => resolve(readLogFrom(folders.logFile, logStart)));
  });
  const waiting = new AbortController();
  try {
    return await Promise.race([
      ended.then((said) => ({ said })),
      waitUntilReady(folders, password, port, AbortSignal.any([waiting.signal, ...(signal ? [signal] : [])])),
    ]);
  } catch (error) {
    // Nothing may be left behind, and the lock is held until it is really gone.
    child.kill('SIGQUIT');
    await Promise.race([ended, sleep(ABANDON_LIMIT_MILLISECONDS)]);
    throwIfAborted(signal);
    throw error;
  } finally {
    waiting.abort();
    // From here on nobody listens: the server may end days later, when even its log may be gone.
    child.removeAllListeners('exit');
    child.unref();
  }
}

function spawnServer(binaries: PostgresBinaries, folders: ServerFolders, port: number): ChildProcess {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', folders.cluster, '-p', String(port), '-k', '', ...settings];
  const [program, programArgs] = binaries.command('postgres', args);
  const log = openSync(folders.logFile, 'a', 0o600);
  try {
    return spawn(program, programArgs, {
      // A group of its own: Ctrl-C in a terminal must reach the console, which stops the server in order.
      detached: true,
      stdio: ['ignore', log, log],
      env: cleanEnvironment(),
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(
  folders: ServerFolders,
  password: string,
  port: number,
  signal: AbortSignal,
): Promise<RunningServer> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS;
  for (;;) {
    await sleep(20, undefined, { signal });
    const file = readPostmasterFile(folders.cluster);
    if (file?.status === 'ready' && file.port === port) {
      const answer = await askServer(port, password, file.pid);
      if (answer.kind === 'ours') return { pid: file.pid, port };
      if (answer.kind === 'refused') throw passwordRefused(folders);
    }
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'start-timeout',
        `The embedded database did not get ready within ${START_LIMIT_MILLISECONDS / 1000} s; see ${folders.logFile}.`,
      );
    }
  }
}

/** The password file does not belong to this cluster. */
export function passwordRefused(folders: ServerFolders): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'password-refused',
    `The embedded database in ${folders.cluster} refuses the password in ${folders.passwordFile}; restore that file from a backup.`,
  );
}

function startFailure(folders: ServerFolders, said: string): EmbeddedPostgresError {
  if (/^unshare: /m.test(said)) return rootNotPossible(said);
  const cause = new Error(said);
  return new EmbeddedPostgresError(
    'start-failed',
    `The embedded database did not start: ${firstReason(said)} The whole log is in ${folders.logFile}.`,
    { cause },
  );
}

/** Reasons that go away by themselves: a killed server's back ends, or a port that was taken in between. */
function isPassing(said: string): boolean {
  return /shared memory block|could not create any TCP\/IP sockets|Address already in use/i.test(said);
}

function lastPort(folders: ServerFolders): number | undefined {
  try {
    const port = Number(readFileSync(folders.portFile, 'utf8'));
    return Number.isInteger(port) && port > 1023 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

async function freePort(wanted: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === undefined ? reject(error) : resolve(freePort(undefined))));
    probe.listen({ port: wanted ?? 0, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function readLogFrom(logFile: string, start: number): string {
  try {
    return readFileSync(logFile).subarray(start).toString('utf8');
  } catch (error) {
    return `its log cannot be read: ${(error as Error).message}`;
  }
}

function rotateLog(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG_BYTES)
    renameSync(logFile, `${logFile}.old`);
}
