import type {
  AutoFix,
  CatalogueChange,
  CatalogueRun,
  Deduplication,
  PackageOrder,
  PackagesHealth,
  PackagesProgress,
  PackagesState,
} from '../../shared/contract/packages.ts';
import { OpsdeckError } from '../errors.ts';
import { iterateEvents } from '../iterate-events.ts';
import type { Operations } from '../operations.ts';
import { lastRun, recentRuns, type SyncRun } from '../system/sync-runs.ts';
import { autoFix, decideProposal } from './auto-fix.ts';
import * as search from './catalogue-search-store.ts';
import { countCatalogue } from './catalogue-store.ts';
import * as changing from './change-mapping.ts';
import type { ChangeDeps } from './change-mapping.ts';
import * as changes from './changes-store.ts';
import { healthScore } from './check-mapping.ts';
import { deduplicate, undoDeduplication, type Deduplicated } from './deduplicate.ts';
import { lastDeduplication } from './deduplications-store.ts';
import { openHold, type HeldRetirements } from './held-store.ts';
import { readPackage, readPackages } from './known-store.ts';
import { allMappings, listMappings, readMapping, type MappingFilter } from './my-packages-store.ts';
import { myPackagesCsv } from './my-packages-csv.ts';
import { lookUpOrder, orderPackage, type OrderDeps } from './order-package.ts';
import * as orders from './orders-store.ts';
import {
  alternativeView,
  catalogueView,
  changeView,
  mappingView,
  orderView,
  proposalView,
} from './package-views.ts';
import type { PackageDeps } from './run-catalogue-pass.ts';
import { alternativesOf, checkOne, healthTarget, noSuchMapping, validateAll } from './validate-packages.ts';
import { clearFindings, countFindings, readTrend } from './validations-store.ts';

/** What the packages of a workspace are answered from: a console, a command and a script alike. */
export interface PackageAccess {
  deps: PackageDeps;
  actor: string;
}

type Page = { limit: number; offset: number };

/** Access for a window of a running console. */
export function accessOf(operations: Operations, actor: string): PackageAccess {
  return { deps: operations.workspace.packages, actor };
}

/** What changes are made with. */
export function changeDeps({ deps, actor }: PackageAccess): ChangeDeps {
  return { database: deps.database, clock: deps.clock, actor, console: deps.holder };
}

/** How the catalogue and its passes stand. */
export async function state(operations: Operations): Promise<PackagesState> {
  const { packages: deps, kind } = operations.workspace;
  const { database } = deps;
  const missing = deps.missing(operations.settings());
  const [totals, last, complete, hold, next] = await Promise.all([
    countCatalogue(database),
    lastRun(database, 'packages', ['window']),
    lastRun(database, 'packages', ['window'], ['complete']),
    openHold(database),
    operations.packages.next(),
  ]);
  const at = (wall: number | null) => (wall === null ? null : new Date(wall).toISOString());
  return {
    ...{ configured: missing.length === 0, missing, sandbox: kind === 'sandbox', ...totals },
    last_run: last && runView(last),
    last_complete_at: complete?.endedAt?.toISOString() ?? null,
    running: operations.packages.running(),
    ...{ next_pass_at: at(next.pass), next_validation_at: at(next.validation), held: hold && holdView(hold) },
  };
}

/** Starts a pass that a person asked for and answers at once. */
export function sync(operations: Operations): { started: boolean } {
  // Refused here rather than where nobody hears it.
  operations.workspace.packages.connect(operations.settings());
  if (operations.packages.running()) return { started: false };
  // Its end, good or bad, is a row of sync_runs that every window is told of.
  operations.packages.run().catch(() => {});
  return { started: true };
}

