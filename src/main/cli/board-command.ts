import { Argument, type Command } from 'commander';
import { TodayCache } from '../deals/today-cache.ts';
import { currentSeq } from '../system/change-log.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `board today`. */
export function addBoardCommand(program: Command, output: Output): void {
  const command = program
    .command('board')
    .description('standings of the office, most deals first')
    .addArgument(new Argument('<period>', 'the period').choices(['today']))
    .action(async () => {
      const today = await withWorkspace(command, {}, async ({ workspace }) => {
        const { settings } = await workspace.settings();
        const cache = new TodayCache({
          database: workspace.database,
          clock: workspace.passes.clock,
          timeZone: () => settings.timeZone,
        });
        await cache.load(await currentSeq(workspace.database));
        return cache.today();
      });
      const lines = today.board.map(
        (row, index) =>
          `${String(index + 1).padStart(3)}  ${row.name}${row.group ? ` (${row.group})` : ''}: ${row.deals} deals, ` +
          `${row.commission.toFixed(2)}, ${row.sms} SMS, ${row.conversion === null ? '–' : row.conversion.toFixed(2)} deals per SMS`,
      );
      output.answer(
        today.board,
        lines.length > 0 ? lines.join('\n') : `No deals and no messages on ${today.day}.`,
      );
    });
}
