import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { OfficeSettings } from '../shared/contract/settings.ts';
import { directoryOf, missingDirectory } from './accounts/directory-of.ts';
import type { SubmitDeps } from './accounts/submit-account.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { connectAdversus, connectRoamify, missingAdversus } from './connect-upstreams.ts';
import { labelOf, usesSandbox } from './database-place.ts';
import type { PassDeps } from './deals/run-pass.ts';
import { createFoldingThread } from './packages/folding-thread.ts';
import type { PackageDeps } from './packages/run-catalogue-pass.ts';
import { OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';
import { openServer } from './open-server.ts';
import { resourcePath } from './resource-folder.ts';
import { joinSandbox, type JoinedSandbox } from './sandbox/join-sandbox.ts';
import { placeName } from './storage/backup/backup-folder.ts';
import { connectionName } from './storage/killed-processes.ts';
import { migrate } from './storage/migrate.ts';
import { openDatabase, type Database } from './storage/postgres.ts';
import type { BackupDeps } from './system/backups/back-up.ts';
import { readDatabaseId } from './system/database-epoch.ts';
import {
  readEnvironmentSettings,
  readOfficeSettings,
  type OfficeSettingsState,
} from './system/office-settings.ts';
import { createMeter, timedDatabase, type Meter } from './system/meter.ts';
import { createModeCache } from './system/mode.ts';
import { registerProcess, type ProcessKind } from './system/processes.ts';
import { createQueueOutage } from './system/tasks/queue-outage.ts';
import { createTaskQueue } from './system/tasks/task-queue.ts';
import type { CallBudget } from './upstream/call-budget.ts';
import { version } from './version.ts';

/** One database and the upstreams that go with it: what a console, an agent host and a command all work on. */
export interface Workspace {
  database: Database;
  kind: 'sandbox' | 'team' | 'local';
  /** Names this database among others, wherever it is moved to. */
  databaseId: string;
  /** Host and database, without user and password. */
  databaseLabel: string;
  processId: string;
  /** How long statements and calls of this process take. */
  meter: Meter;
  /** This process in words: 'console 4711@host'. */
  holder: string;
  passes: PassDeps;
  /** Taking requests for accounts and carrying them out; the mode is here too. */
  accounts: SubmitDeps;
  /** Names of what is missing to reach the account directory. */
  missingDirectory: string[];
  packages: PackageDeps;
  /** Null when no upstream is configured. */
  budget(settings: OfficeSettings): CallBudget | null;
  /** Names of what is missing to read the upstream: none when it is configured. */
  missing(settings: OfficeSettings): string[];
  settings(): Promise<OfficeSettingsState>;
  /** Starts an embedded server again that has ended under us; does nothing where it runs, or is not ours. */
  reviveDatabase(): Promise<void>;
  /** The environment that applies: the given one, completed by the sandbox's. */
  environment: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  config: Config;
  clock: Clock;
  log: Log;
  kind: ProcessKind;
  signal?: AbortSignal;
}

/** Opens the workspace: database (embedded or remote), schema, sandbox. Undoes what it had begun when it fails. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.reverse().splice(0)) {
      await step().catch((error: unknown) =>
        options.log.warn('could not be closed', { error: String(error) }),
      );
    }
  };
  try {
    return { ...(await openParts(options, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(
  options: WorkspaceOptions,
  undo: (() => Promise<void>)[],
): Promise<Omit<Workspace, 'close'>> {
  const { config, clock, log, kind } = options;
  // A wrong value is told before a server is started or asked.
  readEnvironmentSettings(config.environment);
  const { url, embedded, revive } = await openServer(options, undo);
  const processId = randomUUID();
  const meter = createMeter(() => clock.monotonic());
  const opened = openDatabase({ url, applicationName: connectionName(kind, processId) });
  const database = timedDatabase(opened, meter, () => clock.monotonic());
  undo.push(() => database.close());
  const applied = await migrate(database, resourcePath('migrations', 'postgres'));
  if (applied.length > 0) log.info(`Database: schema brought up to date (${applied.join(', ')})`);

  const registration = await registerProcess(
    { database, clock },
    { id: processId, kind, host: hostname(), pid: process.pid, version },
  );
  undo.push(() => registration.close());
  const sandbox = await sandboxFor(options, database, embedded, undo);
  const environment = sandbox
    ? { ...sandbox.environment, ...definedOnly(config.environment) }
    : config.environment;
  const upstream = connectAdversus({ database, clock, environment, processId, meter, log });
  const settings = () => readOfficeSettings(database, environment);
  await settings();
  const holder = `${kind} ${process.pid}@${hostname()}`;
  const databaseId = await readDatabaseId(database);
  const folding = createFoldingThread();
  undo.push(() => folding.close());
  const accounts = accountsOf(options, { database, url, databaseId, processId, environment, meter });
  undo.push(() => accounts.queue.close());
  return {
    database,
    meter,
    accounts,
    missingDirectory: missingDirectory(environment),
    kind: sandbox ? 'sandbox' : embedded ? 'local' : 'team',
    databaseId,
    databaseLabel: labelOf(url),
    processId,
    holder,
    environment,
    settings,
    budget: upstream.budget,
    missing: (current) => missingAdversus(current, environment),
    reviveDatabase: revive,
    passes: {
      database,
      clock,
      log: log.child('sync'),
      processId,
      holder,
      connect: upstream.connect,
      callsMade: upstream.callsMade,
      readSettings: async () => (await settings()).settings,
    },
    packages: {
      ...{ database, clock, processId, holder },
      log: log.child('packages'),
      ...connectRoamify(environment, clock, meter),
      folding,
      readSettings: async () => (await settings()).settings,
    },
  };
}

/** What requests for accounts need: the mode, the directory, the queue, and what is known of its outages. */
function accountsOf(
  { config, clock, log, kind }: WorkspaceOptions,
  on: {
    database: Database;
    url: string;
    databaseId: string;
    processId: string;
    environment: Workspace['environment'];
    meter: Meter;
  },
): SubmitDeps {
  const { database, processId } = on;
  const url = config.queueUrl ?? on.url;
  const label = labelOf(url);
  const random = () => randomInt(1_000_000) / 1_000_000;
  const taskLog = log.child('tasks');
  return {
    database,
    clock,
    processId,
    claims: new Set(),
    mode: createModeCache({ database, clock, processId }),
    directory: directoryOf(on.environment, clock, random, on.meter.fetch('directory', globalThis.fetch)),
    queue: createTaskQueue({
      url,
      label,
      separate: config.queueUrl !== null,
      applicationName: connectionName(kind, processId),
      // Two offices may share a queue's database: each runs its own tasks.
      kind: `provision-account/${on.databaseId}`,
      log: taskLog,
    }),
    outage: createQueueOutage({ database, clock, log: taskLog, label }),
  };
}

/** What backups of a workspace need. Those of the embedded databases go by what they are: their port changes. */
export function backupDeps(workspace: Workspace, folder: string, log: Log): BackupDeps {
  const { database, kind, databaseLabel, holder, passes } = workspace;
  return {
    database,
    clock: passes.clock,
    log: log.child('backup'),
    folder,
    place: placeName(kind === 'team' ? databaseLabel : kind),
    label: databaseLabel,
    sandbox: kind === 'sandbox',
    holder,
  };
}

async function sandboxFor(
  { config, clock, log }: WorkspaceOptions,
  database: Database,
  embedded: boolean,
  undo: (() => Promise<void>)[],
): Promise<JoinedSandbox | null> {
  if (!usesSandbox(config)) return null;
  if (!embedded) await refuseRealData(database);
  const sandbox = await joinSandbox({
    dataFolder: config.dataFolder,
    frozenNow: config.frozenNow,
    wall: () => clock.wall(),
  });
  undo.push(() => sandbox.close());
  log.info(
    `Sandbox: simulated Adversus ${sandbox.joined ? 'of the running console' : 'started'} on ${sandbox.environment['OPSDECK_ADVERSUS_URL']}`,
  );
  return sandbox;
}

/** Practice deals must never get among real ones. */
async function refuseRealData(database: Database): Promise<void> {
  const found = await database.query<{ marked: boolean; rows: boolean }>(
    `select exists (select from system_config where key = 'workspace' and value = '"sandbox"') as marked,
            exists (select from deals) or exists (select from sms_messages) as rows`,
  );
  const state = found.rows[0];
  if (state?.rows && !state.marked) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      'OPSDECK_SANDBOX=1 was set, but the database of OPSDECK_DATABASE_URL holds real deals. ' +
        'Practice data goes into a database of its own: leave OPSDECK_DATABASE_URL out, or name an empty one.',
    );
  }
  await database.query(
    `insert into system_config (key, value, updated_by) values ('workspace', '"sandbox"', 'opsdeck') on conflict do nothing`,
  );
}

function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => !!entry[1]?.trim()),
  );
}
