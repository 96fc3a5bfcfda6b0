import { z } from 'zod';
import { instant } from '../deals.ts';
import { invalidReasons } from '../packages.ts';
import { route, success } from './route.ts';

const count = z.number().int();

const health = z.object({
  totalPackages: count,
  validPackages: count,
  invalidPackages: count,
  /** Percent valid, one decimal; null when there are none. */
  healthScore: z.number().nullable(),
  lastValidation: instant.nullable(),
});

const syncResult = z.object({
  success,
  source: z.literal('packages'),
  kind: z.literal('window'),
  inserted: count,
  updated: count,
  removed: count,
  retired: count,
  returned: count,
  unchanged: count,
  held: count,
  rejected: count,
  /** Retirements wait for a person: see /api/admin/sync-held. */
  removals_held: z.boolean(),
  complete: z.boolean(),
  packages: count,
  folded: count,
  run_id: count,
  note: z.string().nullable(),
});

const sync = {
  scope: 'decide',
  group: 'packages',
  summary: 'Read the catalogue of packages; answers when it is done',
  description: 'A short or broken answer of the supplier retires nothing.',
} as const;

export const packagesHttp = {
  health: route('GET', '/api/admin/packages/health', {
    scope: 'read',
    group: 'packages',
    summary: 'How many of the packages on sale are valid',
  }).output(health),
  syncStatus: route('GET', '/api/admin/packages/sync-status', {
    scope: 'read',
    group: 'packages',
    summary: 'How far the catalogue is in step',
  }).output(
    z.object({
      success,
      totalPackages: count,
      retiredPackages: count,
      lastSync: instant.nullable(),
      lastState: z.string().nullable(),
      lastError: z.string().nullable(),
      heldPackages: count,
    }),
  ),
  validate: route('POST', '/api/admin/packages/validate', {
    scope: 'decide',
    group: 'packages',
    summary: 'Check every package on sale against the catalogue',
  }).output(health.extend({ success })),
  invalid: route('GET', '/api/admin/packages/invalid', {
    scope: 'read',
    group: 'packages',
    summary: 'Packages on sale that are not valid, with why and what is proposed',
  }).output(
    z.object({
      success,
      invalid: z.array(
        z.object({
          id: count,
          reseller_id: z.string(),
          name: z.string().nullable(),
          country_code: z.string().nullable(),
          data_mb: count.nullable(),
          days: count.nullable(),
          price: z.number().nullable(),
          reason: z.enum(invalidReasons),
          detail: z.string().nullable(),
          checked_at: instant,
          proposal: z.object({ id: count, reseller_id: z.string(), words: z.string() }).nullable(),
        }),
      ),
      count,
    }),
  ),
  sync: route('POST', '/api/admin/packages/sync', sync).output(syncResult),
  syncPackages: route('POST', '/api/admin/sync-packages', sync).output(syncResult),
  clearCache: route('DELETE', '/api/admin/packages/validation-cache', {
    scope: 'decide',
    group: 'packages',
    summary: 'Let everything be checked anew when it is next asked for',
  }).output(z.object({ success, cleared: count })),
  deduplicate: route('POST', '/api/admin/packages/deduplicate-my-packages', {
    scope: 'decide',
    group: 'packages',
    summary: 'Remove what is sold twice, and keep duplicates out from then on',
  }).output(
    z.object({
      status: z.literal('success'),
      removedCount: count,
      details: z.object({ resellerIdDuplicates: count, combinationDuplicates: count }),
    }),
  ),
};
