import type { Queryable } from '../storage/postgres.ts';
import type { KnownPackage, PackageTerms } from './package-terms.ts';

/** A package of the catalogue as it is read: terms, and what screens show beside them. */
export interface StoredPackage extends KnownPackage {
  id: string;
  name: string;
  countryName: string | null;
  retiredAt: Date | null;
}

/** Columns of a package under the alias `p`, named as `StoredPackage` has them. */
export const packageColumns = `p.id, p.reseller_id as "resellerId", p.name, p.place, p.country_code as "countryCode",
  p.country_name as "countryName", p.country_codes as "countryCodes", p.region, p.geography, p.data_mb as "dataMb",
  p.unlimited, p.days, p.price::float8 as cost, p.calls, p.sms, p.hotspot, p.throttle,
  p.retired_at is not null as retired, p.retired_at as "retiredAt"`;

/** Packages by id, on offer or retired. */
export async function readPackages(
  db: Queryable,
  resellerIds: readonly string[],
): Promise<Map<string, StoredPackage>> {
  const rows = await db.query<StoredPackage>(
    `select ${packageColumns} from packages p where p.reseller_id = any ($1::text[])`,
    [[...new Set(resellerIds)]],
  );
  return new Map(rows.rows.map((row) => [row.resellerId, row]));
}

/** One package; null when the catalogue never had it. */
export async function readPackage(db: Queryable, resellerId: string): Promise<StoredPackage | null> {
  return (await readPackages(db, [resellerId])).get(resellerId) ?? null;
}

/** Every package on offer that could stand in for what is sold: of its place, country, region, or for everywhere. */
export async function readOffers(db: Queryable, sold: PackageTerms): Promise<StoredPackage[]> {
  const rows = await db.query<StoredPackage>(
    `select ${packageColumns} from packages p
      where p.retired_at is null
        and (p.place = $1 or p.country_codes @> array[$2::text] or p.geography = 'global'
             or (p.region = $3 and p.geography = 'regional'))`,
    [sold.place, sold.countryCode, sold.region],
  );
  return rows.rows;
}
