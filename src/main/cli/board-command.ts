import type { Command } from 'commander';
import type { BoardView, GroupRow } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { readPeriod } from '../deals/board-period.ts';
import { readBoard } from '../deals/read-board.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `board today|week|month|FROM..TO [--groups]`. */
export function addBoardCommand(program: Command, output: Output): void {
  const command = program
    .command('board')
    .description('standings of the office, most deals first')
    .argument('<period>', 'today, week (Monday first), month, or days as 2026-11-01..2026-11-30')
    .option('--groups', 'of groups instead of agents')
    .action(async (text: string, options: { groups?: boolean }) => {
      const period = readPeriod(text);
      const board = await withWorkspace(command, {}, async ({ workspace }) =>
        readBoard(workspace.database, {
          period,
          now: workspace.passes.clock.now(),
          zone: (await workspace.settings()).settings.timeZone,
        }),
      );
      const rows = options.groups ? board.groups : board.agents;
      const lines = rows.map((row, place) => `${String(place + 1).padStart(3)}  ${wordsOf(row)}`);
      output.answer(rows, lines.length > 0 ? lines.join('\n') : `No deals and no messages ${spanOf(board)}.`);
    });
}

function wordsOf(row: BoardRow | GroupRow): string {
  const name = 'name' in row ? row.name + (row.group ? ` (${row.group})` : '') : row.group;
  const conversion = row.conversion === null ? '–' : row.conversion.toFixed(2);
  return `${name}: ${row.deals} deals, ${row.commission.toFixed(2)}, ${row.sms} SMS, ${conversion} deals per SMS`;
}

function spanOf({ from, to }: BoardView): string {
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}
