import { oc } from '@orpc/contract';
import { z } from 'zod';
import { cataloguePackage } from './catalogue.ts';
import { instant, money } from './deals.ts';
import { count, note, page } from './package-lists.ts';

/** Why a mapping of the office may not be sold as it is. Closed list; the screens have the words. */
export const invalidReasons = ['missing', 'retired', 'mis-united', 'differs', 'below-cost'] as const;
export type InvalidReason = (typeof invalidReasons)[number];

export const validationView = z.object({
  valid: z.boolean(),
  reason: z.enum(invalidReasons).nullable(),
  /** The reason in words, with the figures. */
  detail: z.string().nullable(),
  checked_at: instant,
});

/** What the office sells. `price` is the office's own, `cost` the supplier's at the last pass. */
export const myPackage = z.object({
  id: z.number().int(),
  reseller_id: z.string(),
  name: z.string().nullable(),
  country_code: z.string().nullable(),
  region: z.string().nullable(),
  place: z.string().nullable(),
  data_mb: z.number().int().nullable(),
  unlimited: z.boolean().nullable(),
  days: z.number().int().nullable(),
  price: money.nullable(),
  visible: z.boolean(),
  version: z.number().int(),
  updated_at: instant,
  cost: money.nullable(),
  /** Null: not checked since it was last changed. */
  validation: validationView.nullable(),
});
export type MyPackage = z.infer<typeof myPackage>;

/** One way in which another package is not the same. `from` is what is sold now; null: not known. */
export const difference = z.object({
  field: z.enum(['place', 'data', 'days', 'price', 'calls', 'sms', 'hotspot', 'throttle']),
  from: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  to: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  /** In English, for scripts: "2 GB less data (1 GB instead of 3 GB)". */
  words: z.string(),
});
export type Difference = z.infer<typeof difference>;

export const alternative = z.object({
  package: cataloguePackage,
  /** How near it is: the same place, the same country by code, its region, the whole world. */
  nearness: z.enum(['place', 'country', 'region', 'global']),
  /** True only when every rule proves it the same and not dearer. */
  equivalent: z.boolean(),
  differences: z.array(difference),
  /** All differences in a sentence. */
  words: z.string(),
});
export type Alternative = z.infer<typeof alternative>;

