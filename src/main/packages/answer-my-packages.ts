import type { AutoFix, Deduplication, PackagesHealth } from '../../shared/contract/my-packages.ts';
import { OpsdeckError } from '../errors.ts';
import { autoFix, decideProposal } from './auto-fix.ts';
import * as changing from './change-mapping.ts';
import * as changes from './changes-store.ts';
import { healthScore } from './check-mapping.ts';
import { deduplicate, undoDeduplication, type Deduplicated } from './deduplicate.ts';
import { lastDeduplication } from './deduplications-store.ts';
import { readPackage } from './known-store.ts';
import { allMappings, listMappings, readMapping, type MappingFilter } from './my-packages-store.ts';
import { myPackagesCsv } from './my-packages-csv.ts';
import { changeDeps, type PackageAccess, type Page } from './package-access.ts';
import { alternativeView, changeView, mappingView, proposalView } from './package-views.ts';
import { alternativesOf, checkOne, healthTarget, noSuchMapping, validateAll } from './validate-packages.ts';
import { clearFindings, countFindings, readTrend } from './validations-store.ts';

/** How what the office sells stands, by what was found last. */
export async function health({ deps }: PackageAccess): Promise<PackagesHealth> {
  const [counts, trend] = await Promise.all([countFindings(deps.database), readTrend(deps.database, 90)]);
  const { total, valid, invalid, lastValidation, reasons, proposals } = counts;
  return {
    ...{
      total,
      valid,
      invalid,
      unchecked: total - valid - invalid,
      score: healthScore(valid, valid + invalid),
    },
    ...{ last_validation: lastValidation?.toISOString() ?? null, target: healthTarget, reasons, proposals },
    trend: trend.map((point) => ({ ...point, at: point.at.toISOString() })),
  };
}

/** Checks everything anew. */
export async function validate(access: PackageAccess, trigger: 'person' | 'cli'): Promise<PackagesHealth> {
  await validateAll(access.deps, { trigger });
  return health(access);
}

export async function check({ deps }: PackageAccess, asked: { id: number } | { reseller_id: string }) {
  const found = await checkOne(deps, 'id' in asked ? asked : { resellerId: asked.reseller_id });
  const { valid, reason, detail, checkedAt, alternatives: ranked } = found;
  return {
    valid,
    reason,
    detail,
    checked_at: checkedAt.toISOString(),
    alternatives: ranked.map(alternativeView),
  };
}

export async function clearCache({ deps }: PackageAccess): Promise<{ cleared: number }> {
  return { cleared: await clearFindings(deps.database) };
}

/** A page of invalid mappings, each with what is proposed. */
export async function invalid(
  { deps }: PackageAccess,
  asked: Pick<MappingFilter, 'reason' | 'search'> & Page,
) {
  const { rows, count } = await listMappings(deps.database, { ...asked, status: 'invalid' });
  const proposals = await changes.pendingProposals(
    deps.database,
    rows.map((row) => row.id),
  );
  const byMapping = new Map(proposals.map((proposal) => [proposal.myPackageId, proposal]));
  return {
    invalid: rows.map((row) => {
      const proposed = byMapping.get(row.id);
      return {
        ...{ package: mappingView(row), reason: row.reason!, detail: row.detail },
        ...{ checked_at: row.checkedAt!.toISOString(), proposal: proposed ? proposalView(proposed) : null },
      };
    }),
    count,
  };
}

export async function alternatives({ deps }: PackageAccess, asked: { id: number; limit: number }) {
  const mapping = await readMapping(deps.database, asked.id);
  if (!mapping) throw noSuchMapping(asked.id);
  const known = await readPackage(deps.database, mapping.resellerId);
  return (await alternativesOf(deps, mapping, known, asked.limit)).map(alternativeView);
}

export async function mine({ deps }: PackageAccess, asked: MappingFilter & Page) {
  const { rows, count } = await listMappings(deps.database, asked);
  return { packages: rows.map(mappingView), count };
}

export async function add(access: PackageAccess, asked: { reseller_id: string } & changing.MappingPatch) {
  const { reseller_id: resellerId, ...patch } = asked;
  return mappingView(await changing.addMapping(changeDeps(access), { resellerId, ...patch }));
}

