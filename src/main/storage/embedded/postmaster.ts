import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { commandLineOf, isPidAlive } from './process-identity.ts';

/** What `postmaster.pid` says about the server of a cluster. */
export interface PostmasterFile {
  pid: number;
  port: number | undefined;
  status: string;
}

/** What a server says when asked: it is there and ours, busy starting or stopping, refuses our password, or silent. */
export type ServerAnswer =
  | { kind: 'ours' }
  | { kind: 'busy' }
  | { kind: 'refused' }
  | { kind: 'other' }
  | { kind: 'silent'; cause: unknown };

/** The name of the superuser in every cluster made here. */
export const SUPERUSER = 'opsdeck';

/** Larger than any pid a kernel gives out, so a signal to it always finds nobody. */
const NOBODY = 2_147_483_646;

/** Reads `postmaster.pid`; undefined where there is none or it is not complete yet. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const port = Number(lines[3]);
  return {
    pid,
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    status: (lines[7] ?? '').trim(),
  };
}

/** The living server process of this cluster; a pid that was given to a stranger since does not count. */
export function findPostmaster(cluster: string): PostmasterFile | undefined {
  const file = readPostmasterFile(cluster);
  if (file === undefined || file.pid === NOBODY || !isPidAlive(file.pid)) return undefined;
  return isServerOf(file.pid, cluster) ? file : undefined;
}

function isServerOf(pid: number, cluster: string): boolean {
  const commandLine = commandLineOf(pid) ?? '';
  if (!/postgres/i.test(commandLine)) return false;
  // Windows tells only the program's name.
  if (process.platform === 'win32') return true;
  // The pid may have gone to the server of another cluster. A server works inside its own cluster's folder.
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return commandLine.includes(cluster);
  }
}

/**
 * Makes a pid file that names a living stranger harmless: PostgreSQL would take the stranger for its server and
 * refuse to start. The file stays, because its last lines let PostgreSQL notice back ends of a killed server.
 */
export function disownPostmasterFile(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  const [, ...rest] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [String(NOBODY), ...rest].join('\n'));
}

/** The address of one database on the embedded server. */
export function databaseUrl(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Really connects, and asks whether the server on this port is the one that keeps this cluster's files. */
export async function askServer(port: number, password: string, pid: number): Promise<ServerAnswer> {
  try {
    return await withClient(databaseUrl(port, password, 'postgres'), async (client) => {
      const answer = await client.query<{ line: string }>(
        "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS line",
      );
      return { kind: Number(answer.rows[0]?.line) === pid ? 'ours' : 'other' };
    });
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (code === '57P03') return { kind: 'busy' };
    if (code === '28P01' || code === '28000') return { kind: 'refused' };
    return { kind: 'silent', cause };
  }
}

/** Creates the database where it is missing; safe when several do it at once. */
export async function createDatabase(port: number, password: string, name: string): Promise<void> {
  await withClient(databaseUrl(port, password, 'postgres'), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rows.length > 0) return;
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      // Another process was faster: 42P04 when it had finished, 23505 when both were at it.
      if (code !== '42P04' && code !== '23505') throw error;
    }
  });
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'opsdeck supervisor',
    connectionTimeoutMillis: 3000,
    query_timeout: 30_000,
  });
  // Without a listener a connection that breaks while idle would end the whole program.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
