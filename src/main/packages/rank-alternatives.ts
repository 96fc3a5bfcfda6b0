import type { Difference } from '../../shared/contract/my-packages.ts';
import { differencesOf, isEquivalent, wordsOf } from './compare-packages.ts';
import type { OfferedPackage, PackageTerms } from './package-terms.ts';

export type Nearness = 'place' | 'country' | 'region' | 'global';

export interface RankedAlternative<Offered extends OfferedPackage = OfferedPackage> {
  offered: Offered;
  nearness: Nearness;
  equivalent: boolean;
  differences: Difference[];
  words: string;
}

const order: readonly Nearness[] = ['place', 'country', 'region', 'global'];

/**
 * What could be sold in the place of another: the same place first, then the same country, then packages of its region,
 * then global ones; within each the least different. A package of one other country is never among them.
 */
export function rankAlternatives<Offered extends OfferedPackage>(
  sold: PackageTerms,
  offers: readonly Offered[],
  options: { price: number | null; limit: number },
): RankedAlternative<Offered>[] {
  return offers
    .flatMap((offered) => {
      const nearness = offered.resellerId === sold.resellerId ? null : nearnessOf(sold, offered);
      if (nearness === null) return [];
      const equivalent = nearness === 'place' && isEquivalent(sold, offered, options.price);
      return [{ offered, nearness, equivalent, penalty: equivalent ? -1 : penaltyOf(sold, offered) }];
    })
    .sort(
      (a, b) =>
        order.indexOf(a.nearness) - order.indexOf(b.nearness) ||
        a.penalty - b.penalty ||
        a.offered.cost - b.offered.cost ||
        (a.offered.resellerId < b.offered.resellerId ? -1 : 1),
    )
    .slice(0, options.limit)
    .map(({ penalty: _penalty, ...ranked }) => {
      const differences = differencesOf(sold, ranked.offered);
      return { ...ranked, differences, words: wordsOf(differences) };
    });
}

/** How near an offer is to what is sold; null for one that works somewhere else. A code alone names no country. */
export function nearnessOf(sold: PackageTerms, offered: OfferedPackage): Nearness | null {
  const code = sold.countryCode;
  const codeFits = code === null || offered.countryCodes.length === 0 || offered.countryCodes.includes(code);
  if (sold.place !== null && sold.place === offered.place && codeFits) return 'place';
  const regionFits = sold.region === null || offered.region === null || sold.region === offered.region;
  const isLocal = offered.geography === 'local' || offered.geography === null;
  const wasLocal = sold.geography === 'local' || sold.geography === null;
  if (isLocal)
    return wasLocal && code !== null && offered.countryCode === code && regionFits ? 'country' : null;
  if (offered.geography === 'global') return 'global';
  const covers = code !== null && wasLocal && offered.countryCodes.includes(code);
  return covers || (sold.region !== null && sold.region === offered.region) ? 'region' : null;
}

/** How much worse off a customer is; less of something counts more than more of it. */
function penaltyOf(sold: PackageTerms, offered: OfferedPackage): number {
  const lost = (had: string | boolean | null, has: string | boolean | null) =>
    had !== null && had !== false && had !== 'none' && had !== has ? 2 : 0;
  return (
    ratioPenalty(dataOf(sold), dataOf(offered)) +
    ratioPenalty(sold.days, offered.days) +
    lost(sold.calls, offered.calls) +
    lost(sold.sms, offered.sms) +
    lost(sold.hotspot, offered.hotspot) +
    (sold.throttle !== offered.throttle ? 0.5 : 0) +
    (sold.cost ? Math.max(0, offered.cost / sold.cost - 1) : 0)
  );
}

/** Unlimited counts as a terabyte. */
const dataOf = (terms: PackageTerms) => (terms.unlimited ? 1_048_576 : terms.dataMb);

function ratioPenalty(had: number | null, has: number | null): number {
  if (!had || !has) return 0;
  const steps = Math.log2(has / had);
  return steps < 0 ? -steps * 3 : steps;
}
