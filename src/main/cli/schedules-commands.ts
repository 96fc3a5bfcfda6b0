import { Argument, type Command } from 'commander';
import {
  jobNames,
  longestPauseMinutes,
  type JobName,
  type SchedulesView,
} from '../../shared/contract/schedules.ts';
import { noteArchiveRun } from '../deals/archive-store.ts';
import { archiveBefore, archiveOld } from '../deals/archive/move-archive.ts';
import { readPassPlan } from '../deals/read-pass-plan.ts';
import { runPass } from '../deals/run-pass.ts';
import { OpsdeckError } from '../errors.ts';
import { runCataloguePass } from '../packages/run-catalogue-pass.ts';
import { validateAll } from '../packages/validate-packages.ts';
import { jobs } from '../schedule.ts';
import { describeSchedules } from '../schedules-answers.ts';
import type { ScheduleChange } from '../system/schedule-switches.ts';
import { readSwitches, storeSwitches } from '../system/schedules-store.ts';
import { archiveDeps } from './archive-commands.ts';
import type { Output } from './output.ts';
import { withWorkspace, type CommandParts } from './with-workspace.ts';

/** How long a command waits for another's pass over the same source, in ms. */
const permitWaitMs = 300_000;

/** `schedules [pause|disable|resume|run|stop-all]`. */
export function addSchedulesCommands(program: Command, output: Output): void {
  const schedules = program
    .command('schedules')
    .description('what runs by itself: show it, pause, disable, resume or run one, stop all');
  const listing = schedules
    .command('list', { isDefault: true })
    .description('every job, whether it is on, and how it went last')
    .action(async () => tell(output, await withWorkspace(listing, {}, view)));
  const changing = (name: string, words: string) => schedules.command(name).description(words);
  const job = () => new Argument('<job>', 'which one').choices(jobNames);
  const store = (command: Command, change: ScheduleChange) =>
    withWorkspace(command, {}, async (parts) => {
      const { workspace, actor } = parts;
      const at = new Date(workspace.passes.clock.wall());
      await storeSwitches(workspace.database, change, { actor, console: workspace.holder, at });
      tell(output, await view(parts));
    });

  const pause = changing('pause', 'let one rest for a while; it goes on by itself')
    .addArgument(job())
    .option('--minutes <n>', 'for how long (default 60)', '60')
    .action((name: JobName, { minutes }: { minutes: string }) =>
      store(pause, { kind: 'pause', job: name, minutes: readMinutes(minutes) }),
    );
  const disable = changing('disable', 'let one rest until it is resumed')
    .addArgument(job())
    .action((name: JobName) => store(disable, { kind: 'disable', job: name }));
  const resume = changing('resume', 'let one run by itself again, or all, also after stop-all')
    .addArgument(new Argument('<job>', 'which one, or all').choices([...jobNames, 'all']))
    .action((name: JobName | 'all') => store(resume, { kind: 'resume', job: name === 'all' ? null : name }));
  const stop = changing('stop-all', 'let nothing run by itself, in any process').action(() =>
    store(stop, { kind: 'stop-all' }),
  );
  const run = changing('run', 'run one now, also one that rests')
    .addArgument(job())
    .action(async (name: JobName) => {
      await withWorkspace(run, {}, (parts) => runNow(parts, name));
      output.answer({ success: true, job: name }, `${name}: done.`);
    });
}

function readMinutes(text: string): number {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= longestPauseMinutes) return minutes;
  throw new OpsdeckError(
    'BAD_REQUEST',
    `--minutes is a whole number from 1 to ${longestPauseMinutes}. What is to rest longer is disabled.`,
  );
}

async function view({ workspace }: CommandParts): Promise<SchedulesView> {
  const { database, passes } = workspace;
  const { settings } = await workspace.settings();
  return describeSchedules({
    database,
    wallMs: passes.clock.wall(),
    switches: await readSwitches(database),
    plan: await readPassPlan(database, settings.deltaSeconds),
    leads: false,
    next: () => null,
    running: () => false,
    archive: settings.archive,
  });
}

async function runNow({ workspace, signal }: CommandParts, name: JobName): Promise<void> {
  const pass = jobs.find((job) => job.name === name);
  const asked = { trigger: 'cli', signal, waitMs: permitWaitMs } as const;
  if (pass) {
    await runPass(workspace.passes, { ...asked, source: pass.source, kind: pass.kind, days: null });
  } else if (name === 'packages') {
    await runCataloguePass(workspace.packages, { ...asked, onProgress: () => {} });
  } else if (name === 'packages-validation') {
    await validateAll(workspace.packages, { trigger: 'cli' });
  } else if (name === 'archive') {
    await archiveNow(workspace, signal);
  } else {
    throw new OpsdeckError('BAD_REQUEST', 'A backup is made with: db backup');
  }
}

async function archiveNow(workspace: CommandParts['workspace'], signal: AbortSignal): Promise<void> {
  const { settings } = await workspace.settings();
  const deps = archiveDeps(workspace);
  await archiveOld(deps, archiveBefore(deps.clock.now(), settings), { signal });
  const at = new Date(deps.clock.wall()).toISOString();
  await noteArchiveRun(workspace.database, { at, state: 'complete', message: null });
}

function tell(output: Output, shown: SchedulesView): void {
  const lines = shown.jobs.map(({ name, state, until, by, last }) => {
    const off = state === 'on' ? 'on' : `${state} by ${by}${until === null ? '' : ` until ${until}`}`;
    return `${name}: ${off}; ${last === null ? 'has not run yet' : `last ${last.state} at ${last.at}`}`;
  });
  const all = shown.stopped
    ? [`Everything is stopped by ${shown.stopped.by}. Go on with: schedules resume all`]
    : [];
  output.answer({ success: true, ...shown }, [...all, ...lines].join('\n'));
}
