import type { Difference } from '../../shared/contract/my-packages.ts';
import { dataWords, mbWords, usdWords, type OfferedPackage, type PackageTerms } from './package-terms.ts';

/**
 * True only when every term is known on both sides and the same, and the other is not dearer: what may be put in the
 * place without asking (P4). `price` is what the office takes; it must not fall below the cost.
 */
export function isEquivalent(sold: PackageTerms, other: OfferedPackage, price: number | null): boolean {
  const same = <T>(a: T | null, b: T | null) => a !== null && b !== null && a === b;
  const sameCountry =
    sold.countryCode === other.countryCode || other.countryCodes.includes(sold.countryCode ?? '');
  const sameData =
    same(sold.unlimited, other.unlimited) && (other.unlimited || same(sold.dataMb, other.dataMb));
  return (
    same(sold.place, other.place) &&
    sameCountry &&
    sold.geography === other.geography &&
    sameData &&
    same(sold.days, other.days) &&
    same(sold.calls, other.calls) &&
    same(sold.sms, other.sms) &&
    same(sold.hotspot, other.hotspot) &&
    same(sold.throttle, other.throttle) &&
    sold.cost !== null &&
    other.cost <= sold.cost &&
    (price === null || other.cost <= price)
  );
}

/** In what another package is not the same, one by one and in words. Empty: the same in all that is known. */
export function differencesOf(sold: PackageTerms, other: OfferedPackage): Difference[] {
  return [
    placeDifference(sold, other),
    dataDifference(sold, other),
    daysDifference(sold, other),
    priceDifference(sold, other),
    ...(['calls', 'sms', 'throttle'] as const).map((field) =>
      textDifference(field, sold[field], other[field]),
    ),
    hotspotDifference(sold.hotspot, other.hotspot),
  ].filter((difference) => difference !== null);
}

/** All of it in a sentence. */
export function wordsOf(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The same in everything.';
  const text = differences.map((difference) => difference.words).join(', ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function placeDifference(sold: PackageTerms, other: OfferedPackage): Difference | null {
  if (sold.place === other.place) return null;
  const words =
    sold.place === null ? `works in ${other.place}` : `works in ${other.place} instead of ${sold.place}`;
  return { field: 'place', from: sold.place, to: other.place, words };
}

function dataDifference(sold: PackageTerms, other: OfferedPackage): Difference | null {
  if (sold.unlimited === other.unlimited && (other.unlimited || sold.dataMb === other.dataMb)) return null;
  const instead = `${dataWords(other)} instead of ${dataWords(sold)}`;
  const base = { field: 'data' as const, from: amountOf(sold), to: amountOf(other) };
  if (sold.dataMb === null || other.dataMb === null || other.unlimited || sold.unlimited)
    return { ...base, words: instead };
  const by = Math.abs(other.dataMb - sold.dataMb);
  return {
    ...base,
    words: `${mbWords(by)} ${other.dataMb < sold.dataMb ? 'less' : 'more'} data (${instead})`,
  };
}

const amountOf = (terms: PackageTerms) => (terms.unlimited ? 'unlimited' : terms.dataMb);

function daysDifference(sold: PackageTerms, other: OfferedPackage): Difference | null {
  if (sold.days === other.days) return null;
  const words =
    sold.days === null
      ? `${other.days} days`
      : `${Math.abs(other.days - sold.days)} days ${other.days < sold.days ? 'shorter' : 'longer'} (${other.days} instead of ${sold.days})`;
  return { field: 'days', from: sold.days, to: other.days, words };
}

function priceDifference(sold: PackageTerms, other: OfferedPackage): Difference | null {
  if (sold.cost === other.cost) return null;
  const words =
    sold.cost === null
      ? `costs ${usdWords(other.cost)}`
      : `${usdWords(Math.abs(other.cost - sold.cost))} ${other.cost < sold.cost ? 'cheaper' : 'dearer'} (${usdWords(other.cost)} instead of ${usdWords(sold.cost)})`;
  return { field: 'price', from: sold.cost, to: other.cost, words };
}

function textDifference(
  field: 'calls' | 'sms' | 'throttle',
  from: string | null,
  to: string | null,
): Difference | null {
  if (from === to) return null;
  const name = field === 'sms' ? 'SMS' : field;
  const known = from === null ? '' : ` instead of ${from}`;
  return { field, from, to, words: `${name}: ${to ?? 'not told'}${known}` };
}

function hotspotDifference(from: boolean | null, to: boolean | null): Difference | null {
  if (from === to) return null;
  const words = to === null ? 'hotspot: not told' : to ? 'with hotspot' : 'without hotspot';
  return { field: 'hotspot', from, to, words };
}
