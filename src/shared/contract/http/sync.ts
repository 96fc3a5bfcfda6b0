import { z } from 'zod';
import { boardRow, instant } from '../deals.ts';
import { groupRow, periodText } from '../boards.ts';
import { heldDecision, heldRemoval, passCounts } from '../sync.ts';
import { asOf, route, success } from './route.ts';

const count = z.number().int();

/** Retirements of packages that are held: in the same list, with what they are about. */
const heldPackages = heldRemoval
  .omit({ of_deals: true, range_start: true, range_end: true })
  .extend({ source: z.literal('packages'), of_packages: count });
const note = z.string().trim().max(2000).optional();

export const syncHttp = {
  resync: route('POST', '/api/admin/sync-database', {
    scope: 'decide',
    group: 'sync',
    summary: 'Read deals and messages anew and swap them in whole; answers when it is done',
    description:
      'rolling: the window of this month · full: everything, or the days startDate to endDate. Removals that need a ' +
      'person are held (see /api/admin/sync-held). A failed resync changes nothing.',
  })
    .input(
      z.object({
        mode: z.enum(['full', 'rolling']),
        startDate: z.iso.date().optional().describe('First day, with mode full'),
        endDate: z.iso.date().optional().describe('Last day, with mode full'),
      }),
    )
    .output(
      z.object({
        success,
        message: z.string(),
        /** Days of the office, both included; null: everything. */
        period: z.object({ startDate: z.iso.date(), endDate: z.iso.date() }).nullable(),
        deals: passCounts,
        sms: passCounts,
      }),
    ),
  status: route('GET', '/api/admin/sync-status', {
    scope: 'read',
    group: 'sync',
    summary: 'How far the data is in step, and what waits',
  }).output(
    z.object({
      success,
      deals: z.object({
        totalDeals: count,
        todayDeals: count,
        lastSync: instant.nullable(),
        retryQueueLength: count,
      }),
      sms: z.object({ totalSMS: count, todaySMS: count, lastSync: instant.nullable() }),
      pendingDuplicates: count,
      as_of: asOf,
    }),
  ),
  held: route('GET', '/api/admin/sync-held', {
    scope: 'read',
    group: 'sync',
    summary: 'Removals that a pass held back for a person',
  }).output(z.object({ success, held: z.array(z.union([heldRemoval, heldPackages])), count, as_of: asOf })),
  decideHeld: route('POST', '/api/admin/sync-held', {
    scope: 'decide',
    group: 'sync',
    summary: 'Accept or discard held removals',
  })
    .input(z.object({ id: z.number().int().positive(), action: z.enum(['accept', 'discard']), note }))
    .output(heldDecision.extend({ success })),
  invalidate: route('POST', '/api/admin/cache/invalidate', {
    scope: 'decide',
    group: 'cache',
    summary: "Load today's rows anew from the database",
  }).output(z.object({ success })),
  leaderboard: route('GET', '/api/leaderboard', {
    scope: 'read',
    group: 'leaderboard',
    summary: 'Standings of agents or groups, most deals first',
  })
    .input(
      z.object({
        period: periodText
          .optional()
          .describe('today, week, month, or days as 2026-11-01..2026-11-30 (today)'),
        by: z.enum(['agents', 'groups']).optional().describe('Of whom (agents)'),
      }),
    )
    .output(z.union([z.array(boardRow), z.array(groupRow)])),
};
