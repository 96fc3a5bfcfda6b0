/** What a package is: all that a swap has to keep. Null: not known. */
export interface PackageTerms {
  resellerId: string;
  place: string | null;
  countryCode: string | null;
  /** Codes of every place under which it is listed. */
  countryCodes: readonly string[];
  region: string | null;
  geography: string | null;
  /** In MB; null where unlimited, or not known. */
  dataMb: number | null;
  unlimited: boolean | null;
  days: number | null;
  /** What it costs, in USD. */
  cost: number | null;
  calls: string | null;
  sms: string | null;
  hotspot: boolean | null;
  throttle: string | null;
}

/** A package that is on offer: what it is was told by the supplier. */
export interface OfferedPackage extends PackageTerms {
  place: string;
  unlimited: boolean;
  days: number;
  cost: number;
}

/** A package of the catalogue, on offer or retired. */
export interface KnownPackage extends OfferedPackage {
  retired: boolean;
}

/** A row of `my_packages`: what the office says that it sells. */
export interface Mapping {
  id: number;
  version: number;
  resellerId: string;
  name: string | null;
  countryCode: string | null;
  region: string | null;
  place: string | null;
  dataMb: number | null;
  unlimited: boolean | null;
  days: number | null;
  price: number | null;
  calls: string | null;
  sms: string | null;
  hotspot: boolean | null;
  throttle: string | null;
}

/**
 * What a mapping promises: its own words first, then those of the package it stands for, known or retired. Where the
 * two speak of different countries the place counts as not known, so that no rule can prove another the same.
 */
export function promisedTerms(mapping: Mapping, known: KnownPackage | null): PackageTerms {
  const astray = known !== null && isAstray(mapping, known);
  const sameUnit = known === null || !isMisUnited(mapping.dataMb, known.dataMb);
  return {
    resellerId: mapping.resellerId,
    place: astray ? null : (mapping.place ?? known?.place ?? null),
    countryCode: mapping.countryCode ?? known?.countryCode ?? null,
    countryCodes: known?.countryCodes ?? (mapping.countryCode === null ? [] : [mapping.countryCode]),
    region: mapping.region ?? known?.region ?? null,
    geography: astray ? null : (known?.geography ?? null),
    dataMb: (sameUnit ? mapping.dataMb : null) ?? known?.dataMb ?? null,
    unlimited: mapping.unlimited ?? known?.unlimited ?? (mapping.dataMb === null ? null : false),
    days: mapping.days ?? known?.days ?? null,
    cost: known?.cost ?? null,
    calls: mapping.calls ?? known?.calls ?? null,
    sms: mapping.sms ?? known?.sms ?? null,
    hotspot: mapping.hotspot ?? known?.hotspot ?? null,
    throttle: mapping.throttle ?? known?.throttle ?? null,
  };
}

/** Whether a mapping names a country, or a place, under which its package is not sold. */
export function isAstray(mapping: Pick<Mapping, 'countryCode' | 'place'>, known: KnownPackage): boolean {
  const { countryCode, place } = mapping;
  const codes = known.countryCodes;
  const elsewhere =
    countryCode !== null &&
    codes.length > 0 &&
    !codes.some((code) => code.toUpperCase() === countryCode.toUpperCase());
  return elsewhere || (place !== null && place !== known.place);
}

/** Whether two amounts differ by exactly the step from one unit to another: 3 for 3 GB, or 3 072 taken for GB. */
export function isMisUnited(stated: number | null, real: number | null): boolean {
  if (stated === null || real === null || stated === real) return false;
  return [1_024, 1_000, 1_024 ** 2].some((step) => stated * step === real || real * step === stated);
}

/** An amount of data in words: 512 MB, 1.5 GB. */
export function dataWords(terms: Pick<PackageTerms, 'dataMb' | 'unlimited'>): string {
  if (terms.unlimited) return 'unlimited data';
  return terms.dataMb === null ? 'unknown data' : mbWords(terms.dataMb);
}

/** MB in the unit that people use. */
export function mbWords(mb: number): string {
  return mb < 1_024 ? `${mb} MB` : `${Math.round((mb / 1_024) * 100) / 100} GB`;
}

/** USD with two decimals at least. */
export function usdWords(amount: number): string {
  return `USD ${amount.toFixed(2)}`;
}
