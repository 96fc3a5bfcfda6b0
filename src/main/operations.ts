import { randomInt } from 'node:crypto';
import type { Change } from '../shared/contract/changes.ts';
import type { OfficeSettings } from '../shared/contract/settings.ts';
import type { PassProgress } from '../shared/contract/sync.ts';
import type { PassPlan } from './deals/plan-passes.ts';
import type { PassRequest, PassResult } from './deals/run-pass.ts';
import { TodayCache } from './deals/today-cache.ts';
import { startReadOn, type ReadOn, type SpoolMoved } from './keep-reading.ts';
import type { Log } from './log.ts';
import { followOffice } from './office/follow-office.ts';
import { keepCalendar } from './office/keep-calendar.ts';
import { startHousekeeping } from './office/keep-house.ts';
import { knowOffice } from './office/know-office.ts';
import { startOfficeJobs, type OfficeJobs } from './office/office-jobs.ts';
import { cancelled, runPasses, type Passes } from './office/run-passes.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';
import type { Database } from './storage/postgres.ts';
import { jobs as passJobs, startSchedule, type Schedule } from './schedule.ts';
import { currentSeq } from './system/change-log.ts';
import { startLeader, type Leader } from './system/leader.ts';
import type { ScheduleSwitches } from './system/schedule-switches.ts';
import { lastRun } from './system/sync-runs.ts';
import type { Workspace } from './workspace.ts';

/** What happens while operations run, for whoever shows it. */
export type OperationsEvent =
  | { type: 'change'; change: Change }
  | { type: 'status' }
  | { type: 'reload' }
  | { type: 'day'; day: string }
  | ({ type: 'spool' } & SpoolMoved)
  | { type: 'progress'; progress: PassProgress };

