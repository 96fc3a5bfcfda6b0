import {
  jobNames,
  type JobName,
  type ScheduledJob,
  type SchedulesView,
} from '../shared/contract/schedules.ts';
import { start as startPass } from './deals/answer-sync.ts';
import { readArchiveRun } from './deals/archive-store.ts';
import type { PassPlan } from './deals/plan-passes.ts';
import { OpsdeckError } from './errors.ts';
import type { Operations } from './operations.ts';
import { lastDone } from './packages/catalogue-search-store.ts';
import { validateAll } from './packages/validate-packages.ts';
import { jobs } from './schedule.ts';
import type { Database } from './storage/postgres.ts';
import { readBackupNotes } from './system/backups/backups-store.ts';
import { switchOf, type ScheduleChange, type ScheduleSwitches } from './system/schedule-switches.ts';
import { storeSwitches } from './system/schedules-store.ts';
import { lastRun, type SyncRun } from './system/sync-runs.ts';

const daySeconds = 86_400;
const hourSeconds = 3_600;

/** Every job, whether it is on, when it runs next and how it went last. */
export async function list(operations: Operations): Promise<SchedulesView> {
  const next = await nextStarts(operations);
  const { database, passes } = operations.workspace;
  return describeSchedules({
    database,
    wallMs: passes.clock.wall(),
    switches: operations.switches(),
    plan: operations.plan(),
    leads: operations.leader.isLeader(),
    next: (job) => next.get(job) ?? null,
    running: (job) => isRunning(operations, job),
    archive: operations.settings().archive,
  });
}

/** Changes what is switched off, for every process, and answers how it is then. */
export async function change(
  operations: Operations,
  what: ScheduleChange,
  actor: string,
): Promise<SchedulesView> {
  const { database, holder, passes } = operations.workspace;
  const at = new Date(passes.clock.wall());
  operations.obey(await storeSwitches(database, what, { actor, console: holder, at }));
  return list(operations);
}

/** Runs a job for a person, whatever is switched off; what comes of it is told where runs are told. */
export async function run(
  operations: Operations,
  job: JobName,
  actor: string,
): Promise<{ started: boolean }> {
  if (isRunning(operations, job)) return { started: false };
  const pass = jobs.find(({ name }) => name === job);
  if (pass) return startPass(operations, { source: pass.source, kind: pass.kind });
  switch (job) {
    case 'packages':
      operations.packages.run().catch(() => {});
      return { started: true };
    case 'packages-validation':
      await validateAll(operations.workspace.packages, { trigger: 'person' });
      return { started: true };
    case 'archive':
      return { started: operations.archive.start('archiving', actor) };
    default:
      if (!operations.backups)
        throw new OpsdeckError(
          'NOT_FOUND',
          'This process makes no backups. Ask on a console or an agent host.',
        );
      return { started: operations.backups.start(actor) };
  }
}

function isRunning(operations: Operations, job: JobName): boolean {
  const pass = jobs.find(({ name }) => name === job);
  if (pass) return operations.running(pass.source)?.kind === (pass.source === 'agents' ? 'names' : pass.kind);
  if (job === 'archive') return operations.archive.running() === 'archiving';
  return job === 'packages' && operations.packages.running() !== null;
}

/** As the leader knows them, with its pauses after failures; elsewhere they follow from the latest runs. */
async function nextStarts(operations: Operations): Promise<Map<JobName, number>> {
  const next = new Map<JobName, number>();
  if (!operations.leader.isLeader()) return next;
  for (const { name, source, kind } of jobs) {
    const at = operations.schedule.nextStart(source, kind);
    if (at !== null) next.set(name, at);
  }
  const packages = await operations.packages.next();
  if (packages.pass !== null) next.set('packages', packages.pass);
  if (packages.validation !== null) next.set('packages-validation', packages.validation);
  const archive = operations.archive.next();
  if (archive !== null) next.set('archive', archive);
  const backups = await operations.backups?.view();
  if (backups) next.set('backup', Date.parse(backups.next_daily));
  return next;
}

/** What is known of every job without running any; `next` where the asked process does not know better. */
export async function describeSchedules(parts: {
  database: Database;
  wallMs: number;
  switches: ScheduleSwitches;
  /** Null: the intervals of this office are not known here. */
  plan: PassPlan | null;
  leads: boolean;
  next(job: JobName): number | null;
  running(job: JobName): boolean;
  /** The office archives; where it does not, that is no job. */
  archive: boolean;
}): Promise<SchedulesView> {
  const lasts = await lastResults(parts.database);
  const names = jobNames.filter((name) => name !== 'archive' || parts.archive);
  return {
    jobs: names.map((name): ScheduledJob => {
      const off = switchOf(parts.switches, name, parts.wallMs);
      const job = jobs.find((one) => one.name === name);
      const every = job && parts.plan ? job.every(parts.plan) : name === 'archive' ? hourSeconds : daySeconds;
      const last = lasts.get(name) ?? null;
      const next = off.state === 'on' ? parts.next(name) : null;
      return {
        name,
        ...off,
        every_seconds: Math.round(every),
        next_at: next === null ? null : new Date(next).toISOString(),
        running: parts.running(name),
        last,
      };
    }),
    stopped: parts.switches.stopped,
    leads: parts.leads,
  };
}

async function lastResults(database: Database): Promise<Map<JobName, ScheduledJob['last']>> {
  const [runs, packages, done, backups, archive] = await Promise.all([
    Promise.all(
      jobs.map(async ({ name, source, kind }) => {
        const last = await lastRun(database, source, [source === 'agents' ? 'names' : kind]);
        return [name, last ? resultOf(last) : null] as const;
      }),
    ),
    lastRun(database, 'packages', ['window']),
    lastDone(database),
    readBackupNotes(database),
    readArchiveRun(database),
  ]);
  const well = (at: Date | string) => ({
    at: new Date(at).toISOString(),
    state: 'complete' as const,
    message: null,
  });
  return new Map<JobName, ScheduledJob['last']>([
    ...runs,
    ['packages', packages ? resultOf(packages) : null],
    ['packages-validation', done.validation ? well(done.validation) : null],
    ['archive', archive],
    ['backup', backups.daily ? well(backups.daily.at) : null],
  ]);
}

function resultOf(run: SyncRun): ScheduledJob['last'] {
  return {
    at: (run.endedAt ?? run.startedAt).toISOString(),
    state: run.state === 'running' ? 'incomplete' : run.state,
    message: run.error ?? null,
  };
}
