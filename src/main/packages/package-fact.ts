/** A package as our catalogue holds it, mapped from the supplier's record and the group it stands in. */
export interface PackageFact {
  id: string;
  resellerId: string;
  name: string;
  plan: string | null;
  /** The slug of where it works. */
  place: string;
  countryCode: string | null;
  countryName: string | null;
  /** Codes of every group that lists it, sorted. */
  countryCodes: readonly string[];
  region: string | null;
  geography: string | null;
  /** In MB; null: unlimited. */
  dataMb: number | null;
  unlimited: boolean;
  days: number;
  /** In USD, at most four decimals. */
  price: number;
  /** `none`, `unlimited`, or amount and unit; null: not told. */
  calls: string | null;
  sms: string | null;
  hotspot: boolean | null;
  throttle: string | null;
}

/** A record that cannot be mapped, for the shelf. */
export interface RejectedPackage {
  key: string;
  reason: 'record' | 'id' | 'price' | 'days' | 'data';
  detail: string;
  payload: Record<string, unknown>;
}
