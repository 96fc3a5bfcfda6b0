import type { Command } from 'commander';
import type { BoardView, FairFacts, GroupRow } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { countNamed, markBoard, type FairMarks } from '../../shared/fair-board.ts';
import { readPeriod } from '../deals/board-period.ts';
import { readFair } from '../deals/fair/read-fair.ts';
import { readBoard } from '../deals/read-board.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `board today|week|month|FROM..TO [--groups] [--all]`. */
export function addBoardCommand(program: Command, output: Output): void {
  const command = program
    .command('board')
    .description('standings of the office, most deals first')
    .argument('<period>', 'today, week (Monday first), month, or days as 2026-11-01..2026-11-30')
    .option('--groups', 'of groups instead of agents')
    .option('--all', 'name the last places too, where the office hides them (--json always does)')
    .action(async (text: string, options: { groups?: boolean; all?: boolean }) => {
      const period = readPeriod(text);
      const { board, fair } = await withWorkspace(command, {}, async ({ workspace }) => {
        const now = workspace.passes.clock.now();
        const { settings } = await workspace.settings();
        const { database } = workspace;
        const asked = { period, now };
        return {
          board: await readBoard(database, { ...asked, zone: settings.timeZone }),
          fair: await readFair(database, { ...asked, settings }),
        };
      });
      const rows = options.groups ? board.groups : board.agents;
      const lines = options.groups
        ? board.groups.map((row, place) => lineOf(place, wordsOf(row)))
        : linesOfAgents(board.agents, options.all ? { ...fair, hide_last: 0 } : fair);
      const known =
        board.known_from !== null && board.known_from > board.from ? [unread(board.known_from)] : [];
      const words = lines.length > 0 ? lines : [`No deals and no messages ${spanOf(board)}.`];
      output.answer(rows, [...words, ...known].join('\n'));
    });
}

/** The zeros of days that were never read say nothing. */
function unread(knownFrom: string): string {
  return `Known from ${knownFrom} on; the days before it were never read.`;
}

/** Those who are named, with their marks; how many more there are. */
function linesOfAgents(agents: readonly BoardRow[], fair: FairFacts): string[] {
  const marks = markBoard(agents, fair);
  const named = countNamed(placesOf(agents), fair.hide_last);
  const lines = agents
    .slice(0, named)
    .map((row, place) => lineOf(place, `${wordsOf(row)}${marksOf(marks.get(row.user_id))}`));
  const rest = agents.length - named;
  return rest === 0 ? lines : [...lines, `     and ${rest} more (--all names them)`];
}

/** Equals share a place, as they do on every board: 1, 2, 2, 4. */
function placesOf(agents: readonly BoardRow[]): number[] {
  let place = 1;
  return agents.map((row, index) => {
    const before = agents[index - 1];
    if (before?.deals !== row.deals || before.commission !== row.commission) place = index + 1;
    return place;
  });
}

function marksOf(marks: FairMarks | undefined): string {
  if (marks === undefined) return '';
  const { best, rise, rookie } = marks;
  const words = [
    ...(best === null ? [] : [`personal best (before: ${best})`]),
    ...(rise === null ? [] : [`most improved (+${rise})`]),
    ...(rookie ? ['new'] : []),
  ];
  return ` – ${words.join(', ')}`;
}

function lineOf(place: number, words: string): string {
  return `${String(place + 1).padStart(3)}  ${words}`;
}

function wordsOf(row: BoardRow | GroupRow): string {
  const name = 'name' in row ? row.name + (row.group ? ` (${row.group})` : '') : row.group;
  const conversion = row.conversion === null ? '–' : row.conversion.toFixed(2);
  return `${name}: ${row.deals} deals, ${row.commission.toFixed(2)}, ${row.sms} SMS, ${conversion} deals per SMS`;
}

function spanOf({ from, to }: BoardView): string {
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}
