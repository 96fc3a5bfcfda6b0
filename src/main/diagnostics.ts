import { statfs } from 'node:fs/promises';
import { arch, cpus, freemem, homedir, hostname, platform, release, totalmem, uptime } from 'node:os';
import { list as listTasks } from './accounts/answer-tasks.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { budgetView } from './deals/budget-view.ts';
import { readPassPlan } from './deals/read-pass-plan.ts';
import { describeSchedules } from './schedules-answers.ts';
import * as store from './system/diagnostics/diagnostics-store.ts';
import { hidePersonal, type Hider } from './system/diagnostics/hide-personal.ts';
import {
  makeBundle,
  type Bundle,
  type GatheredPart,
  type PartSource,
} from './system/diagnostics/make-bundle.ts';
import { listHealthEvents } from './system/health-events.ts';
import { listIncidents } from './system/incidents.ts';
import { listModes } from './system/mode-store.ts';
import { readSwitches } from './system/schedules-store.ts';
import { recentRuns } from './system/sync-runs.ts';
import { version } from './version.ts';
import type { Workspace } from './workspace.ts';

const latestRuns = 100;
const latestEvents = 300;
/** Names are asked for so long, in ms; what has none is hidden by its form alone. */
const namesMs = 5_000;

export interface DiagnosticSubject {
  config: Config;
  clock: Clock;
  /** Rejects, with a sentence, while the database cannot be worked on. */
  workspace(): Promise<Workspace>;
  /** What only this kind of process knows of itself. */
  own: Partial<Record<'console' | 'performance' | 'upstreams', () => unknown>>;
  /** Names of people that are known without the database. */
  names(): readonly string[];
}

/** A file about how the program is, for somebody who helps from outside; works without a database too. */
export async function makeDiagnostics(subject: DiagnosticSubject): Promise<Bundle> {
  const { config, clock } = subject;
  const hide = await hiderOf(subject);
  return makeBundle({ parts: partsOf(subject), hide, logFolder: config.logFolder, version, clock });
}

async function hiderOf({ config, clock, workspace, names }: DiagnosticSubject): Promise<Hider> {
  const stop = new AbortController();
  const none = { known: [] as string[], hosts: [] as string[], namesKnown: false };
  const asked = workspace()
    .then(async ({ database }) => ({
      known: await store.listKnownNames(database),
      hosts: await store.listHosts(database),
      namesKnown: true,
    }))
    .catch(() => none);
  const { known, hosts, namesKnown } = await Promise.race([
    asked,
    clock.sleep(namesMs, stop.signal).then(
      () => none,
      () => none,
    ),
  ]);
  stop.abort();
  const computers = [...new Set([hostname(), ...hosts])].filter((host) => host !== 'localhost');
  const people = [config.operator, config.environment['OPSDECK_ADVERSUS_USER'] ?? ''];
  return hidePersonal({
    secrets: config.secrets,
    namesKnown,
    names: [...known, ...names(), ...people].filter((name) => !ownWords.has(name.toLowerCase())),
    instead: new Map([
      [homedir(), '~'],
      [homedir().replaceAll('\\', '/'), '~'],
      [JSON.stringify(homedir()).slice(1, -1), '~'],
      ...computers.map((host, index) => [host, `computer ${index + 1}`] as const),
    ]),
  });
}

/** Names under which the program itself acts. */
const ownWords = new Set(['opsdeck', 'unknown']);

function partsOf(subject: DiagnosticSubject): Record<GatheredPart, PartSource> {
  const { config, workspace, own } = subject;
  const ours = (gather: () => unknown): PartSource => ({ ours: true, gather: async () => gather() });
  const theirs = (gather: () => unknown): PartSource => ({ ours: false, gather: async () => gather() });
  return {
    program: ours(() => programFacts(config)),
    configuration: ours(async () => ({
      environment: environmentFacts(config.environment),
      office: await workspace().then(officeFacts, (error: unknown) => ({ missing: String(error) })),
    })),
    console: ours(own.console ?? (() => ({ missing: 'Not made by a console.' }))),
    database: ours(async () => databaseFacts(await workspace(), config)),
    upstreams: ours(async () => ({
      ...(await upstreamFacts(await workspace())),
      now: await own.upstreams?.(),
    })),
    'sync-runs': ours(async () => recentRuns((await workspace()).database, undefined, latestRuns)),
    health: theirs(async () => healthFacts(await workspace())),
    schedules: ours(async () => scheduleFacts(await workspace())),
    'mode-and-tasks': ours(async () => taskFacts(await workspace())),
    performance: ours(own.performance ?? (() => ({ missing: 'Not made by a console.' }))),
  };
}

