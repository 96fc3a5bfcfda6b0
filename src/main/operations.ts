import { randomInt } from 'node:crypto';
import { nextMidnight } from '../shared/business-day.ts';
import type { Change } from '../shared/contract/changes.ts';
import type { JobName } from '../shared/contract/schedules.ts';
import type { OfficeSettings } from '../shared/contract/settings.ts';
import type { PassProgress } from '../shared/contract/sync.ts';
import { keepBoardZone } from './deals/keep-board-zone.ts';
import type { PassPlan } from './deals/plan-passes.ts';
import { readPassPlan } from './deals/read-pass-plan.ts';
import type { PassRequest, PassResult } from './deals/run-pass.ts';
import { TodayCache } from './deals/today-cache.ts';
import { countWaiting } from './deals/totals-store.ts';
import { startReadOn, type ReadOn, type SpoolMoved } from './keep-reading.ts';
import { startOfficeJobs, type OfficeJobs } from './office-jobs.ts';
import { cancelled, runPasses, type Passes } from './run-passes.ts';
import { pruneRequests } from './http/requests-store.ts';
import type { Log } from './log.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';
import type { Database } from './storage/postgres.ts';
import { jobs as passJobs, startSchedule, type Schedule } from './schedule.ts';
import { currentSeq, followChanges, pruneChanges, type FollowState } from './system/change-log.ts';
import { startLeader, type Leader } from './system/leader.ts';
import { switchOf, type ScheduleSwitches } from './system/schedule-switches.ts';
import { readSwitches } from './system/schedules-store.ts';
import { closeAbandonedRuns, lastRun } from './system/sync-runs.ts';
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
/** Housekeeping and the look at the calendar, in ms. */
const housekeepingMs = 600_000;
/** Pause between two tries to start an embedded server again, in ms. */
const reviveMs = 3_000;
const calendarMs = 15_000;

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
  let settings = (await workspace.settings()).settings;
  let plan = await readPassPlan(database, settings.deltaSeconds);
  let switches = await readSwitches(database);
  const isOn = (job: JobName) => switchOf(switches, job, clock.wall()).state === 'on';
  const lastStarts = await readLastStarts(workspace);
  let away: Date | null = null;
  /** True when changes were announced whose consequences could not be read: everything has to be, anew. */
  let behind = false;
  /** Counted again after each change that may have moved it. */
  let waiting: Promise<number> | null = null;

  const tell = (event: OperationsEvent) => {
    for (const listener of listeners) listener(event);
  };

  const passes = runPasses({
    deps: workspace.passes,
    closing: closing.signal,
    term: () => leader.term(),
    onProgress: (progress) => tell({ type: 'progress', progress }),
  });
  let reading: ReadOn | null = null;
  /** True while nothing is known of a later leader than this process. */
  let led = false;

  const today = new TodayCache({
    database,
    clock,
    timeZone: () => settings.timeZone,
    over: (deals, range) => reading?.over(deals, range) ?? new Map(),
  });
  const after = await currentSeq(database);
  await today.load(after);
  const vital: Database = { ...database, query: database.vital.query };
  const follower = followChanges({
    database: vital,
    clock,
    after,
    onChanges: followed,
    onReset: async (seq) => {
      believeAnew();
      await today.load(seq);
      tell({ type: 'reload' });
    },
    onState: (state) => noteDatabase(state),
    onError: (error) => log.warn('Changes could not be followed', { error: String(error) }),
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
        else void keepZone();
        schedule.wake();
        tell({ type: 'status' });
      },
    },
  );
  const schedule = startSchedule({
    clock,
    mayRun: () =>
      leader.isLeader() && workspace.missing(settings).length === 0 && (reading?.mayPass() ?? true),
    isOn,
    plan: () => plan,
    run: (job) => passes.run(job, 'schedule', scheduledWaitMs),
  });
  for (const { source, kind, wall } of lastStarts) schedule.note(source, kind, wall);
  if (durable)
    reading = startReadOn({
      workspace,
      durable,
      log: log.child('spool'),
      random: () => randomInt(1_000_000) / 1_000_000,
      settings: () => settings,
      plan: () => plan,
      dueAt: () => schedule.dueAt('deals', 'delta'),
      today: () => today,
      isAway: () => away !== null,
      // What is switched off is not read on either.
      led: () => led && isOn('deals-delta'),
      onMoved: (moved) => tell({ type: 'spool', ...moved }),
      onDrained: () => schedule.wake(),
    });

  async function followed(changes: Change[]): Promise<void> {
    try {
      await takeIn(changes);
    } catch (error) {
      behind = true;
      throw error;
    }
  }

  /** The mode may be another: what was read is dropped, and what this process believes is noted at once. */
  function believeAnew(): void {
    workspace.accounts.mode.drop();
    void workspace.accounts.mode.read();
  }

  async function takeIn(changes: Change[]): Promise<void> {
    if (changes.some((change) => modeKinds.has(change.kind))) believeAnew();
    if (changes.some((change) => settingsKinds.has(change.kind))) {
      settings = (await workspace.settings()).settings;
      obey(await readSwitches(database));
      void keepZone();
    }
    await today.follow(changes);
    if (changes.some((change) => change.kind === 'restored')) reading?.forget();
    if (leader.isLeader() && changes.some(movesReading)) reading?.remember();
    if (changes.some((change) => waitingKinds.has(change.kind))) waiting = null;
    for (const change of changes) tell({ type: 'change', change });
    reading?.followed();
    if (changes.some((change) => change.kind === 'run' || settingsKinds.has(change.kind))) {
      plan = await readPassPlan(database, settings.deltaSeconds);
      schedule.wake();
    }
  }

  /** Whoever leads keeps the boards' rollup in the office's zone; until then boards are counted from the rows. */
  async function keepZone(): Promise<void> {
    if (!leader.isLeader()) return;
    try {
      if (await keepBoardZone(database, settings.timeZone, { leads: true })) {
        log.info(`Boards: counted anew in the days of ${settings.timeZone}`);
      }
    } catch (error) {
      log.warn('Boards could not be counted anew in the new zone yet', { error: String(error) });
    }
  }

  /** Reads again what `followed` could not. */
  async function makeUp(): Promise<void> {
    try {
      settings = (await workspace.settings()).settings;
      obey(await readSwitches(database));
      plan = await readPassPlan(database, settings.deltaSeconds);
      await today.load();
      waiting = null;
      behind = false;
      tell({ type: 'reload' });
      reading?.followed();
      schedule.wake();
    } catch (error) {
      log.warn('What changed meanwhile could not be read yet', { error: String(error) });
    }
  }

  function noteDatabase(state: FollowState): void {
    const isAway = state === 'away';
    if (isAway === (away !== null)) return;
    away = isAway ? clock.now() : null;
    log.warn(isAway ? 'The database does not answer' : 'The database answers again');
    tell({ type: 'status' });
    reading?.wake();
    if (isAway) void reviveDatabase();
    if (!isAway) schedule.databaseBack();
    if (!isAway) believeAnew();
    if (!isAway && behind) void makeUp();
  }

  /** An embedded server that ended under us is started again, as often as it takes. */
  async function reviveDatabase(): Promise<void> {
    while (away !== null && !closing.signal.aborted) {
      await workspace.reviveDatabase().catch((error: unknown) => {
        log.warn('The embedded database could not be started again', { error: String(error) });
      });
      await clock.sleep(reviveMs, closing.signal).catch(() => {});
    }
  }

  /** Stop-all also ends what the schedule began; a single job that is switched off ends its turn first. */
  function obey(now: ScheduleSwitches): void {
    const stopsNow = now.stopped !== null && switches.stopped === null;
    switches = now;
    if (stopsNow) {
      passes.stopScheduled();
      jobs.packages.stopScheduled();
    }
    reading?.wake();
    schedule.wake();
  }

  let toldDay = today.today().day;

  async function lookAtCalendar(): Promise<void> {
    while (!closing.signal.aborted) {
      const untilMidnight = nextMidnight(clock.now(), settings.timeZone).getTime() - clock.now().getTime();
      const wait = Math.min(Math.max(untilMidnight, 50), calendarMs);
      await clock.sleep(wait, closing.signal).catch(() => {});
      if (closing.signal.aborted) break;
      if (behind || today.isBehind()) await makeUp();
      try {
        if (today.isYesterday()) await today.load();
      } catch (error) {
        log.warn('The new day could not be loaded yet', { error: String(error) });
        // What is read on is of the new day; where nothing is read, yesterday's board with its date says more.
        if (today.isYesterday() && reading?.state()?.lastReadAt) today.beginDay();
      }
      // Whoever loaded it, perhaps a change that came first: windows are told once.
      const { day } = today.today();
      if (day !== toldDay) tell({ type: 'day', day });
      toldDay = day;
    }
  }

  async function keepHouse(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await closeAbandonedRuns(database);
        if (leader.isLeader()) await pruneChanges(database);
        if (leader.isLeader()) await pruneRequests(database);
        await keepZone();
      } catch (error) {
        log.debug('Housekeeping was put off', { error: String(error) });
      }
      await clock.sleep(housekeepingMs, closing.signal).catch(() => {});
    }
  }
  const background = [lookAtCalendar(), keepHouse()];
  believeAnew();
  const jobs = startOfficeJobs({
    workspace,
    log,
    backupFolder,
    runTasks: options.runTasks === true,
    leads: () => leader.isLeader(),
    // What has no switch of its own, such as the archive, rests with stop-all.
    mayWork: () => leader.isLeader() && switches.stopped === null,
    term: () => leader.term(),
    settings: () => settings,
    isOn,
    waitMs: personWaitMs,
  });
  listeners.add((event) => {
    if (event.type === 'reload') jobs.rules.wake(true);
    if (event.type === 'change' && ruleKinds.has(event.change.kind))
      jobs.rules.wake(event.change.kind === 'restored' || event.change.kind === 'unknown');
  });

  return {
    workspace,
    today,
    leader,
    schedule,
    backups: jobs.backups,
    packages: jobs.packages,
    archive: jobs.archive,
    imports: jobs.imports,
    plan: () => plan,
    settings: () => settings,
    switches: () => switches,
    obey,
    running: passes.progress,
    awaySince: () => away,
    reading,
    async runForPerson(request) {
      const started = clock.wall();
      const result = await passes.run(request, 'person', personWaitMs);
      // A resync reads the window too, or the schedule will.
      if (request.kind !== 'full')
        schedule.note(request.source, request.kind === 'delta' ? 'delta' : 'window', started);
      return result;
    },
    cancel: passes.cancel,
    async waiting() {
      const counting = (waiting ??= countWaiting(database));
      // A failure is not remembered.
      counting.catch(() => (waiting = waiting === counting ? null : waiting));
      return counting;
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
      await Promise.all([leader.close(), follower.close(), ...background]);
      listeners.clear();
    },
  };
}

const waitingKinds: ReadonlySet<Change['kind']> = new Set([
  'duplicates',
  'held',
  'rejected',
  'restored',
  'unknown',
]);
/** After these, what reading on needs is another: cursor, stamps, leads, what is left of the vendor's calls. */
const movesReading = (change: Change) =>
  change.kind === 'run'
    ? change.data.state !== 'running'
    : ['deals', 'agents', 'restored', 'unknown'].includes(change.kind);
const modeKinds: ReadonlySet<Change['kind']> = new Set(['mode', 'restored', 'unknown']);
/** After these an open case may fit a rule that it did not fit before. */
const ruleKinds: ReadonlySet<Change['kind']> = new Set(['duplicates', 'rules', 'restored', 'unknown']);
const settingsKinds: ReadonlySet<Change['kind']> = new Set(['settings', 'restored', 'unknown']);

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
