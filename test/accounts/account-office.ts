import { randomUUID } from 'node:crypto';
import { createDirectoryClient, type DirectoryClient } from '../../src/main/accounts/directory-client.ts';
import type { KeyedRequest } from '../../src/main/accounts/request-key.ts';
import { withKey } from '../../src/main/accounts/request-key.ts';
import type { SubmitDeps } from '../../src/main/accounts/submit-account.ts';
import { systemClock } from '../../src/main/clock.ts';
import { OpsdeckError } from '../../src/main/errors.ts';
import { silentLog } from '../../src/main/log.ts';
import { startDirectory, type DirectoryOptions } from '../../src/main/sandbox/directory/start-directory.ts';
import { connectionName } from '../../src/main/storage/killed-processes.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { createModeCache } from '../../src/main/system/mode.ts';
import { createQueueOutage } from '../../src/main/system/tasks/queue-outage.ts';
import type { TaskQueue } from '../../src/main/system/tasks/task-queue.ts';
import { createTestDatabase } from '../support/postgres.ts';

export const clock = systemClock();
export const patience = {
  ...{ tries: 2, baseMs: 1, capMs: 2 },
  ...{ busyTries: 2, busyBaseMs: 1, busyCapMs: 2 },
};

/** A queue that a test works off by hand. `fail`: it rejects, before or after it took the task. */
export class HandQueue {
  readonly tasks = new Map<string, unknown>();
  fail: 'before' | 'after' | null = null;
  adds = 0;
  readonly queue: TaskQueue = {
    kind: 'test',
    url: '',
    label: 'by hand',
    separate: false,
    add: (key, payload) => {
      this.adds += 1;
      if (this.fail !== 'before') this.tasks.set(key, payload);
      return this.fail === null ? Promise.resolve() : Promise.reject(away());
    },
    has: (keys) => Promise.resolve(new Set(keys.filter((key) => this.tasks.has(key)))),
    list: () => Promise.resolve([]),
    counts: () => Promise.resolve({ waiting: this.tasks.size, running: 0, failed: 0, parked: 0 }),
    causes: () => Promise.resolve([]),
    retry: () => Promise.resolve(0),
    lockingPools: () => Promise.resolve([]),
    unlock: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  /** Takes a task off. */
  take(): unknown {
    const [key] = this.tasks.keys();
    const payload = key === undefined ? undefined : this.tasks.get(key);
    if (key !== undefined) this.tasks.delete(key);
    return payload;
  }
}

function away(): OpsdeckError {
  return new OpsdeckError('DATABASE_AWAY', 'The queue does not answer (test).');
}

/** A process of the office with what it needs; others see that it lives by its connections, which `end` closes. */
export interface OfficeProcess {
  deps: SubmitDeps;
  end(): Promise<void>;
}

export async function startProcess(
  office: Database,
  parts: { directory: () => DirectoryClient; queue: TaskQueue },
  wrap: (own: Database) => Database = (own) => own,
): Promise<OfficeProcess> {
  const processId = randomUUID();
  await office.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'console', 'test', 1, '0')`,
    [processId],
  );
  const own = openDatabase({ url: office.url, applicationName: connectionName('console', processId) });
  await own.query('select 1');
  const database = wrap(own);
  const deps: SubmitDeps = {
    database,
    clock,
    processId,
    claims: new Set(),
    waitMs: 20_000,
    mode: createModeCache({ database, clock, processId }),
    outage: createQueueOutage({ database, clock, log: silentLog(), label: 'by hand' }),
    ...parts,
  };
  let ended: Promise<void> | undefined;
  return { deps, end: () => (ended ??= endProcess(office, own, processId)) };
}

/** Closes its connections and waits until the server knows. */
async function endProcess(office: Database, own: Database, processId: string): Promise<void> {
  await own.close();
  for (;;) {
    const { rows } = await office.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name like '% ' || $1`,
      [processId],
    );
    if (rows.length === 0) return;
    await clock.sleep(5);
  }
}

/** An office with a database, a simulated directory, a queue by hand, and one process. */
export async function openAccountOffice(options: DirectoryOptions = {}) {
  const database = await createTestDatabase();
  const vendor = await startDirectory(options);
  const hand = new HandQueue();
  const client = createDirectoryClient({
    ...{ baseUrl: vendor.url, token: vendor.token, clock, random: () => 0.5, patience, perPage: 5 },
  });
  const parts = { directory: () => client, queue: hand.queue };
  const processes: OfficeProcess[] = [];
  const start = async () => {
    const started = await startProcess(database, parts);
    processes.push(started);
    return started;
  };
  const { deps } = await start();
  return {
    ...{ database, vendor, hand, client, deps, start },
    events: async (type: string) =>
      (
        await database.query<{ message: string; metadata: { kind?: string } }>(
          'select message, metadata from system_health_logs where event_type = $1 order by id',
          [type],
        )
      ).rows,
    accounts: async () =>
      (
        await database.query<{ email: string; request_key: string; directory_id: string }>(
          'select email, request_key, directory_id from accounts order by id',
        )
      ).rows,
    async close() {
      await vendor.close();
      await Promise.all(processes.map((process) => process.end()));
      await database.drop();
    },
  };
}
export type AccountOffice = Awaited<ReturnType<typeof openAccountOffice>>;

export function ask(email: string, given: { key?: string; plan?: string; name?: string } = {}): KeyedRequest {
  const { name = 'Anna Berg', plan = 'basic', key } = given;
  return withKey(
    { email, name, plan, ...(key === undefined ? {} : { key }) },
    { actor: 'anna', console: 'test' },
  );
}
