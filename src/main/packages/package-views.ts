import type { CataloguePackage } from '../../shared/contract/catalogue.ts';
import type { Alternative, MappingChange, MyPackage, Proposal } from '../../shared/contract/my-packages.ts';
import type { PackageOrder } from '../../shared/contract/package-orders.ts';
import type { MappingChangeRow, ProposalRow } from './changes-store.ts';
import type { StoredPackage } from './known-store.ts';
import type { MappingRow } from './my-packages-store.ts';
import type { AttemptRow, OrderRow } from './orders-store.ts';
import type { RankedAlternative } from './rank-alternatives.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A package of the catalogue as windows and scripts get it. */
export function catalogueView(stored: StoredPackage): CataloguePackage {
  const {
    id,
    resellerId,
    name,
    place,
    countryCode,
    countryName,
    region,
    geography,
    dataMb,
    unlimited,
    days,
  } = stored;
  const { cost, calls, sms, hotspot, throttle, retiredAt } = stored;
  return {
    ...{ id, reseller_id: resellerId, name, place, country_code: countryCode, country_name: countryName },
    ...{ region, geography, data_mb: dataMb, unlimited, days, price: cost, calls, sms, hotspot, throttle },
    retired_at: iso(retiredAt),
  };
}

/** What the office sells, with what was found about it last. */
export function mappingView(row: MappingRow): MyPackage {
  const {
    id,
    resellerId,
    name,
    countryCode,
    region,
    place,
    dataMb,
    unlimited,
    days,
    price,
    visible,
    version,
    cost,
  } = row;
  const validation =
    row.valid === null || row.checkedAt === null
      ? null
      : { valid: row.valid, reason: row.reason, detail: row.detail, checked_at: row.checkedAt.toISOString() };
  return {
    ...{
      id,
      reseller_id: resellerId,
      name,
      country_code: countryCode,
      region,
      place,
      data_mb: dataMb,
      unlimited,
    },
    ...{ days, price, visible, version, cost, validation },
    updated_at: row.updatedAt.toISOString(),
  };
}

export function alternativeView(ranked: RankedAlternative<StoredPackage>): Alternative {
  const { offered, nearness, equivalent, differences, words } = ranked;
  return { package: catalogueView(offered), nearness, equivalent, differences, words };
}

export function proposalView(row: ProposalRow): Proposal {
  return {
    ...{ id: row.id, my_package_id: row.myPackageId, kind: row.kind, from_reseller_id: row.fromResellerId },
    ...{
      to_reseller_id: row.toResellerId,
      differences: row.differences,
      words: row.words,
      status: row.status,
    },
    ...{ version: row.version, created_at: row.createdAt.toISOString(), decided_at: iso(row.decidedAt) },
    decided_by: row.decidedBy,
  };
}

export function changeView(row: MappingChangeRow): MappingChange {
  return {
    ...{ id: row.id, my_package_id: row.myPackageId, name: row.name, action: row.action },
    ...{ from_reseller_id: row.before.resellerId, to_reseller_id: row.after.resellerId, words: row.words },
    ...{ actor: row.actor, at: row.changedAt.toISOString(), undone_at: iso(row.undoneAt) },
    undoable: row.undoneAt === null && row.version === row.after.version,
  };
}

export function orderView(row: OrderRow, attempts: readonly AttemptRow[]): PackageOrder {
  return {
    ...{ id: row.id, reference_id: row.referenceId, reseller_id: row.resellerId, state: row.state },
    ...{ bought_reseller_id: row.boughtResellerId, vendor_order_id: row.vendorOrderId, total: row.total },
    ...{ currency: row.currency, esims: row.esims, fallback: row.fallback, message: row.message },
    ...{ alternatives: row.alternatives, actor: row.actor },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    attempts: attempts.map((attempt) => ({
      ...{
        number: attempt.number,
        kind: attempt.kind,
        reseller_id: attempt.resellerId,
        outcome: attempt.outcome,
      },
      ...{ status: attempt.status, detail: attempt.detail, ended_at: iso(attempt.endedAt) },
      started_at: attempt.startedAt.toISOString(),
    })),
  };
}
