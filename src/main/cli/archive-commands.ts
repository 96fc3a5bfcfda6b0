import type { Command } from 'commander';
import { countOlder, readArchive } from '../deals/archive-store.ts';
import { archiveBefore, archiveOld, moveBack, type ArchiveDeps } from '../deals/archive/move-archive.ts';
import { daysOfPeriod, rangeOfDays, readPeriod } from '../deals/board-period.ts';
import { officeTime } from '../deals/refuse-decision.ts';
import { OpsdeckError } from '../errors.ts';
import type { Workspace } from '../workspace.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** How long a batch waits for a pass that writes deals, in ms. */
const permitWaitMs = 120_000;

/** `db archive` and `db maintain`. */
export function addArchiveCommands(db: Command, output: Output): void {
  addArchive(db, output);
  addMaintain(db, output);
}

interface ArchiveOptions {
  status?: boolean;
  back?: boolean;
  days?: string;
}

function addArchive(db: Command, output: Output): void {
  const command = db
    .command('archive')
    .description('move settled deals older than the set age to deals_archive now; boards count both')
    .option('--status', 'only say what is archived and what is old enough')
    .option('--back', 'move archived deals back; the archive has to be off in the settings')
    .option('--days <from..to>', 'with --back: only leads with a deal ordered on these office days')
    .action(async (options: ArchiveOptions) => {
      if (options.days !== undefined && !options.back)
        throw new OpsdeckError('BAD_REQUEST', '--days goes with --back.');
      const period = options.days === undefined ? null : readPeriod(options.days);
      const { document, words } = await withWorkspace(command, {}, async ({ workspace, signal, actor }) => {
        const { settings } = await workspace.settings();
        const zone = settings.timeZone;
        const deps = archiveDeps(workspace);
        const onMoved = tell(output);
        if (options.status) return statusOf(workspace, archiveBefore(deps.clock.now(), settings), zone);
        if (options.back) {
          const range = period && rangeOfDays(daysOfPeriod(period, deps.clock.now(), zone), zone);
          const asked = { range, settings, actor, console: workspace.holder };
          const moved = await moveBack(deps, asked, { signal, onMoved });
          return { document: { success: true, moved_back: moved }, words: `${moved} deals were moved back.` };
        }
        const before = archiveBefore(deps.clock.now(), settings);
        const moved = await archiveOld(deps, before, { signal, onMoved });
        const words = `${moved} deals from before ${officeTime(before, zone)} were archived.`;
        return { document: { success: true, archived: moved, before: before.toISOString() }, words };
      });
      output.answer(document, words);
    });
}

function addMaintain(db: Command, output: Output): void {
  const command = db
    .command('maintain')
    .description(
      'what keeps the database quick: archives what is old enough (where that is on), then ANALYZE',
    )
    .action(async () => {
      const archived = await withWorkspace(command, {}, async ({ workspace, signal }) => {
        const { settings } = await workspace.settings();
        const deps = archiveDeps(workspace);
        const moved = settings.archive
          ? await archiveOld(deps, archiveBefore(deps.clock.now(), settings), {
              signal,
              onMoved: tell(output),
            })
          : null;
        await workspace.database.transaction((tx) => tx.query('analyze'), { statementTimeoutMs: 600_000 });
        return moved;
      });
      const words = archived === null ? 'The archive is off.' : `${archived} deals were archived.`;
      output.answer({ success: true, archived }, `${words} Statistics are up to date.`);
    });
}

/** What archiving needs of a command's workspace. */
export function archiveDeps({ database, passes }: Workspace): ArchiveDeps {
  return { database, clock: passes.clock, permits: passes, waitMs: permitWaitMs };
}

async function statusOf(workspace: Workspace, before: Date, zone: string) {
  const { database } = workspace;
  const [held, due] = await Promise.all([readArchive(database), countOlder(database, before)]);
  const span =
    held.oldest && held.newest
      ? `, ordered from ${officeTime(held.oldest, zone)} to ${officeTime(held.newest, zone)}`
      : '';
  return {
    document: {
      success: true,
      archived: held.deals,
      oldest: held.oldest?.toISOString() ?? null,
      newest: held.newest?.toISOString() ?? null,
      before: before.toISOString(),
      due,
    },
    words: `${held.deals} deals are archived${span}. ${due} more are from before ${officeTime(before, zone)}.`,
  };
}

/** Says each ten thousand. */
function tell(output: Output): (moved: number) => void {
  let told = 0;
  return (moved) => {
    const step = Math.floor(moved / 10_000);
    if (step <= told) return;
    told = step;
    output.note(`${moved} deals moved`);
  };
}
