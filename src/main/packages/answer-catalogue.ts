import type {
  CatalogueChange,
  CatalogueRun,
  PackagesProgress,
  PackagesState,
} from '../../shared/contract/catalogue.ts';
import { OpsdeckError } from '../errors.ts';
import { iterateEvents } from '../iterate-events.ts';
import type { Operations } from '../operations.ts';
import { lastRun, recentRuns, type SyncRun } from '../system/sync-runs.ts';
import * as search from './catalogue-search-store.ts';
import { countCatalogue } from './catalogue-store.ts';
import { openHold, type HeldRetirements } from './held-store.ts';
import { readPackage, readPackages } from './known-store.ts';
import type { PackageAccess, Page } from './package-access.ts';
import { catalogueView } from './package-views.ts';

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

export async function listPackages({ deps }: PackageAccess, asked: search.CatalogueFilter & Page) {
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
