import { lastRun } from '../system/sync-runs.ts';
import * as myPackages from './answer-my-packages.ts';
import type { PackageAccess } from './package-access.ts';
import { countCatalogue } from './catalogue-store.ts';
import { openHold } from './held-store.ts';
import type { CatalogueResult } from './run-catalogue-pass.ts';

/*
 * Packages in the shapes that existing scripts rely on: for the HTTP paths below /api/admin/packages and for --json.
 */

/** GET …/packages/health. */
export async function healthShape(access: PackageAccess) {
  const { total, valid, invalid, score, last_validation: lastValidation } = await myPackages.health(access);
  return {
    totalPackages: total,
    validPackages: valid,
    invalidPackages: invalid,
    healthScore: score,
    lastValidation,
  };
}

/** GET …/packages/sync-status. */
export async function syncStatusShape({ deps }: PackageAccess) {
  const { database } = deps;
  const [totals, last, complete, hold] = await Promise.all([
    countCatalogue(database),
    lastRun(database, 'packages', ['window']),
    lastRun(database, 'packages', ['window'], ['complete']),
    openHold(database),
  ]);
  return {
    success: true as const,
    totalPackages: totals.active,
    retiredPackages: totals.retired,
    lastSync: complete?.endedAt?.toISOString() ?? null,
    lastState: last?.state ?? null,
    lastError: last?.error ?? null,
    heldPackages: hold?.resellerIds.length ?? 0,
  };
}

/** POST …/packages/validate. */
export async function validateShape(access: PackageAccess, trigger: 'person' | 'cli' = 'person') {
  await myPackages.validate(access, trigger);
  return { success: true as const, ...(await healthShape(access)) };
}

/** GET …/packages/invalid: all of them, with what could be sold instead. */
export async function invalidShape(access: PackageAccess, page = { limit: 500, offset: 0 }) {
  const { invalid, count } = await myPackages.invalid(access, page);
  const list = invalid.map(({ package: mapping, reason, detail, checked_at: checkedAt, proposal }) => ({
    ...{
      id: mapping.id,
      reseller_id: mapping.reseller_id,
      name: mapping.name,
      country_code: mapping.country_code,
    },
    ...{
      data_mb: mapping.data_mb,
      days: mapping.days,
      price: mapping.price,
      reason,
      detail,
      checked_at: checkedAt,
    },
    proposal: proposal && { id: proposal.id, reseller_id: proposal.to_reseller_id, words: proposal.words },
  }));
  return { success: true as const, invalid: list, count };
}

/** DELETE …/packages/validation-cache. */
export async function clearCacheShape(access: PackageAccess) {
  return { success: true as const, ...(await myPackages.clearCache(access)) };
}

/** POST …/packages/deduplicate-my-packages. */
export async function deduplicateShape(access: PackageAccess, dryRun = false) {
  const done = await myPackages.removeDuplicates(access, { dry_run: dryRun });
  return {
    status: 'success' as const,
    removedCount: done.removed,
    details: {
      resellerIdDuplicates: done.reseller_id_duplicates,
      combinationDuplicates: done.combination_duplicates,
    },
  };
}

/** A pass's counts, as every source's commands tell them. */
export function resultShape(result: CatalogueResult) {
  return {
    success: true as const,
    source: 'packages' as const,
    kind: 'window' as const,
    inserted: result.inserted,
    updated: result.updated,
    removed: result.removed,
    retired: result.removed,
    returned: result.returned,
    unchanged: result.unchanged,
    held: result.held,
    rejected: result.rejected,
    removals_held: result.held > 0,
    complete: result.complete,
    packages: result.packages,
    folded: result.folded,
    run_id: result.runId,
    note: result.note,
  };
}
