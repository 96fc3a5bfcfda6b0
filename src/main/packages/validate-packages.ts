import type { InvalidReason } from '../../shared/contract/my-packages.ts';
import { OpsdeckError } from '../errors.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import { checkMapping, healthScore } from './check-mapping.ts';
import { readOffers, readPackage, readPackages, type StoredPackage } from './known-store.ts';
import { allMappings, mappingsOf, readMapping, type MappingRow } from './my-packages-store.ts';
import { promisedTerms } from './package-terms.ts';
import { rankAlternatives, type RankedAlternative } from './rank-alternatives.ts';
import type { PackageDeps } from './run-catalogue-pass.ts';
import { addHealth, readFresh, storeFindings, type Finding, type HealthRow } from './validations-store.ts';

/** Percent valid below which a warning is raised (P3). */
export const healthTarget = 95;
/** Mappings checked before main may answer windows in between. */
const sliceSize = 500;

type Trigger = 'schedule' | 'person' | 'cli' | 'pass';

/** Checks every mapping, stores what was found, adds a point to the trend and tells when the score crosses its target. */
export async function validateAll(
  deps: Pick<PackageDeps, 'database' | 'clock'>,
  request: { trigger: Trigger },
): Promise<HealthRow> {
  const now = deps.clock.now();
  const mappings = await allMappings(deps.database);
  const findings: Finding[] = [];
  for (let at = 0; at < mappings.length; at += sliceSize) {
    const slice = mappings.slice(at, at + sliceSize);
    const known = await readPackages(
      deps.database,
      slice.map((mapping) => mapping.resellerId),
    );
    for (const mapping of slice) findings.push(findingOf(mapping, known.get(mapping.resellerId) ?? null));
  }
  return deps.database.transaction(async (tx) => {
    for (let at = 0; at < findings.length; at += sliceSize)
      await storeFindings(tx, findings.slice(at, at + sliceSize), now);
    return addPoint(tx, findings, { at: now, trigger: request.trigger });
  });
}

function findingOf(mapping: MappingRow, known: StoredPackage | null): Finding {
  const { id, version, resellerId } = mapping;
  return { id, version, resellerId, verdict: checkMapping(mapping, known) };
}

async function addPoint(
  tx: Transaction,
  findings: readonly Finding[],
  point: { at: Date; trigger: Trigger },
): Promise<HealthRow> {
  const total = findings.length;
  const valid = findings.filter((finding) => finding.verdict.valid).length;
  const row = { at: point.at, total, valid, invalid: total - valid, score: healthScore(valid, total) };
  const before = await addHealth(tx, { ...row, trigger: point.trigger });
  await tellCrossing(tx, row, before);
  await appendChange(tx, 'packages', { what: 'validation' });
  return row;
}

/** Once for each time that the score falls below its target, and once when it is there again. */
async function tellCrossing(tx: Transaction, now: HealthRow, before: HealthRow | null): Promise<void> {
  const isLow = (row: HealthRow | null) => row?.score !== null && row !== null && row.score < healthTarget;
  if (isLow(now) === isLow(before)) return;
  const { score, invalid, total } = now;
  const metadata = { kind: 'package-health', solved: !isLow(now), score, invalid, total } as const;
  const message = isLow(now)
    ? `${now.invalid} of ${now.total} packages on sale are not valid (${now.score} %, target ${healthTarget} %)`
    : `The packages on sale are valid again (${now.score ?? 100} %)`;
  await raiseHealthEvent(tx, isLow(now) ? 'WARNING' : 'INFO', message, metadata);
}

export interface SaleCheck {
  valid: boolean;
  reason: InvalidReason | null;
  detail: string | null;
  checkedAt: Date;
  alternatives: RankedAlternative<StoredPackage>[];
}

/** How many alternatives a check answers. */
const fewAlternatives = 10;

/**
 * Checks one package before a sale: a mapping by its number, or any id of the supplier's. A finding of the last hour
 * stands while nothing changed. NOT_FOUND for a number that no mapping has.
 */
export async function checkOne(
  deps: Pick<PackageDeps, 'database' | 'clock'>,
  asked: { id: number } | { resellerId: string },
): Promise<SaleCheck> {
  const { database } = deps;
  const mapping =
    'id' in asked ? await readMapping(database, asked.id) : (await mappingsOf(database, asked.resellerId))[0];
  if (!mapping && 'id' in asked) throw noSuchMapping(asked.id);
  const resellerId = mapping?.resellerId ?? (asked as { resellerId: string }).resellerId;
  const fresh = mapping ? await readFresh(database, mapping.id) : null;
  const known = await readPackage(database, resellerId);
  const checked = mapping ?? bareMapping(resellerId);
  const verdict = fresh ?? { ...checkMapping(checked, known), checkedAt: deps.clock.now() };
  if (mapping && !fresh) {
    const { id, version } = mapping;
    const finding = { id, version, resellerId, verdict: checkMapping(mapping, known) };
    await storeFindings(database, [finding], verdict.checkedAt);
  }
  const alternatives = verdict.valid ? [] : await alternativesOf(deps, checked, known, fewAlternatives);
  const { valid, reason, detail, checkedAt } = verdict;
  return { valid, reason, detail, checkedAt, alternatives };
}

/** What could be sold in the place of a mapping, nearest first. */
export async function alternativesOf(
  deps: Pick<PackageDeps, 'database'>,
  mapping: Parameters<typeof promisedTerms>[0],
  known: StoredPackage | null,
  limit: number,
): Promise<RankedAlternative<StoredPackage>[]> {
  const sold = promisedTerms(mapping, known);
  return rankAlternatives(sold, await readOffers(deps.database, sold), { price: mapping.price, limit });
}

/** An id that the office does not sell, as if it did. */
export function bareMapping(resellerId: string): Parameters<typeof promisedTerms>[0] {
  const nothing = { name: null, countryCode: null, region: null, place: null, dataMb: null, unlimited: null };
  const noTerms = { days: null, price: null, calls: null, sms: null, hotspot: null, throttle: null };
  return { id: 0, version: 0, resellerId, ...nothing, ...noTerms };
}

export function noSuchMapping(id: number): OpsdeckError {
  return new OpsdeckError(
    'NOT_FOUND',
    `The office sells no package with number ${id}. It may have been removed.`,
  );
}
