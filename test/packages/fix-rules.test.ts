import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFix } from '../../src/main/packages/auto-fix.ts';
import { checkMapping } from '../../src/main/packages/check-mapping.ts';
import type { StoredPackage } from '../../src/main/packages/known-store.ts';
import type { MappingRow } from '../../src/main/packages/my-packages-store.ts';
import {
  isMisUnited,
  promisedTerms,
  type KnownPackage,
  type Mapping,
} from '../../src/main/packages/package-terms.ts';
import { rankAlternatives } from '../../src/main/packages/rank-alternatives.ts';
import { knownPackage, mappingOf } from './random-packages.ts';

const runs = { numRuns: 10_000 };
const nothing = { taken: new Set<string>(), refused: new Set<string>() };
/** Like another but for a term or none: what a rule could take for the same. */
const nearly = (known: KnownPackage) =>
  fc
    .tuple(
      knownPackage,
      fc.subarray(['days', 'cost', 'calls', 'sms', 'hotspot', 'throttle', 'place', 'geography'] as const, {
        maxLength: 2,
      }),
    )
    .map(([other, moved]): KnownPackage => ({
      ...known,
      ...Object.fromEntries(moved.map((term) => [term, other[term]])),
      resellerId: other.resellerId,
      retired: false,
    }));
const cases = knownPackage.chain((known) =>
  fc
    .tuple(
      fc.constant(known),
      mappingOf(known),
      fc.array(knownPackage, { maxLength: 15 }),
      fc.array(nearly(known), { maxLength: 5 }),
      fc.boolean(),
    )
    .map(
      ([one, mapping, others, near, gone]) =>
        [one, mapping, [...others, ...near] as readonly KnownPackage[], gone] as const,
    ),
);
const stored = (known: KnownPackage) => known as StoredPackage;
const onOffer = (all: readonly KnownPackage[]) => all.filter((one) => !one.retired).map(stored);

function sameInEverything(sold: Mapping, known: KnownPackage | null, to: KnownPackage): boolean {
  if (known === null) return false;
  const said = <T>(own: T | null, real: T | null) => own ?? real;
  return (
    to.place === said(sold.place, known.place) &&
    to.place === known.place &&
    to.geography === known.geography &&
    to.countryCodes.includes(said(sold.countryCode, known.countryCode) ?? '') &&
    to.days === said(sold.days, known.days) &&
    to.unlimited === said(sold.unlimited, known.unlimited) &&
    [sold.dataMb, known.dataMb].includes(to.dataMb) &&
    [to.calls, to.sms, to.throttle, to.hotspot].every((term) => term !== null) &&
    to.calls === said(sold.calls, known.calls) &&
    to.sms === said(sold.sms, known.sms) &&
    to.hotspot === said(sold.hotspot, known.hotspot) &&
    to.throttle === said(sold.throttle, known.throttle) &&
    to.cost <= known.cost &&
    (sold.price === null || to.cost <= sold.price)
  );
}

/** The origin system's way: the same code will do, then any. */
function naiveFix(mapping: Mapping, known: KnownPackage | null, offers: readonly KnownPackage[]) {
  if (checkMapping(mapping, known).valid) return null;
  return offers.find((one) => one.countryCode === mapping.countryCode) ?? offers[0] ?? null;
}