/** The running part of a console or an agent host: leader, schedule, today in memory, the change stream. */
export interface Operations extends Pick<OfficeJobs, 'backups' | 'packages' | 'archive' | 'imports'> {
  workspace: Workspace;
  today: TodayCache;
  leader: Leader;
  schedule: Schedule;
  plan(): PassPlan;
  settings(): OfficeSettings;
  /** What people switched off of all that runs by itself, as last heard. */
  switches(): ScheduleSwitches;
  /** Takes switches that were just stored here, before the change stream tells of them. */
  obey(switches: ScheduleSwitches): void;
  /** The pass under way over a source in this process. */
  running: Passes['progress'];
  /** Since when the database does not answer; null while it does. */
  awaySince(): Date | null;
  /** Reading on while the database is away; null where there is no durable file to keep it in. */
  reading: ReadOn | null;
  /** Runs a pass that a person asked for. SYNC_BUSY when one runs here already. */
  runForPerson(request: Pick<PassRequest, 'source' | 'kind' | 'days'>): Promise<PassResult>;
  cancel: Passes['cancel'];
  /** How much waits for a person: duplicates, held removals and rejected records. */
  waiting(): Promise<number>;
  /** Loads today's rows anew. */
  invalidate(): Promise<void>;
  subscribe(listener: (event: OperationsEvent) => void): () => void;
  suspend(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Scheduled passes wait this long for another's permit, people a little more patiently, in ms. */
const scheduledWaitMs = 60_000;
const personWaitMs = 120_000;

/** Starts to lead or follow. Rejects when the first load fails; then nothing is left running. */
export async function startOperations(options: {
  workspace: Workspace;
  log: Log;
  /** Where backups are kept. */
  backupFolder?: string;
  /** Where deals are kept that are read while the database is away. */
  durable?: SharedDurableFile;
  /** Whether queued tasks are carried out here; default no. */
  runTasks?: boolean;
}): Promise<Operations> {
  const { workspace, log, backupFolder, durable } = options;
  const { database } = workspace;
  const { clock } = workspace.passes;
  const listeners = new Set<(event: OperationsEvent) => void>();
  const closing = new AbortController();
  let reading: ReadOn | null = null;
  /** True while nothing is known of a later leader than this process. */
  let led = false;
  const isLeader = () => leader.isLeader();

  const tell = (event: OperationsEvent) => {
    for (const listener of listeners) listener(event);
  };

  const office = await knowOffice(workspace, (stopsNow) => {
    // Stop-all also ends what the schedule began; a single job that is switched off ends its turn first.
    if (stopsNow) passes.stopScheduled();
    if (stopsNow) jobs.packages.stopScheduled();
    reading?.wake();
    schedule.wake();
  });
  const { settings, isOn } = office;
  const timeZone = () => settings().timeZone;
  const lastStarts = await readLastStarts(workspace);
  const today = new TodayCache({
    database,
    clock,
    timeZone,
    over: (deals, range) => reading?.over(deals, range) ?? new Map(),
  });
  const after = await currentSeq(database);
  await today.load(after);

  // From here on nothing waits: whatever calls back finds all of them there.
  const vital: Database = { ...database, query: database.vital.query };
  const passes = runPasses({
    deps: workspace.passes,
    closing: closing.signal,
    term: () => leader.term(),
    onProgress: (progress) => tell({ type: 'progress', progress }),
  });
  const followed = followOffice({
    ...{ workspace, log, office, today, vital, after, closing: closing.signal, isLeader, tell },
    reading: () => reading,
    schedule: () => schedule,
    keepZone: () => house.keepZone(),
  });
  const leader = startLeader(
    { database: vital, clock, processId: workspace.processId },
    {
      onChange: (state) => {
        log.info(state.kind === 'leader' ? `Leads (term ${state.term})` : 'Follows');
        // A lease that could not be renewed with the database away says nothing of another leader.
        if (state.kind === 'leader') led = true;
        else if (state.leader !== null) led = false;
        if (state.kind === 'leader') reading?.remember();
        reading?.wake();
        if (state.kind === 'follower') passes.stopScheduled();
        else void house.keepZone();
        schedule.wake();
        tell({ type: 'status' });
      },
    },
  );
  const schedule = startSchedule({
    clock,
    mayRun: () => isLeader() && workspace.missing(settings()).length === 0 && (reading?.mayPass() ?? true),
    isOn,
    plan: office.plan,
    run: (job) => passes.run(job, 'schedule', scheduledWaitMs),
  });
  for (const { source, kind, wall } of lastStarts) schedule.note(source, kind, wall);
  if (durable)
    reading = startReadOn({
      workspace,
      durable,
      log: log.child('spool'),
      random: () => randomInt(1_000_000) / 1_000_000,
      settings,
      plan: office.plan,
      dueAt: () => schedule.dueAt('deals', 'delta'),
      today: () => today,
      isAway: () => followed.awaySince() !== null,
      // What is switched off is not read on either.
      led: () => led && isOn('deals-delta'),
      onMoved: (moved) => tell({ type: 'spool', ...moved }),
      onDrained: () => schedule.wake(),
    });
  const calendar = keepCalendar({
    ...{ clock, log, closing: closing.signal, timeZone, today },
    catchUp: async () => {
      if (followed.isBehind() || today.isBehind()) await followed.makeUp();
    },
    readsOn: () => Boolean(reading?.state()?.lastReadAt),
    onDay: (day) => tell({ type: 'day', day }),
  });
  const house = startHousekeeping({ workspace, log, closing: closing.signal, isLeader, timeZone });
  followed.believeAnew();
  const jobs = startOfficeJobs({
    workspace,
    log,
    backupFolder,
    runTasks: options.runTasks === true,
    leads: isLeader,
    // What has no switch of its own rests with stop-all.
    mayWork: () => isLeader() && office.switches().stopped === null,
    term: () => leader.term(),
    settings,
    isOn,
    waitMs: personWaitMs,
  });
  listeners.add((event) => {
    if (event.type === 'reload') jobs.rules.wake(true);
    if (event.type === 'change' && ruleKinds.has(event.change.kind))
      jobs.rules.wake(event.change.kind === 'restored' || event.change.kind === 'unknown');
  });

  return {
    ...{ workspace, today, leader, schedule, reading },
    ...{ backups: jobs.backups, packages: jobs.packages, archive: jobs.archive, imports: jobs.imports },
    ...{ settings, plan: office.plan, switches: office.switches, obey: office.obey },
    running: passes.progress,
    cancel: passes.cancel,
    awaySince: followed.awaySince,
    waiting: followed.waiting,
    async runForPerson(request) {
      const started = clock.wall();
      const result = await passes.run(request, 'person', personWaitMs);
      // A resync reads the window too, or the schedule will.
      if (request.kind !== 'full')
        schedule.note(request.source, request.kind === 'delta' ? 'delta' : 'window', started);
      return result;
    },
    invalidate: () => today.load(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    suspend() {
      led = false;
      leader.suspend();
      reading?.wake();
    },
    resume() {
      // Whoever slept knows nothing of who leads by now.
      led = false;
      leader.resume();
      reading?.wake();
      schedule.wake();
    },
    async close() {
      closing.abort(cancelled());
      await Promise.all([schedule.close(), reading?.close(), jobs.close()]);
      await Promise.all([leader.close(), followed.close(), calendar, house.ended]);
      listeners.clear();
    },
  };
}

/** After these an open case may fit a rule that it did not fit before. */
const ruleKinds: ReadonlySet<Change['kind']> = new Set(['duplicates', 'rules', 'restored', 'unknown']);

/** When each job's pass last began and ended well: a restart does not begin anew what was just done. */
async function readLastStarts(workspace: Workspace) {
  return (
    await Promise.all(
      passJobs.map(async ({ source, kind }) => {
        const last = await lastRun(
          workspace.database,
          source,
          [source === 'agents' ? 'names' : kind],
          ['complete'],
        );
        return last ? [{ source, kind, wall: last.startedAt.getTime() }] : [];
      }),
    )
  ).flat();
}
