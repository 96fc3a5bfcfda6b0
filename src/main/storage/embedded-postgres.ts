import { existsSync, mkdirSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareCluster, serverFolders, type ServerFolders } from './embedded/cluster.ts';
import { withExclusiveLock } from './embedded/exclusive-lock.ts';
import { launchServer, passwordRefused, type RunningServer } from './embedded/launch-server.ts';
import { findPostgresBinaries, type PostgresBinaries } from './embedded/postgres-binaries.ts';
import { EmbeddedPostgresError, throwIfAborted } from './embedded/postgres-error.ts';
import {
  askServer,
  createDatabase,
  databaseUrl,
  disownPostmasterFile,
  findPostmaster,
  readPostmasterFile,
} from './embedded/postmaster.ts';
import { isPidAlive } from './embedded/process-identity.ts';
import { livingUsers, registerUser, type OwnerKind } from './embedded/server-users.ts';
import { stopServer } from './embedded/stop-server.ts';

/*
 * The embedded database of one data folder: real PostgreSQL, one server shared by every process that works in the
 * folder (a console, a command, a headless agent).
 *
 * States of the server, as a starter finds them under the lock:
 *   none              → make the cluster if needed, launch
 *   left or shared    → living server that answers with our password: join it ("adopted")
 *   busy              → starting or stopping: wait, then look again
 *   stale pid file    → the named process is dead: launch; PostgreSQL recovers by itself
 *   foreign pid file  → the named process lives but is no PostgreSQL: the file is disowned, then launch
 *
 * Every user leaves a file naming its process; whoever stops last stops the server.
 */

const LOCK_LIMIT_MILLISECONDS = 180_000;
const BUSY_LIMIT_MILLISECONDS = 120_000;

/** What to start, and for whom. */
export interface EmbeddedPostgresOptions {
  /** Absolute path; made where it is missing. */
  dataFolder: string;
  log: (line: string) => void;
  ownerKind: OwnerKind;
  signal?: AbortSignal;
}

/** A use of the running server. It lives until `stop`, and with it at least the server. */
export interface EmbeddedPostgres {
  /** True when the server ran already, shared with or left by another process. */
  readonly adopted: boolean;
  /** The address of a database on it, with the password: never to be logged. */
  urlFor(database: string): string;
  /** Creates an empty database where it is missing. */
  ensureDatabase(name: string): Promise<void>;
  /** Ends this use; the last one stops the server and waits for its end. Calling it again does nothing. */
  stop(): Promise<void>;
}

export { EmbeddedPostgresError } from './embedded/postgres-error.ts';

/** Starts or joins the embedded server of a data folder. Throws `EmbeddedPostgresError` with a sentence. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (!isAbsolute(options.dataFolder)) throw new TypeError('dataFolder must be an absolute path');
  const folders = serverFolders(options.dataFolder);
  mkdirSync(folders.supervisor, { recursive: true, mode: 0o700 });
  const binaries = findPostgresBinaries();
  return withLock(folders, options.signal, async () => {
    const password = await prepareCluster(binaries, folders);
    const joined = await joinRunning(folders, password, options);
    const server = joined ?? (await launchServer(binaries, folders, password, options.signal));
    const unregister = registerUser(folders.users, options.ownerKind);
    const how = joined === undefined ? 'started' : 'joined, it ran already';
    options.log(
      `Embedded database ${how} (process ${server.pid}, port ${server.port}, for the ${options.ownerKind}).`,
    );
    return use({
      binaries,
      folders,
      password,
      server,
      unregister,
      log: options.log,
      adopted: joined !== undefined,
    });
  });
}

interface Use {
  binaries: PostgresBinaries;
  folders: ServerFolders;
  password: string;
  server: RunningServer;
  unregister: () => void;
  log: (line: string) => void;
  adopted: boolean;
}

function use(parts: Use): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  return {
    adopted: parts.adopted,
    urlFor: (database) => databaseUrl(parts.server.port, parts.password, database),
    ensureDatabase: (name) => createDatabase(parts.server.port, parts.password, name),
    stop: () => (stopping ??= endUse(parts)),
  };
}

async function endUse({ binaries, folders, unregister, log }: Use): Promise<void> {
  await withLock(folders, undefined, async () => {
    unregister();
    const others = livingUsers(folders.users);
    if (others.length > 0) {
      const names = others.map((user) => `${user.kind} ${user.pid}`).join(', ');
      log(`Embedded database left running for ${names}.`);
      return;
    }
    await stopServer(binaries, folders.cluster, log);
    log('Embedded database stopped.');
  });
}

/** The server that already runs on this cluster, once it answers; undefined when there is none to join. */
async function joinRunning(
  folders: ServerFolders,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<RunningServer | undefined> {
  const deadline = performance.now() + BUSY_LIMIT_MILLISECONDS;
  for (;;) {
    throwIfAborted(options.signal);
    const server = findPostmaster(folders.cluster);
    if (server === undefined) {
      disownForeignPidFile(folders.cluster, options.log);
      return undefined;
    }
    if (server.port !== undefined) {
      const answer = await askServer(server.port, password, server.pid);
      if (answer.kind === 'ours') return { pid: server.pid, port: server.port };
      if (answer.kind === 'refused' && findPostmaster(folders.cluster)?.pid === server.pid) {
        throw passwordRefused(folders);
      }
    }
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'start-timeout',
        `A server (process ${server.pid}) holds ${folders.cluster} but does not answer; end that process and start again.`,
      );
    }
    await sleep(50);
  }
}

function disownForeignPidFile(cluster: string, log: (line: string) => void): void {
  const file = readPostmasterFile(cluster);
  if (file === undefined || !isPidAlive(file.pid)) return;
  log(
    `The pid file of the embedded database names process ${file.pid}, which is another program; it is ignored.`,
  );
  disownPostmasterFile(cluster);
}

function withLock<Result>(
  folders: ServerFolders,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!existsSync(folders.supervisor)) mkdirSync(folders.supervisor, { recursive: true, mode: 0o700 });
  return withExclusiveLock(folders.lock, { timeoutMilliseconds: LOCK_LIMIT_MILLISECONDS, signal }, work);
}
