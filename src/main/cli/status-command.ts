import { join } from 'node:path';
import type { Command } from 'commander';
import { todayRange } from '../../shared/business-day.ts';
import { readTotals } from '../deals/totals-store.ts';
import { waitingOnDisk } from '../deals/spool/waiting-on-disk.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `status`: how far the data is in step, and what waits. */
export function addStatusCommand(program: Command, output: Output): void {
  const command = program
    .command('status')
    .description('how far the data is in step, and what waits for a person')
    .action(async () => {
      const status = await withWorkspace(command, {}, async ({ workspace, config }) => {
        const { settings } = await workspace.settings();
        const today = todayRange(workspace.passes.clock.now(), settings.timeZone);
        const totals = await readTotals(workspace.database, today);
        const budget = await workspace.budget(settings)?.state();
        return {
          success: true,
          deals: {
            totalDeals: totals.deals,
            todayDeals: totals.dealsToday,
            lastSync: totals.lastDealsSync?.toISOString() ?? null,
            retryQueueLength: waitingOnDisk(join(config.dataFolder, 'durable.sqlite'), workspace.databaseId),
          },
          sms: {
            totalSMS: totals.sms,
            todaySMS: totals.smsToday,
            lastSync: totals.lastSmsSync?.toISOString() ?? null,
          },
          pendingDuplicates: totals.pending,
          heldRemovals: totals.held,
          rejectedRecords: totals.rejected,
          leader: totals.leader,
          budget: budget
            ? {
                leftHour: budget.leftHour,
                leftMinute: budget.leftMinute,
                inFlight: budget.inFlight,
                forecastHour: budget.forecastHour,
                blockedUntil: budget.blockedUntil?.toISOString() ?? null,
              }
            : null,
        };
      });
      const { deals, sms } = status;
      output.answer(
        status,
        [
          `Deals: ${deals.totalDeals}, today ${deals.todayDeals}, last complete pass ${deals.lastSync ?? 'never'}`,
          `SMS: ${sms.totalSMS}, today ${sms.todaySMS}, last complete pass ${sms.lastSync ?? 'never'}`,
          `Waiting for a person: ${status.pendingDuplicates} duplicates, ${status.heldRemovals} held removals, ${status.rejectedRecords} rejected records`,
          status.leader ? `Leader: ${status.leader}` : 'Nobody leads: no pass runs by schedule now.',
          ...(deals.retryQueueLength > 0
            ? [`Read while the database was away, not saved yet: ${deals.retryQueueLength}`]
            : []),
          ...(status.budget
            ? [`Calls left: ${status.budget.leftHour} this hour, ${status.budget.leftMinute} this minute`]
            : []),
        ].join('\n'),
      );
    });
}
