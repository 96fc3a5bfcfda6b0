import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { instant, money } from './deals.ts';
import { errorCodes } from './errors.ts';
import { count, note, page } from './package-lists.ts';

/** A package as the supplier's catalogue has it. Prices are what it costs, in USD. */
export const cataloguePackage = z.object({
  id: z.uuid(),
  reseller_id: z.string(),
  name: z.string(),
  /** Where it works, as the supplier's slug: `sweden`, `europe-us`. A country code does not name a place. */
  place: z.string(),
  country_code: z.string().nullable(),
  country_name: z.string().nullable(),
  region: z.string().nullable(),
  /** `local`, `regional` or `global`. */
  geography: z.string().nullable(),
  /** In MB; null for unlimited. */
  data_mb: z.number().int().nullable(),
  unlimited: z.boolean(),
  days: z.number().int(),
  price: money,
  /** `none`, `unlimited`, or amount and unit; null: the supplier does not tell. The same for sms and throttle. */
  calls: z.string().nullable(),
  sms: z.string().nullable(),
  hotspot: z.boolean().nullable(),
  throttle: z.string().nullable(),
  retired_at: instant.nullable(),
});
export type CataloguePackage = z.infer<typeof cataloguePackage>;

/** A pass over the catalogue, as recorded. */
export const catalogueRun = z.object({
  id: z.number().int(),
  kind: z.enum(['window', 'held']),
  trigger: z.enum(['schedule', 'person', 'cli']),
  state: z.enum(['running', 'complete', 'incomplete', 'failed', 'cancelled']),
  started_at: instant,
  ended_at: instant.nullable(),
  inserted: count,
  updated: count,
  /** Retired, since a package is never deleted. */
  removed: count,
  unchanged: count,
  held: count,
  rejected: count,
  note: z.string().nullable(),
  error_code: z.enum(errorCodes).nullable(),
  error: z.string().nullable(),
});
export type CatalogueRun = z.infer<typeof catalogueRun>;

/** A pass or a validation under way in this console. */
export const packagesProgress = z.object({
  run_id: z.number().int().nullable(),
  stage: z.enum(['waiting-permit', 'reading', 'applying', 'validating', 'ended']),
  /** Packages in the answer; 0 until it was read. */
  packages: count,
  waiting_for: z.string().nullable(),
  cancellable: z.boolean(),
});
export type PackagesProgress = z.infer<typeof packagesProgress>;

/** Retirements that a pass held back for a person: the answer was much shorter than what we have. */
export const heldRetirement = z.object({
  id: z.number().int(),
  state: z.enum(['held', 'accepted', 'discarded', 'withdrawn', 'done']),
  reason: z.enum(['empty', 'share', 'half']),
  count,
  of_packages: count,
  held_at: instant,
  updated_at: instant,
});
export type HeldRetirement = z.infer<typeof heldRetirement>;

export const packagesState = z.object({
  configured: z.boolean(),
  /** Names of the variables that are not set. */
  missing: z.array(z.string()),
  sandbox: z.boolean(),
  /** Packages in the catalogue. */
  active: count,
  retired: count,
  last_run: catalogueRun.nullable(),
  last_complete_at: instant.nullable(),
  running: packagesProgress.nullable(),
  /** Null where this console does not lead, or nothing is configured. */
  next_pass_at: instant.nullable(),
  next_validation_at: instant.nullable(),
  held: heldRetirement.nullable(),
});
export type PackagesState = z.infer<typeof packagesState>;

export const changeOfCatalogue = z.enum(['new', 'retired', 'returned', 'repriced', 'changed']);

/** One package that a pass moved. */
export const catalogueChange = z.object({
  change: changeOfCatalogue,
  reseller_id: z.string(),
  name: z.string(),
  place: z.string(),
  country_code: z.string().nullable(),
  price_before: money.nullable(),
  price_after: money.nullable(),
  /** Which other columns moved. */
  fields: z.array(z.string()),
  at: instant,
  /** True when the office sells it. */
  mine: z.boolean(),
});
export type CatalogueChange = z.infer<typeof catalogueChange>;

/** The catalogue and its passes. */
export const catalogueProcedures = {
  state: oc.output(packagesState),
  /** Starts a pass and answers at once; how it goes is told by `progress`, its end by the change stream. */
  sync: oc.output(z.object({ started: z.boolean() })),
  cancel: oc.output(z.object({ cancelled: z.boolean() })),
  progress: oc.output(eventIterator(packagesProgress)),
  runs: oc
    .input(z.object({ limit: z.number().int().min(1).max(200).default(30) }))
    .output(z.array(catalogueRun)),
  /** What held retirements would take out of the catalogue. */
  held: oc
    .input(z.object({ id: z.number().int().positive(), ...page }))
    .output(z.object({ packages: z.array(cataloguePackage), count })),
  decideHeld: oc
    .input(z.object({ id: z.number().int().positive(), action: z.enum(['accept', 'discard']), note }))
    .output(z.object({ id: z.number().int(), state: z.string(), retired: count, kept: count })),
  /** What one pass moved (default: the last that moved anything), by kind of change. */
  diff: oc
    .input(
      z.object({
        run_id: z.number().int().positive().optional(),
        change: changeOfCatalogue.optional(),
        ...page,
      }),
    )
    .output(
      z.object({
        run: catalogueRun.nullable(),
        counts: z.object({ new: count, retired: count, returned: count, repriced: count, changed: count }),
        changes: z.array(catalogueChange),
        count,
      }),
    ),
  catalogue: oc
    .input(
      z.object({
        /** Words of name, place, country or id, all of which have to be there. */
        search: z.string().trim().max(200).optional(),
        country: z.string().max(60).optional(),
        geography: z.enum(['local', 'regional', 'global']).optional(),
        status: z.enum(['active', 'retired', 'all']).default('active'),
        sort: z.enum(['place', 'price', 'data', 'days']).default('place'),
        ...page,
      }),
    )
    .output(
      z.object({ packages: z.array(cataloguePackage.extend({ mine: z.number().int().nullable() })), count }),
    ),
  /** Countries and regions of the active catalogue, for the filter. */
  places: oc.output(
    z.array(
      z.object({ place: z.string(), name: z.string().nullable(), geography: z.string().nullable(), count }),
    ),
  ),
  history: oc
    .input(z.object({ reseller_id: z.string().max(300) }))
    .output(z.object({ package: cataloguePackage, changes: z.array(catalogueChange) })),
};
