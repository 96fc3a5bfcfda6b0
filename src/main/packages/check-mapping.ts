import type { InvalidReason } from '../../shared/contract/my-packages.ts';
import {
  isAstray,
  isMisUnited,
  mbWords,
  usdWords,
  type KnownPackage,
  type Mapping,
} from './package-terms.ts';

/** Whether a mapping may be sold as it is; if not, the first reason why, in words. */
export type Verdict =
  { valid: true; reason: null; detail: null } | { valid: false; reason: InvalidReason; detail: string };

/** Checks a mapping against what the catalogue knows of its package; null where it never had such an id (P2). */
export function checkMapping(mapping: Mapping, known: KnownPackage | null): Verdict {
  if (known === null) return invalid('missing', `The catalogue never had a package ${mapping.resellerId}.`);
  if (known.retired) return invalid('retired', `Roamify does not list ${mapping.resellerId} any more.`);
  const { dataMb, days, unlimited, price } = mapping;
  if (isAstray(mapping, known)) {
    const said = mapping.countryCode ?? mapping.place ?? '';
    const real = [known.place, ...known.countryCodes].join(', ');
    return invalid('differs', `It is sold for ${said}, but the package works in ${real}.`);
  }
  if (isMisUnited(dataMb, known.dataMb))
    return invalid(
      'mis-united',
      `The data amount is in the wrong unit: ${dataMb} stands where ${known.dataMb} MB (${mbWords(known.dataMb!)}) are delivered.`,
    );
  if (known.unlimited ? unlimited === false : unlimited === true)
    return invalid(
      'differs',
      `It is sold as ${unlimited ? 'unlimited' : 'limited'}, but the package is not.`,
    );
  // The supplier's word for unlimited is no amount.
  if (known.unlimited && dataMb !== null && dataMb >= Number.MAX_SAFE_INTEGER)
    return invalid(
      'mis-united',
      'The data amount is the supplier’s sign for unlimited, taken for a number of MB.',
    );
  if (!known.unlimited && dataMb !== null && dataMb !== known.dataMb)
    return invalid(
      'differs',
      `It is sold with ${mbWords(dataMb)}, but the package has ${mbWords(known.dataMb!)}.`,
    );
  if (days !== null && days !== known.days)
    return invalid('differs', `It is sold for ${days} days, but the package lasts ${known.days}.`);
  if (price !== null && price < known.cost)
    return invalid('below-cost', `It is sold for ${usdWords(price)}, but costs ${usdWords(known.cost)}.`);
  return { valid: true, reason: null, detail: null };
}

function invalid(reason: InvalidReason, detail: string): Verdict {
  return { valid: false, reason, detail };
}

/** Percent valid with one decimal; null of none. */
export function healthScore(valid: number, checked: number): number | null {
  return checked === 0 ? null : Math.round((valid / checked) * 1_000) / 10;
}