/** Progress of passes of this process, from now on. */
export async function* progress(
  operations: Operations,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackagesProgress> {
  const events = iterateEvents<PackagesProgress>(signal, (push) => operations.packages.subscribe(push));
  const now = operations.packages.running();
  if (now) yield now;
  yield* events;
}

export async function runs({ deps }: PackageAccess, limit: number): Promise<CatalogueRun[]> {
  return (await recentRuns(deps.database, 'packages', limit)).map(runView);
}

function runView(run: SyncRun): CatalogueRun {
  const {
    id,
    trigger,
    state: ended,
    inserted,
    updated,
    removed,
    unchanged,
    held,
    rejected,
    note,
    error,
  } = run;
  return {
    ...{
      id,
      kind: run.kind === 'held' ? 'held' : 'window',
      trigger,
      state: ended,
      inserted,
      updated,
      removed,
    },
    ...{ unchanged, held, rejected, note, error, error_code: run.errorCode as CatalogueRun['error_code'] },
    started_at: run.startedAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
  };
}

function holdView(hold: HeldRetirements) {
  return {
    ...{ id: hold.id, state: hold.state, reason: hold.reason, count: hold.resellerIds.length },
    ...{
      of_packages: hold.ofPackages,
      held_at: hold.heldAt.toISOString(),
      updated_at: hold.updatedAt.toISOString(),
    },
  };
}

/** A page of what the open hold would retire. NOT_FOUND when it is not open any more. */
export async function held({ deps }: PackageAccess, asked: { id: number } & Page) {
  const hold = await openHold(deps.database);
  if (hold?.id !== asked.id)
    throw new OpsdeckError('NOT_FOUND', `There are no held packages with number ${asked.id} any more.`);
  const ids = hold.resellerIds.slice(asked.offset, asked.offset + asked.limit);
  const found = await readPackages(deps.database, ids);
  return { packages: [...found.values()].map(catalogueView), count: hold.resellerIds.length };
}

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

/** What a pass moved: the given one, or the last that moved anything. */
export async function diff(
  { deps }: PackageAccess,
  asked: { run_id?: number | undefined; change?: search.CatalogueChangeKind | undefined } & Page,
) {
  const { database } = deps;
  const runId = asked.run_id ?? (await search.lastMovingRun(database));
  const none = { new: 0, retired: 0, returned: 0, repriced: 0, changed: 0 };
  if (runId === null) return { run: null, counts: none, changes: [], count: 0 };
  const [counts, rows, recent] = await Promise.all([
    search.countChangesOfRun(database, runId),
    search.listChangesOfRun(database, { ...asked, runId }),
    recentRuns(database, 'packages', 200),
  ]);
  const run = recent.find((one) => one.id === runId);
  const count = asked.change
    ? counts[asked.change]
    : Object.values(counts).reduce((sum, one) => sum + one, 0);
  return { run: run ? runView(run) : null, counts, changes: rows.map(catalogueChangeView), count };
}

function catalogueChangeView(row: search.CatalogueChangeRow): CatalogueChange {
  const {
    change,
    resellerId,
    name,
    place,
    countryCode,
    priceBefore,
    priceAfter,
    fields,
    at,
    mine: isMine,
  } = row;
  return {
    ...{ change, reseller_id: resellerId, name, place, country_code: countryCode, price_before: priceBefore },
    ...{ price_after: priceAfter, fields, at: at.toISOString(), mine: isMine },
  };
}

export async function catalogue({ deps }: PackageAccess, asked: search.CatalogueFilter & Page) {
  const { rows, count } = await search.searchCatalogue(deps.database, asked);
  return { packages: rows.map((row) => ({ ...catalogueView(row), mine: row.mine })), count };
}

export const places = ({ deps }: PackageAccess) => search.listPlaces(deps.database);

/** A package and all that ever happened to it. NOT_FOUND for an unknown id. */
export async function history({ deps }: PackageAccess, resellerId: string) {
  const found = await readPackage(deps.database, resellerId);
  if (!found) throw new OpsdeckError('NOT_FOUND', `The catalogue never had a package ${resellerId}.`);
  const rows = await search.listChangesOfPackage(deps.database, resellerId);
  return { package: catalogueView(found), changes: rows.map(catalogueChangeView) };
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

/** What orders are placed with. CONFIG_INVALID without a configured supplier. */
export async function orderDeps({ deps, actor }: PackageAccess, signal?: AbortSignal): Promise<OrderDeps> {
  const client = deps.connect(await deps.readSettings());
  return { database: deps.database, clock: deps.clock, client, actor, ...(signal ? { signal } : {}) };
}

export async function order(
  access: PackageAccess,
  asked: { package: number | string; reference_id: string },
  signal?: AbortSignal,
): Promise<PackageOrder> {
  const row = await orderPackage(await orderDeps(access, signal), {
    package: asked.package,
    referenceId: asked.reference_id,
  });
  return orderView(row, await orders.readAttempts(access.deps.database, row.id));
}

export async function lookUp(access: PackageAccess, referenceId: string): Promise<PackageOrder> {
  const row = await lookUpOrder(await orderDeps(access), referenceId);
  return orderView(row, await orders.readAttempts(access.deps.database, row.id));
}

export async function listOrders({ deps }: PackageAccess, asked: Parameters<typeof orders.listOrders>[1]) {
  const { rows, count } = await orders.listOrders(deps.database, asked);
  const attempts = await orders.readAttemptsOf(
    deps.database,
    rows.map((row) => row.id),
  );
  return { orders: rows.map((row) => orderView(row, attempts.get(row.id) ?? [])), count };
}
