import type { Command } from 'commander';
import { countPending, listPending, type PendingRow } from '../deals/duplicates-store.ts';
import { agentName } from '../deals/leaderboard.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** Rows of the queue that are listed at most. */
const mostListed = 10_000;

/** `duplicates list`. */
export function addDuplicatesCommands(program: Command, output: Output): void {
  const duplicates = program.command('duplicates').description('upstream changes that wait for a person');
  const list = duplicates
    .command('list')
    .description('what waits, oldest first')
    .action(async () => {
      const { pending, count } = await withWorkspace(list, {}, async ({ workspace }) => ({
        pending: await listPending(workspace.database, { limit: mostListed, offset: 0 }),
        count: await countPending(workspace.database),
      }));
      const words = pending.map((row) => {
        const view = pendingView(row);
        return `${row.id}  lead ${row.lead_id}: ${view.existing_agent_name ?? 'no deal any more'} → ${view.new_agent_name} (${row.reasons.join(', ')})`;
      });
      output.answer(
        { success: true, pending: pending.map(pendingView), count },
        words.length > 0 ? words.join('\n') : 'Nothing is waiting.',
      );
    });
}

/** A pending duplicate in the shape that scripts rely on. */
export function pendingView(row: PendingRow) {
  return {
    id: row.id,
    lead_id: row.lead_id,
    existing_agent_name:
      row.existing_user_id === null
        ? null
        : agentName(row.existing_user_id, { name: row.existing_agent, group: null }),
    existing_commission: row.existing_commission === null ? null : Number(row.existing_commission),
    existing_order_date: row.existing_order_date?.toISOString() ?? null,
    new_agent_name: agentName(row.new_user_id, { name: row.new_agent, group: null }),
    new_commission: row.new_commission === null ? null : Number(row.new_commission),
    new_order_date: row.new_order_date.toISOString(),
    detected_at: row.detected_at.toISOString(),
    version: row.version,
    reasons: row.reasons,
  };
}