export const proposal = z.object({
  id: z.number().int(),
  my_package_id: z.number().int(),
  /** swap: another package; correct: our figures become the catalogue's. */
  kind: z.enum(['swap', 'correct']),
  from_reseller_id: z.string(),
  to_reseller_id: z.string(),
  differences: z.array(difference),
  words: z.string(),
  status: z.enum(['pending', 'accepted', 'refused', 'withdrawn']),
  version: z.number().int(),
  created_at: instant,
  decided_at: instant.nullable(),
  decided_by: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposal>;

/** An invalid mapping, and what can be done about it. */
export const invalidPackage = z.object({
  package: myPackage,
  reason: z.enum(invalidReasons),
  detail: z.string().nullable(),
  checked_at: instant,
  /** What waits for a person, if anything was proposed. */
  proposal: proposal.nullable(),
});
export type InvalidPackage = z.infer<typeof invalidPackage>;

export const healthPoint = z.object({
  at: instant,
  total: count,
  valid: count,
  invalid: count,
  score: z.number().nullable(),
});

export const packagesHealth = z.object({
  total: count,
  valid: count,
  invalid: count,
  /** Changed or added since the last validation. */
  unchecked: count,
  /** Percent valid of those checked, one decimal; null when there are none. */
  score: z.number().nullable(),
  last_validation: instant.nullable(),
  /** The score below which a warning is raised. */
  target: z.number(),
  /** One point for each validation, oldest first, at most 90. */
  trend: z.array(healthPoint),
  reasons: z.array(z.object({ reason: z.enum(invalidReasons), count })),
  proposals: count,
});
export type PackagesHealth = z.infer<typeof packagesHealth>;

/** A change of what the office sells, that may be taken back while nothing changed since. */
export const mappingChange = z.object({
  id: z.number().int(),
  my_package_id: z.number().int(),
  name: z.string().nullable(),
  action: z.enum(['auto-fix', 'accept', 'replace', 'correct', 'edit']),
  from_reseller_id: z.string(),
  to_reseller_id: z.string(),
  words: z.string(),
  actor: z.string(),
  at: instant,
  undone_at: instant.nullable(),
  undoable: z.boolean(),
});
export type MappingChange = z.infer<typeof mappingChange>;

export const duplicateSet = z.object({
  level: z.enum(['reseller-id', 'combination']),
  kept: myPackage,
  removed: z.array(myPackage),
  /** Why this one is kept, in words. */
  why: z.string(),
});
export type DuplicateSet = z.infer<typeof duplicateSet>;

export const deduplication = z.object({
  /** Null for a dry run, and when there was nothing to remove. */
  id: z.number().int().nullable(),
  dry_run: z.boolean(),
  removed: count,
  reseller_id_duplicates: count,
  combination_duplicates: count,
  sets: z.array(duplicateSet),
});
export type Deduplication = z.infer<typeof deduplication>;

export const csvLine = z.object({
  /** Of the file, the header being 1. */
  line: z.number().int(),
  reseller_id: z.string(),
  /** skip: nothing would change. */
  action: z.enum(['add', 'change', 'skip', 'refuse']),
  /** What is wrong with it, a sentence each. */
  problems: z.array(z.string()),
});

export const csvImport = z.object({
  dry_run: z.boolean(),
  added: count,
  changed: count,
  skipped: count,
  refused: count,
  /** False: something was refused, so nothing was written. */
  applied: z.boolean(),
  /** Those refused first; at most 500. */
  lines: z.array(csvLine),
});
export type CsvImport = z.infer<typeof csvImport>;

export const autoFix = z.object({
  dry_run: z.boolean(),
  /** Mappings moved to a rule-proven equivalent. */
  fixed: z.array(
    z.object({ my_package_id: z.number().int(), from: z.string(), to: z.string(), words: z.string() }),
  ),
  /** New proposals for a person. */
  proposed: count,
  /** Invalid mappings for which nothing can be proposed. */
  left: count,
});
export type AutoFix = z.infer<typeof autoFix>;

const mineFilter = z.object({
  search: z.string().trim().max(200).optional(),
  status: z.enum(['all', 'valid', 'invalid', 'unchecked', 'hidden']).default('all'),
});

/** What of a mapping a person may set by hand. */
export const mineFields = z.object({
  name: z.string().trim().min(1).max(200),
  price: z.number().min(0).max(100_000).nullable(),
  visible: z.boolean(),
});

const versioned = z.object({ id: z.number().int().positive(), version: z.number().int().positive() });
const refusedItem = z.object({ id: z.number().int(), message: z.string() });

/** What the office sells, how it stands, and what is done about it. */
export const myPackagesProcedures = {
  health: oc.output(packagesHealth),
  mine: oc.input(mineFilter.extend(page)).output(z.object({ packages: z.array(myPackage), count })),
  add: oc
    .input(
      z.object({
        reseller_id: z.string().min(1).max(300),
        price: mineFields.shape.price.optional(),
        name: mineFields.shape.name.optional(),
        visible: z.boolean().optional(),
      }),
    )
    .output(myPackage),
  edit: oc.input(versioned.extend({ patch: mineFields.partial() })).output(myPackage),
  /** Shows or hides many at once; those that changed meanwhile are told with why. */
  show: oc
    .input(z.object({ packages: z.array(versioned).min(1).max(500), visible: z.boolean() }))
    .output(z.object({ changed: z.array(z.number().int()), refused: z.array(refusedItem) })),
  remove: oc.input(versioned).output(z.object({ removed: z.boolean() })),
  importCsv: oc.input(z.object({ text: z.string().max(10_000_000), dry_run: z.boolean() })).output(csvImport),
  exportCsv: oc.output(z.object({ path: z.string().nullable(), rows: count })),
  /** Checks every mapping anew. */
  validate: oc.output(packagesHealth),
  /** One mapping, or one id that is about to be sold; from the cache where it is fresh. */
  check: oc
    .input(
      z.union([
        z.object({ id: z.number().int().positive() }),
        z.object({ reseller_id: z.string().min(1).max(300) }),
      ]),
    )
    .output(
      z.object({
        valid: z.boolean(),
        reason: z.enum(invalidReasons).nullable(),
        detail: z.string().nullable(),
        checked_at: instant,
        alternatives: z.array(alternative),
      }),
    ),
  clearCache: oc.output(z.object({ cleared: count })),
  invalid: oc
    .input(
      z.object({
        reason: z.enum(invalidReasons).optional(),
        search: z.string().trim().max(200).optional(),
        ...page,
      }),
    )
    .output(z.object({ invalid: z.array(invalidPackage), count })),
  alternatives: oc
    .input(z.object({ id: z.number().int().positive(), limit: z.number().int().min(1).max(50).default(10) }))
    .output(z.array(alternative)),
  autoFix: oc.input(z.object({ dry_run: z.boolean() })).output(autoFix),
  proposals: oc
    .input(z.object({ status: z.enum(['pending', 'decided']).default('pending'), ...page }))
    .output(z.object({ proposals: z.array(proposal), count })),
  /** The same word on one or many proposals, each by itself. */
  decideProposals: oc
    .input(
      z.object({ proposals: z.array(versioned).min(1).max(500), action: z.enum(['accept', 'refuse']), note }),
    )
    .output(z.object({ decided: z.array(z.number().int()), refused: z.array(refusedItem) })),
  /** A person's own choice among the alternatives, or any package of the catalogue. */
  replace: oc.input(versioned.extend({ reseller_id: z.string().min(1).max(300), note })).output(myPackage),
  changes: oc.input(z.object({ ...page })).output(z.object({ changes: z.array(mappingChange), count })),
  undo: oc.input(z.object({ change_id: z.number().int().positive() })).output(myPackage),
  deduplicate: oc.input(z.object({ dry_run: z.boolean() })).output(deduplication),
  undoDeduplicate: oc
    .input(z.object({ id: z.number().int().positive() }))
    .output(z.object({ restored: count })),
  lastDeduplication: oc.output(
    z
      .object({
        id: z.number().int(),
        at: instant,
        actor: z.string(),
        removed: count,
        undone_at: instant.nullable(),
      })
      .nullable(),
  ),
};
