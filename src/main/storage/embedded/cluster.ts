import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { SUPERUSER } from './postmaster.ts';

/** Where everything of the embedded database lies inside a data folder. */
export interface ServerFolders {
  cluster: string;
  /** What belongs to the supervisor and not to PostgreSQL: password, log, port, lock, users. */
  supervisor: string;
  passwordFile: string;
  logFile: string;
  portFile: string;
  lock: string;
  users: string;
}

/** The fixed places inside a data folder. */
export function serverFolders(dataFolder: string): ServerFolders {
  const supervisor = join(dataFolder, 'postgres-server');
  return {
    cluster: join(dataFolder, 'postgres'),
    supervisor,
    passwordFile: join(supervisor, 'password'),
    logFile: join(supervisor, 'server.log'),
    portFile: join(supervisor, 'port'),
    lock: join(supervisor, 'lock'),
    users: join(supervisor, 'users'),
  };
}

/** Makes the cluster where there is none, complete or not at all, and answers the superuser's password. */
export async function prepareCluster(binaries: PostgresBinaries, folders: ServerFolders): Promise<string> {
  if (existsSync(join(folders.cluster, 'PG_VERSION'))) return readPassword(folders);
  const password = randomBytes(24).toString('hex');
  writeFileSync(folders.passwordFile, password, { mode: 0o600 });
  await initializeCluster(binaries, folders);
  return password;
}

function readPassword(folders: ServerFolders): string {
  try {
    return readFileSync(folders.passwordFile, 'utf8').trim();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'password-missing',
      `The embedded database in ${folders.cluster} exists but its password file ${folders.passwordFile} is missing; restore that file from a backup.`,
      { cause },
    );
  }
}

async function initializeCluster(binaries: PostgresBinaries, folders: ServerFolders): Promise<void> {
  removeOldDrafts(folders.cluster);
  // A new name each time: an initdb that outlived its killed starter cleans up its own folder, never ours.
  const draft = `${folders.cluster}.draft-${randomBytes(6).toString('hex')}`;
  const [program, args] = binaries.command('initdb', [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${folders.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...localeArguments(),
  ]);
  try {
    await promisify(execFile)(program, args, {
      env: cleanEnvironment(),
      timeout: 120_000,
      windowsHide: true,
    });
    if (existsSync(folders.cluster) && readdirSync(folders.cluster).length === 0)
      rmSync(folders.cluster, { recursive: true });
    renameSync(draft, folders.cluster);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const said = (cause as { stderr?: string }).stderr ?? (cause as Error).message;
    if (program === 'unshare' && /unshare/.test(said)) throw rootNotPossible(said);
    throw new EmbeddedPostgresError(
      'cluster-not-created',
      `The embedded database could not be created in ${folders.cluster}: ${firstReason(said)}`,
      { cause },
    );
  }
}

/** Only the holder of the lock comes here, so every draft was left by a process that died. */
function removeOldDrafts(cluster: string): void {
  const prefix = `${basename(cluster)}.draft-`;
  for (const name of readdirSync(dirname(cluster))) {
    if (!name.startsWith(prefix)) continue;
    try {
      rmSync(join(dirname(cluster), name), { recursive: true, force: true });
    } catch {
      // Its initdb still writes into it; the next start that makes a cluster, or a person, removes the rest.
    }
  }
}

/** PostgreSQL runs as root only inside a user namespace, which this system does not allow. */
export function rootNotPossible(said: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'root-not-possible',
    `The embedded database cannot run as root here (${said.trim()}); start Opsdeck as an ordinary user or set OPSDECK_DATABASE_URL.`,
  );
}

/** The environment without PG… variables, which would change what the programs do, and with a fixed language. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && name !== 'LANGUAGE');
  // The reasons read from the log are looked for in English.
  return { ...Object.fromEntries(kept), LC_ALL: process.platform === 'linux' ? 'C.UTF-8' : 'C' };
}

/** The part of what a PostgreSQL program said that tells why, as the end of a sentence. */
export function firstReason(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const reasons = lines.flatMap((line) => {
    const match = /(?:FATAL|PANIC|error|could not)\b:?\s*.*$/.exec(line);
    return match === null ? [] : [match[0].replace(/^(?:FATAL|PANIC|error):\s*/, '')];
  });
  const hint = lines.flatMap((line) => /HINT:\s*(.*)$/.exec(line)?.[1] ?? [])[0];
  const reason = reasons[0] ?? lines.findLast((line) => line !== '') ?? 'it gave no reason';
  return [reason, hint]
    .filter((part) => part !== undefined)
    .map(withFullStop)
    .join(' ');
}

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function localeArguments(): string[] {
  // Linux knows C.UTF-8 as a system locale; elsewhere PostgreSQL's own implementation gives the same order.
  if (process.platform === 'linux') return ['--locale=C.UTF-8'];
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}