export async function edit(
  access: PackageAccess,
  asked: { id: number; version: number; patch: changing.MappingPatch },
) {
  return mappingView(await changing.editMapping(changeDeps(access), asked));
}

/** The same for each of many; what cannot be done is told with why. */
async function forEach(
  items: readonly { id: number; version: number }[],
  work: (item: { id: number; version: number }) => Promise<unknown>,
) {
  const done: number[] = [];
  const refused: { id: number; message: string }[] = [];
  for (const item of items) {
    try {
      await work(item);
      done.push(item.id);
    } catch (error) {
      if (!(error instanceof OpsdeckError) || error.code === 'DATABASE_AWAY') throw error;
      refused.push({ id: item.id, message: error.message });
    }
  }
  return { done, refused };
}

export async function show(
  access: PackageAccess,
  asked: { packages: readonly { id: number; version: number }[]; visible: boolean },
) {
  const deps = changeDeps(access);
  const { visible } = asked;
  const { done, refused } = await forEach(asked.packages, (item) =>
    changing.editMapping(deps, { ...item, patch: { visible } }),
  );
  return { changed: done, refused };
}

export async function exportCsv(
  { deps }: PackageAccess,
  saveFile: (suggestedName: string, text: string) => Promise<string | null>,
) {
  const mappings = await allMappings(deps.database);
  const day = deps.clock.now().toISOString().slice(0, 10);
  const path = await saveFile(`my-packages-${day}.csv`, myPackagesCsv(mappings));
  return { path, rows: path === null ? 0 : mappings.length };
}

export async function fix(access: PackageAccess, asked: { dry_run: boolean }): Promise<AutoFix> {
  return { dry_run: asked.dry_run, ...(await autoFix(changeDeps(access), { dryRun: asked.dry_run })) };
}

export async function proposals({ deps }: PackageAccess, asked: { status: 'pending' | 'decided' } & Page) {
  const { rows, count } = await changes.listProposals(deps.database, asked);
  return { proposals: rows.map(proposalView), count };
}

export async function decideProposals(
  access: PackageAccess,
  asked: {
    proposals: readonly { id: number; version: number }[];
    action: 'accept' | 'refuse';
    note?: string | undefined;
  },
) {
  const deps = changeDeps(access);
  const { action, note } = asked;
  const { done, refused } = await forEach(asked.proposals, (item) =>
    decideProposal(deps, { ...item, action, note }),
  );
  return { decided: done, refused };
}

export async function replace(
  access: PackageAccess,
  asked: { id: number; version: number; reseller_id: string; note?: string | undefined },
) {
  const { reseller_id: resellerId, ...rest } = asked;
  return mappingView(await changing.replaceMapping(changeDeps(access), { ...rest, resellerId }));
}

export async function listChanges({ deps }: PackageAccess, page: Page) {
  const { rows, count } = await changes.listChanges(deps.database, page);
  return { changes: rows.map(changeView), count };
}

export async function undo(access: PackageAccess, changeId: number) {
  return mappingView(await changing.undoChange(changeDeps(access), changeId));
}

export async function removeDuplicates(
  access: PackageAccess,
  asked: { dry_run: boolean },
): Promise<Deduplication> {
  return deduplicationView(await deduplicate(changeDeps(access), { dryRun: asked.dry_run }));
}

function deduplicationView(done: Deduplicated): Deduplication {
  return {
    ...{ id: done.id, dry_run: done.dryRun, removed: done.removed },
    reseller_id_duplicates: done.resellerIdDuplicates,
    combination_duplicates: done.combinationDuplicates,
    sets: done.sets.map(({ level, kept, removed, why }) => ({
      ...{ level, kept: mappingView(kept), removed: removed.map(mappingView), why },
    })),
  };
}

export async function undoDuplicates(access: PackageAccess, id: number): Promise<{ restored: number }> {
  return { restored: await undoDeduplication(changeDeps(access), id) };
}

export async function latestDeduplication({ deps }: PackageAccess) {
  const last = await lastDeduplication(deps.database);
  if (!last) return null;
  const { id, actor, removed, doneAt, undoneAt } = last;
  return {
    id,
    actor,
    removed: removed.length,
    at: doneAt.toISOString(),
    undone_at: undoneAt?.toISOString() ?? null,
  };
}
