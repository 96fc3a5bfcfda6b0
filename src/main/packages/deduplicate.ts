import { OpsdeckError } from '../errors.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { audit, type ChangeDeps } from './change-mapping.ts';
import * as store from './deduplications-store.ts';
import { findDuplicates, type DuplicateSet } from './find-duplicates.ts';
import { allMappings } from './my-packages-store.ts';

export interface Deduplicated {
  /** To undo it by; null for a dry run, and when nothing was removed. */
  id: number | null;
  dryRun: boolean;
  removed: number;
  resellerIdDuplicates: number;
  combinationDuplicates: number;
  sets: DuplicateSet[];
}

/** Thrown to leave a dry run's transaction without a trace. */
class DryRunEnds extends Error {}

/**
 * Removes what the office sells twice, on both levels, in one transaction, and from then on keeps duplicates out by
 * unique indexes. A dry run answers the same and changes nothing.
 */
export async function deduplicate(deps: ChangeDeps, options: { dryRun: boolean }): Promise<Deduplicated> {
  let answer: Deduplicated | null = null;
  try {
    return await deps.database.transaction(async (tx) => {
      answer = await removeDuplicates(tx, deps, options.dryRun);
      if (options.dryRun) throw new DryRunEnds();
      return answer;
    });
  } catch (error) {
    if (error instanceof DryRunEnds && answer) return answer;
    throw error;
  }
}

async function removeDuplicates(tx: Transaction, deps: ChangeDeps, dryRun: boolean): Promise<Deduplicated> {
  await store.lockMyPackages(tx);
  await store.completeMappings(tx);
  const sets = findDuplicates(await allMappings(tx));
  const countOf = (level: DuplicateSet['level']) =>
    sets.filter((set) => set.level === level).reduce((sum, set) => sum + set.removed.length, 0);
  const [byPackage, byCombination] = [countOf('reseller-id'), countOf('combination')];
  const counts = {
    ...{ dryRun, removed: byPackage + byCombination, sets },
    ...{ resellerIdDuplicates: byPackage, combinationDuplicates: byCombination },
  };
  if (dryRun) return { ...counts, id: null };
  const ids = sets.flatMap((set) => set.removed.map((mapping) => mapping.id));
  const removed = ids.length === 0 ? [] : await store.takeOut(tx, ids);
  await store.setGuard(tx, true);
  if (ids.length === 0) return { ...counts, id: null };
  const now = deps.clock.now();
  const id = await store.keepDeduplication(tx, { removed, byPackage, byCombination, actor: deps.actor, now });
  await audit(tx, deps, 'my-packages.deduplicate', id, { removed }, { byPackage, byCombination });
  await appendChange(tx, 'packages', { what: 'mine' });
  return { ...counts, id };
}

/** Brings back what a deduplication removed; the guard is off then, until the next. NOT_FOUND, or CONFLICT when it was undone or is not the last. */
export async function undoDeduplication(deps: ChangeDeps, id: number): Promise<number> {
  return deps.database.transaction(async (tx) => {
    await store.lockMyPackages(tx);
    const found = await store.lockDeduplication(tx, id);
    if (!found) throw new OpsdeckError('NOT_FOUND', `There is no deduplication with number ${id}.`);
    const last = await store.lastDeduplication(tx);
    if (found.undoneAt || last?.id !== id) {
      const why = found.undoneAt ? 'it was undone already' : `number ${last?.id} came after it`;
      throw new OpsdeckError(
        'CONFLICT',
        `Deduplication ${id} cannot be undone: ${why}. Nothing was changed.`,
      );
    }
    await store.setGuard(tx, false);
    const restored = await store.putBack(tx, found.removed);
    await store.markDeduplicationUndone(tx, id, deps.actor, deps.clock.now());
    await audit(tx, deps, 'my-packages.undo-deduplicate', id, undefined, { restored });
    await appendChange(tx, 'packages', { what: 'mine' });
    return restored;
  });
}
