import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';

export type ProcessKind = 'console' | 'agent' | 'cli';

export interface ProcessInfo {
  /** A new UUID for every start of a program. */
  id: string;
  kind: ProcessKind;
  host: string;
  pid: number;
  version: string;
}

export interface KnownProcess extends ProcessInfo {
  startedAt: Date;
  seenAt: Date;
  /** Heard of within the last 60 s. */
  alive: boolean;
}

export interface Registration {
  /** Stops the heartbeat and takes the process off the list. */
  close(): Promise<void>;
}

/** A process unheard of for this long counts as dead, in SQL. */
export const deadAfter = `interval '60 seconds'`;

/**
 * Puts this process on the list and keeps it there with a heartbeat every 10 s. Fails when the first entry cannot
 * be written; later failures only make it look dead until the next one that works.
 */
export async function registerProcess(
  deps: { database: Database; clock: Clock; heartbeatMs?: number },
  info: ProcessInfo,
): Promise<Registration> {
  const { database, clock } = deps;
  const closing = new AbortController();
  await heartbeat(database, info);
  // Rows of the long dead are of no use to anybody.
  await database.query(`delete from processes where seen_at < clock_timestamp() - interval '1 day'`);

  async function beat() {
    while (!closing.signal.aborted) {
      await clock.sleep(deps.heartbeatMs ?? 10_000, closing.signal).catch(() => {});
      // Away: the next beat tells; meanwhile others rightly take us for dead.
      if (!closing.signal.aborted) await heartbeat(database, info).catch(() => {});
    }
  }
  const beating = beat();
  return {
    async close() {
      closing.abort();
      await beating;
      await database.query('delete from processes where id = $1', [info.id]);
    },
  };
}

/** Writes the whole row each time: another may have cleared it away while this process was frozen. */
async function heartbeat(database: Database, info: ProcessInfo): Promise<void> {
  await database.query(
    `insert into processes (id, kind, host, pid, version, started_at, seen_at)
     values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp())
     on conflict (id) do update set seen_at = clock_timestamp()`,
    [info.id, info.kind, info.host, info.pid, info.version],
  );
}

/** Every process on the list, the living first, then by start. */
export async function listProcesses(database: Database): Promise<KnownProcess[]> {
  const found = await database.query<KnownProcess>(
    `select id, kind, host, pid, version, started_at as "startedAt", seen_at as "seenAt",
            seen_at > clock_timestamp() - ${deadAfter} as alive
       from processes
      order by alive desc, started_at, id`,
  );
  return found.rows;
}
