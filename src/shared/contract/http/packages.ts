import { z } from 'zod';
import { instant, money } from '../deals.ts';
import { alternative, invalidReasons } from '../my-packages.ts';
import { count } from '../package-lists.ts';
import { packageOrder } from '../package-orders.ts';
import { route, success, wholeNumber } from './route.ts';

const group = 'packages';

const health = z.object({
  totalPackages: count,
  validPackages: count,
  invalidPackages: count,
  /** Percent valid of those checked, one decimal; null when there are none. */
  healthScore: z.number().nullable(),
  lastValidation: instant.nullable(),
});

const invalidMapping = z.object({
  id: z.number().int(),
  reseller_id: z.string(),
  name: z.string().nullable(),
  country_code: z.string().nullable(),
  data_mb: z.number().int().nullable(),
  days: z.number().int().nullable(),
  price: money.nullable(),
  reason: z.enum(invalidReasons),
  detail: z.string().nullable(),
  checked_at: instant,
  /** What waits for a person's word. */
  proposal: z.object({ id: z.number().int(), reseller_id: z.string(), words: z.string() }).nullable(),
});

/** How a pass over the catalogue went. */
const passed = z.object({
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
  removals_held: z.boolean(),
  complete: z.boolean(),
  packages: count,
  folded: count,
  run_id: z.number().int(),
  note: z.string().nullable(),
});

/** A number of what the office sells, or an id of the catalogue. */
const soldPackage = z.union([z.number().int().positive(), z.string().trim().min(1).max(300)]);

const pass = {
  scope: 'decide',
  summary: 'Read the whole catalogue of packages; answers when it is done',
  description:
    'Packages missing from an answer that is much too short are not retired but held for a person (see ' +
    '/api/admin/sync-held). 409 while another pass runs here.',
} as const;

export const packagesHttp = {
  health: route('GET', '/api/admin/packages/health', {
    scope: 'read',
    group,
    summary: 'How many of the packages on sale are valid, by the last validation',
  }).output(health),
  syncStatus: route('GET', '/api/admin/packages/sync-status', {
    scope: 'read',
    group,
    summary: 'How the catalogue stands, and how its last pass went',
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
    group,
    summary: 'Check every package on sale against the catalogue',
  }).output(health.extend({ success })),
  invalid: route('GET', '/api/admin/packages/invalid', {
    scope: 'read',
    group,
    summary: 'Packages on sale that are not valid, with why and what is proposed instead',
  })
    .input(
      z.object({
        limit: wholeNumber(1, 500).optional().describe('At most so many (500)'),
        offset: wholeNumber(0).optional().describe('Leave so many of the first out (0)'),
      }),
    )
    .output(z.object({ success, invalid: z.array(invalidMapping), count })),
  sync: route('POST', '/api/admin/packages/sync', { ...pass, group }).output(passed),
  syncPackages: route('POST', '/api/admin/sync-packages', { ...pass, group: 'sync' }).output(passed),
  clearCache: route('DELETE', '/api/admin/packages/validation-cache', {
    scope: 'decide',
    group,
    summary: 'Forget what validations found; the next look checks anew',
  }).output(z.object({ success, cleared: count })),
  deduplicate: route('POST', '/api/admin/packages/deduplicate-my-packages', {
    scope: 'decide',
    group,
    summary: 'Remove what is sold twice: the same package, then the same country, data, days and price',
    description: 'It can be undone on screen. With dryRun nothing is removed, only counted.',
  })
    .input(z.object({ dryRun: z.boolean().optional() }))
    .output(
      z.object({
        status: z.literal('success'),
        removedCount: count,
        details: z.object({ resellerIdDuplicates: count, combinationDuplicates: count }),
      }),
    ),
  check: route('POST', '/api/admin/packages/check', {
    scope: 'read',
    group,
    summary: 'Check one package before it is sold',
  })
    .input(z.object({ package: soldPackage }))
    .output(
      z.object({
        success,
        valid: z.boolean(),
        reason: z.enum(invalidReasons).nullable(),
        detail: z.string().nullable(),
        checked_at: instant,
        alternatives: z.array(alternative),
      }),
    ),
  order: route('POST', '/api/admin/packages/order', {
    scope: 'decide',
    group,
    summary: 'Buy a package, once for each referenceId, however often it is asked for',
    description:
      'success is true only where it was bought; else `order.state` and `order.message` say how it stands. With ' +
      'lookUp nothing is bought: the supplier is only asked how the order of that referenceId stands.',
  })
    .input(
      z.object({
        package: soldPackage.optional().describe('Not with lookUp'),
        referenceId: z.string().trim().min(1).max(100),
        lookUp: z.boolean().optional(),
      }),
    )
    .output(z.object({ success: z.boolean(), order: packageOrder })),
};