describe('what is put in the place of an invalid package unasked', () => {
  it('is the same in everything and not dearer, in 10 000 random catalogues', () => {
    let proven = 0;
    fc.assert(
      fc.property(cases, ([known, mapping, all, gone]) => {
        const found = gone ? null : known;
        const fix = chooseFix(mapping as MappingRow, found && stored(found), onOffer(all), nothing);
        if (fix.kind !== 'swap' || !fix.proven) return;
        proven += 1;
        expect(sameInEverything(mapping, found, fix.to)).toBe(true);
      }),
      runs,
    );
    expect(proven).toBeGreaterThan(100);
  });

  it('would be another place by a naive rule (mutant)', () => {
    let elsewhere = 0;
    fc.assert(
      fc.property(cases, ([known, mapping, all]) => {
        const to = naiveFix(mapping, known, onOffer(all));
        if (to && to.place !== known.place) elsewhere += 1;
      }),
      { numRuns: 500 },
    );
    expect(elsewhere).toBeGreaterThan(0);
  });

  it('is never what is sold already or was refused', () => {
    fc.assert(
      fc.property(cases, ([known, mapping, all]) => {
        const offers = onOffer(all);
        const first = chooseFix(mapping as MappingRow, stored(known), offers, nothing);
        if (first.kind !== 'swap') return;
        const { resellerId } = first.to;
        const not = [
          { taken: new Set([resellerId]), refused: new Set<string>() },
          { taken: new Set<string>(), refused: new Set([`swap ${resellerId}`]) },
        ];
        for (const each of not) {
          const next = chooseFix(mapping as MappingRow, stored(known), offers, each);
          expect(next.kind === 'swap' && next.to.resellerId).not.toBe(resellerId);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('alternatives', () => {
  it('come nearest first, and a single other country is never among them', () => {
    fc.assert(
      fc.property(cases, ([known, mapping, all]) => {
        const sold = promisedTerms(mapping, known);
        const ranked = rankAlternatives(sold, onOffer(all), { price: null, limit: 100 });
        const order = ranked.map((one) => ['place', 'country', 'region', 'global'].indexOf(one.nearness));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        for (const { offered, equivalent, nearness } of ranked) {
          if (offered.geography === 'local' && offered.place !== sold.place)
            expect(offered.countryCode).toBe(sold.countryCode);
          if (equivalent) expect(nearness).toBe('place');
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('do not take Africa Adventure for Afghanistan, though both are AF', () => {
    const base = {
      dataMb: 1_024,
      unlimited: false,
      days: 7,
      cost: 3,
      calls: 'none',
      sms: 'none',
      hotspot: true,
      throttle: 'none',
    };
    const afghanistan: KnownPackage = {
      ...{ ...base, resellerId: 'a', place: 'afghanistan', countryCode: 'AF', countryCodes: ['AF'] },
      ...{ region: 'Asia', geography: 'local', retired: true },
    };
    const adventure: KnownPackage = {
      ...{ ...base, resellerId: 'b', place: 'africa-adventure', countryCode: 'AF', countryCodes: ['AF'] },
      ...{ region: 'Africa', geography: 'local', retired: false },
    };
    const sold = promisedTerms(
      {
        ...base,
        id: 1,
        version: 1,
        resellerId: 'a',
        name: null,
        countryCode: 'AF',
        region: null,
        place: null,
        price: null,
      },
      afghanistan,
    );
    expect(rankAlternatives(sold, [adventure], { price: null, limit: 5 })).toEqual([]);
  });

  it('say in words what is different', () => {
    const known = fc.sample(knownPackage, { seed: 7, numRuns: 1 })[0]!;
    const sold = { ...known, dataMb: 3_072, unlimited: false, days: 30, cost: 9 };
    const other = {
      ...known,
      resellerId: 'other',
      dataMb: 1_024,
      unlimited: false,
      days: 7,
      cost: 10.2,
      retired: false,
    };
    expect(rankAlternatives(sold, [other], { price: null, limit: 1 })[0]!.words).toBe(
      '2 GB less data (1 GB instead of 3 GB), 23 days shorter (7 instead of 30), USD 1.20 dearer (USD 10.20 instead of USD 9.00).',
    );
  });
});

describe('a check', () => {
  const known: KnownPackage = {
    ...{ resellerId: 'esim-sweden-7days-3gb-all', place: 'sweden', countryCode: 'SE', countryCodes: ['SE'] },
    ...{ region: 'Europe', geography: 'local', dataMb: 3_072, unlimited: false, days: 7, cost: 4 },
    ...{ calls: 'none', sms: 'none', hotspot: true, throttle: 'none', retired: false },
  };
  const mapping: Mapping = {
    ...{
      id: 1,
      version: 1,
      resellerId: known.resellerId,
      name: 'Sverige',
      countryCode: 'SE',
      region: 'Europe',
    },
    ...{ place: 'sweden', dataMb: 3_072, unlimited: false, days: 7, price: 5 },
    ...{ calls: null, sms: null, hotspot: null, throttle: null },
  };
  it.each([
    ['valid', mapping, known, null],
    ['never in the catalogue', mapping, null, 'missing'],
    ['retired', mapping, { ...known, retired: true }, 'retired'],
    ['sold in GB for MB', { ...mapping, dataMb: 3 }, known, 'mis-united'],
    ['MB taken for GB', { ...mapping, dataMb: 3_072 * 1_024 }, known, 'mis-united'],
    ['other data', { ...mapping, dataMb: 5_120 }, known, 'differs'],
    ['other days', { ...mapping, days: 30 }, known, 'differs'],
    ['another country', { ...mapping, countryCode: 'NO' }, known, 'differs'],
    ['below cost', { ...mapping, price: 3.99 }, known, 'below-cost'],
    ['at cost', { ...mapping, price: 4 }, known, null],
    ['no price yet', { ...mapping, price: null }, known, null],
  ] as const)('says %s', (_name, sold, found, reason) => {
    expect(checkMapping(sold, found).reason).toBe(reason);
  });

  it('tells a wrong unit from another amount', () => {
    expect([
      isMisUnited(3, 3_072),
      isMisUnited(3_072, 3),
      isMisUnited(2_048, 3_072),
      isMisUnited(3_072, 3_072),
    ]).toEqual([true, true, false, false]);
  });
});
