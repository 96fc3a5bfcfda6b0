import { randomInt } from 'node:crypto';
import type { JobName } from '../../shared/contract/schedules.ts';
import type { OfficeSettings } from '../../shared/contract/settings.ts';
import { carryOutTask, sweepRequests, tellParked } from '../accounts/carry-out-task.ts';
import { keepArchive, type Archive } from '../deals/archive/keep-archive.ts';
import { runImports, type Imports } from '../deals/legacy/run-imports.ts';
import { keepRules, type Rules } from '../deals/rules/keep-rules.ts';
import type { Log } from '../log.ts';
import { startPackageJobs, type PackageJobs } from '../packages/package-jobs.ts';
import { connectionName } from '../storage/killed-processes.ts';
import { startBackups, type Backups } from '../system/backups/run-backups.ts';
import { startTaskRunner, type TaskRunner } from '../system/tasks/run-tasks.ts';
import { backupDeps, type Workspace } from '../workspace.ts';

/** All that runs by itself beside the passes over deals and messages. */
export interface OfficeJobs {
  /** Null where no folder for them was named. */
  backups: Backups | null;
  packages: PackageJobs;
  archive: Archive;
  imports: Imports;
  rules: Rules;
  /** Ends them all; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface OfficeJobsParts {
  workspace: Workspace;
  log: Log;
  backupFolder: string | undefined;
  /** Whether queued tasks are carried out here. */
  runTasks: boolean;
  leads(): boolean;
  /** As `leads`, and nothing is stopped. */
  mayWork(): boolean;
  term(): number | null;
  settings(): OfficeSettings;
  isOn(job: JobName): boolean;
  /** How long what a person asked for waits for another's permit, in ms. */
  waitMs: number;
}

export function startOfficeJobs(parts: OfficeJobsParts): OfficeJobs {
  const { workspace, log, leads, mayWork, term, settings, isOn } = parts;
  const { database, holder } = workspace;
  const { clock } = workspace.passes;
  const tasks = parts.runTasks ? runTasks(workspace, log) : null;
  const backups =
    parts.backupFolder === undefined
      ? null
      : startBackups({
          ...backupDeps(workspace, parts.backupFolder, log),
          leads,
          settings,
          isOn: () => isOn('backup'),
        });
  const rules = keepRules({
    clock,
    log: log.child('rules'),
    leads,
    deps: () => ({ database, clock, timeZone: settings().timeZone, console: holder }),
  });
  const common = { database, clock, permits: workspace.passes, settings, console: holder };
  const archive = keepArchive({
    ...{ ...common, log: log.child('archive'), leads: mayWork, term },
    isOn: () => isOn('archive'),
  });
  const imports = runImports({ ...common, log: log.child('import'), waitMs: parts.waitMs });
  const packages = startPackageJobs({ ...workspace.packages, leads: mayWork, term, settings, isOn });
  return {
    backups,
    packages,
    archive,
    imports,
    rules,
    async close() {
      await Promise.all([
        backups?.close(),
        tasks?.close(),
        packages.close(),
        archive.close(),
        imports.close(),
        rules.close(),
      ]);
    },
  };
}

/** Carries out queued requests here; null where no directory is configured, since every one would fail. */
export function runTasks(workspace: Workspace, log: Log): TaskRunner | null {
  if (workspace.missingDirectory.length > 0) return null;
  const { accounts } = workspace;
  return startTaskRunner({
    queue: accounts.queue,
    database: accounts.database,
    processId: accounts.processId,
    applicationName: connectionName('tasks', accounts.processId),
    clock: accounts.clock,
    log: log.child('tasks'),
    random: () => randomInt(1_000_000) / 1_000_000,
    work: (payload, signal) => carryOutTask(accounts, payload, signal),
    onParked: (key, error) => tellParked(accounts, key, error),
    sweep: async () => void (await sweepRequests(accounts)),
  });
}
