import { Option, type Command } from 'commander';
import type { HistoryFilter } from '../../shared/contract/duplicates.ts';
import { historyFilter } from '../../shared/contract/duplicates.ts';
import type { FileContent } from '../csv.ts';
import { closedFilter } from '../deals/answer-duplicates.ts';
import { boardFile } from '../deals/board-csv.ts';
import { daysOfPeriod, readPeriod } from '../deals/board-period.ts';
import { exportDeals } from '../deals/export-deals.ts';
import { writeHistory } from '../deals/export-history.ts';
import { readBoard } from '../deals/read-board.ts';
import { OpsdeckError } from '../errors.ts';
import { writeWhole } from '../write-whole.ts';
import type { Output } from './output.ts';
import { withWorkspace, type CommandParts } from './with-workspace.ts';

interface Language {
  language: 'sv' | 'en';
}

const language = () =>
  new Option('--language <name>', 'of headings and words').choices(['sv', 'en']).default('en');
const days = 'today, week (Monday first), month, or days as 2026-11-01..2026-11-30';

/** `export board PERIOD FILE`, `export deals PERIOD FILE`, `export history FILE`: CSV, whole or not at all. */
export function addExportCommands(program: Command, output: Output): void {
  const group = program.command('export').description('write a board, deals or decided cases as CSV');
  const save = async (command: Command, file: string, make: Make): Promise<void> => {
    let rows = 0;
    await withWorkspace(command, {}, async (parts) => {
      await writeWhole(file, await make(parts, (written) => (rows = written)));
    });
    output.answer({ success: true, path: file, rows }, `${rows} rows written to ${file}`);
  };
  addBoard(group, save);
  addDeals(group, save);
  addHistory(group, save);
}

/** What a file holds; tells how many rows there are. */
type Make = (parts: CommandParts, tell: (rows: number) => void) => FileContent | Promise<FileContent>;
type Save = (command: Command, file: string, make: Make) => Promise<void>;

function addBoard(group: Command, save: Save): void {
  const board = group
    .command('board')
    .description('standings, everybody named')
    .argument('<period>', days)
    .argument('<file>', 'where to')
    .option('--groups', 'of groups instead of agents')
    .addOption(language())
    .action(async (text: string, file: string, options: Language & { groups?: boolean }) => {
      const period = readPeriod(text);
      await save(board, file, async ({ workspace }, tell) => {
        const zone = (await workspace.settings()).settings.timeZone;
        const now = workspace.passes.clock.now();
        const found = await readBoard(workspace.database, { period, now, zone });
        const made = boardFile(found, options.groups ? 'groups' : 'agents', options.language);
        tell(made.rows);
        return made.text;
      });
    });
}

function addDeals(group: Command, save: Save): void {
  const deals = group
    .command('deals')
    .description('every deal of some days, also replaced and archived ones')
    .argument('<period>', days)
    .argument('<file>', 'where to')
    .addOption(language())
    .action(async (text: string, file: string, options: Language) => {
      const period = readPeriod(text);
      await save(deals, file, async ({ workspace }, tell) => {
        const zone = (await workspace.settings()).settings.timeZone;
        const asked = { days: daysOfPeriod(period, workspace.passes.clock.now(), zone), zone };
        return async (write) =>
          tell(await exportDeals(workspace.database, { ...asked, language: options.language }, write));
      });
    });
}

function addHistory(group: Command, save: Save): void {
  const history = group
    .command('history')
    .description('decided and withdrawn duplicates, newest first')
    .argument('<file>', 'where to')
    .option('--search <text>', 'lead, agent, note or who decided')
    .option('--resolution <name>', 'approved, replaced, merged, rejected or withdrawn')
    .option('--from <day>', 'decided on this day or later, YYYY-MM-DD')
    .option('--to <day>', 'decided on this day or before, YYYY-MM-DD')
    .addOption(language())
    .action(async (file: string, options: Language & HistoryFilter) => {
      const asked = historyFilter.safeParse(options);
      if (!asked.success) {
        const which = asked.error.issues[0]?.path.join('.') ?? 'filter';
        throw new OpsdeckError(
          'BAD_REQUEST',
          `--${which} cannot be read. See: opsdeck export history --help`,
        );
      }
      await save(history, file, async ({ workspace }, tell) => {
        const { timeZone } = (await workspace.settings()).settings;
        const filter = closedFilter(asked.data, timeZone);
        return async (write) =>
          tell(
            await writeHistory(workspace.database, { filter, timeZone, language: options.language }, write),
          );
      });
    });
}
