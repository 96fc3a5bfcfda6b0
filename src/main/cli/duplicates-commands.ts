import { Option, type Command } from 'commander';
import { historyFilter } from '../../shared/contract/duplicates.ts';
import { listClosed, listPending, type CaseRow } from '../deals/cases-store.ts';
import { agentName } from '../deals/leaderboard.ts';
import { officeTime } from '../deals/refuse-decision.ts';
import { OpsdeckError } from '../errors.ts';
import { addDecisionCommands } from './decide-duplicates-commands.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** Rows of the queue that are listed at most. */
const mostListed = 10_000;

/** `duplicates list|history|resolve|undo`. */
export function addDuplicatesCommands(program: Command, output: Output): void {
  const duplicates = program.command('duplicates').description('upstream changes that wait for a person');
  addList(duplicates, output);
  addHistory(duplicates, output);
  addDecisionCommands(duplicates, output);
}

function addList(duplicates: Command, output: Output): void {
  const list = duplicates
    .command('list')
    .description('what waits, oldest first')
    .action(async () => {
      const { rows, count } = await withWorkspace(list, {}, ({ workspace }) =>
        listPending(workspace.database, { limit: mostListed, offset: 0 }),
      );
      const words = rows.map((row) => `${pairWords(row)} (${row.reasons.join(', ')})`);
      output.answer(
        { success: true, pending: rows.map(pendingView), count },
        words.length > 0 ? words.join('\n') : 'Nothing is waiting.',
      );
    });
}

interface HistoryOptions {
  limit: string;
  offset: string;
  search?: string;
  resolution?: 'approved' | 'replaced' | 'merged' | 'rejected' | 'withdrawn';
}

function addHistory(duplicates: Command, output: Output): void {
  const history = duplicates
    .command('history')
    .description('cases that were decided or withdrawn, newest first')
    .option('--limit <n>', 'how many', '100')
    .option('--offset <n>', 'how many of the newest to leave out', '0')
    .option('--search <text>', "part of a lead's id, an agent's name, a note or who decided")
    .addOption(
      new Option('--resolution <what>', 'only cases that ended so').choices(
        historyFilter.shape.resolution.unwrap().options,
      ),
    )
    .action(async (options: HistoryOptions) => {
      const page = {
        limit: wholeNumber(options.limit, '--limit', 1, mostListed),
        offset: wholeNumber(options.offset, '--offset', 0, 1_000_000_000),
      };
      const filter = { ...page, search: options.search, resolution: options.resolution };
      const { found, zone } = await withWorkspace(history, {}, async ({ workspace }) => ({
        found: await listClosed(workspace.database, filter),
        zone: (await workspace.settings()).settings.timeZone,
      }));
      const words = found.rows.map((row) => {
        const when = officeTime(row.resolved_at ?? row.detected_at, zone);
        const how = row.resolution ? `${row.resolution} by ${row.resolved_by}` : 'withdrawn';
        return `${pairWords(row)}: ${how}, ${when}${row.resolution_note ? ` – ${row.resolution_note}` : ''}`;
      });
      output.answer(
        { success: true, history: found.rows.map(closedView), count: found.count },
        words.length > 0 ? words.join('\n') : 'No case was closed yet.',
      );
    });
}

function wholeNumber(text: string, option: string, least: number, most: number): number {
  const number = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new OpsdeckError('BAD_REQUEST', `${option} has to be a whole number from ${least} to ${most}.`);
}

function pairWords(row: CaseRow): string {
  const view = pendingView(row);
  return `${row.id}  lead ${row.lead_id}: ${view.existing_agent_name ?? 'no deal any more'} → ${view.new_agent_name}`;
}

/** A case in the shape that scripts rely on. */
export function pendingView(row: CaseRow) {
  return {
    id: row.id,
    lead_id: row.lead_id,
    existing_agent_name:
      row.existing_user_id === null
        ? null
        : agentName(row.existing_user_id, { name: row.existing_agent, group: row.existing_group }),
    existing_commission: row.existing_commission === null ? null : Number(row.existing_commission),
    existing_order_date: row.existing_order_date?.toISOString() ?? null,
    new_agent_name: agentName(row.new_user_id, { name: row.new_agent, group: row.new_group }),
    new_commission: row.new_commission === null ? null : Number(row.new_commission),
    new_order_date: row.new_order_date.toISOString(),
    detected_at: row.detected_at.toISOString(),
    version: row.version,
    reasons: row.reasons,
  };
}

/** A closed case for scripts: as a pending one, with how it ended. */
function closedView(row: CaseRow) {
  return {
    ...pendingView(row),
    status: row.status,
    resolution: row.resolution,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    resolved_by: row.resolved_by,
    note: row.resolution_note,
  };
}