async function programFacts(config: Config) {
  const disk = await statfs(config.dataFolder).catch(() => null);
  const { node, electron, chrome, v8 } = process.versions;
  return {
    version,
    runtime: { node, electron: electron ?? null, chrome: chrome ?? null, v8 },
    system: { platform: platform(), release: release(), arch: arch(), cpus: cpus().length },
    memory: { total: totalmem(), free: freemem(), ours: process.memoryUsage().rss },
    disk: disk && { total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize },
    uptimeSeconds: { system: Math.round(uptime()), process: Math.round(process.uptime()) },
    language: Intl.DateTimeFormat().resolvedOptions().locale,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    dataFolder: config.dataFolder,
  };
}

/** Values of these say nothing of anybody; of all others only whether they are set is told. */
const shownValues =
  /^OPSDECK_(?:DATA_DIR|TIME_ZONE|NOW|SANDBOX|DELTA_SECONDS|LOG_LEVEL|RUN_TASKS|HTTP_PORT|SCREENSHOT|ADVERSUS_(?:TIME_ZONE|UPDATED_FIELD|COMMISSION_FIELD|MULTI_DEALS_FIELD|ORDER_DATE_FIELD))$/;
const addresses = /^OPSDECK_\w+_URL$/;

/** Our variables as far as they may be told: of addresses neither user nor password nor query. */
export function environmentFacts(environment: Config['environment']): Record<string, string> {
  const told: Record<string, string> = {};
  for (const name of Object.keys(environment).toSorted()) {
    const value = environment[name];
    if (!name.startsWith('OPSDECK_') || !value) continue;
    told[name] = shownValues.test(name) ? value : addresses.test(name) ? place(value) : '(set)';
  }
  return told;
}

function place(address: string): string {
  if (!URL.canParse(address)) return '(set, not an address)';
  const { protocol, host, pathname, username } = new URL(address);
  // A password with a # or ? in it ends the address early: what looks like the host may be the user and its beginning.
  if (address.includes('@') && username === '') return '(set, not an address)';
  return `${protocol}//${host}${pathname}`;
}

async function officeFacts(workspace: Workspace) {
  const { settings, overridden, unreadable, version: number } = await workspace.settings();
  return {
    ...settings,
    adversusUser: settings.adversusUser && '(set)',
    overridden,
    unreadable,
    version: number,
  };
}

async function databaseFacts({ database, databaseLabel, kind }: Workspace, config: Config) {
  return {
    kind,
    label: databaseLabel,
    embedded: config.databaseUrl === null,
    ...(await store.readDatabaseFacts(database)),
    waiting: await store.countWaiting(database),
  };
}

async function upstreamFacts(workspace: Workspace) {
  const { settings } = await workspace.settings();
  const budget = await workspace.budget(settings)?.state();
  return {
    missing: {
      adversus: workspace.missing(settings),
      roamify: workspace.packages.missing(settings),
      directory: workspace.missingDirectory,
    },
    plan: await readPassPlan(workspace.database, settings.deltaSeconds),
    budget: budget ? budgetView(budget) : null,
  };
}

async function healthFacts({ database }: Workspace) {
  const { incidents } = await listIncidents(database, { limit: 100 });
  return {
    open: incidents.filter(({ solvedAt }) => solvedAt === null),
    events: await listHealthEvents(database, { limit: latestEvents }),
  };
}

async function scheduleFacts(workspace: Workspace) {
  const { database, passes } = workspace;
  const { settings } = await workspace.settings();
  const { jobs, stopped } = await describeSchedules({
    ...{ database, wallMs: passes.clock.wall(), switches: await readSwitches(database) },
    plan: await readPassPlan(database, settings.deltaSeconds),
    ...{ leads: false, next: () => null, running: () => false, archive: settings.archive },
  });
  return { stopped: stopped !== null, jobs: jobs.map(({ by: _by, next_at: _next, ...job }) => job) };
}

async function taskFacts({ accounts }: Workspace) {
  const { tasks: _tasks, ...tasks } = await listTasks(accounts, 1);
  return { mode: await accounts.mode.read(), processes: await listModes(accounts.database), tasks };
}
