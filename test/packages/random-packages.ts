import fc from 'fast-check';
import type { KnownPackage, Mapping } from '../../src/main/packages/package-terms.ts';

/** Few values for each term, so that random packages are often alike. AF names two places, as it does at the supplier. */
const places = [
  { place: 'sweden', countryCode: 'SE', countryCodes: ['SE'], region: 'Europe', geography: 'local' },
  { place: 'greece', countryCode: 'GR', countryCodes: ['GR'], region: 'Europe', geography: 'local' },
  { place: 'afghanistan', countryCode: 'AF', countryCodes: ['AF'], region: 'Asia', geography: 'local' },
  {
    place: 'africa-adventure',
    countryCode: 'AF',
    countryCodes: ['AF', 'MA'],
    region: 'Africa',
    geography: 'regional',
  },
  {
    place: 'europe',
    countryCode: 'EU',
    countryCodes: ['EU', 'GR', 'SE'],
    region: 'Europe',
    geography: 'regional',
  },
  {
    place: 'global',
    countryCode: 'GL',
    countryCodes: ['GL', 'GR', 'SE'],
    region: 'Global',
    geography: 'global',
  },
];

const text = fc.constantFrom('none', 'unlimited', '10 minutes', null);

export const knownPackage: fc.Arbitrary<KnownPackage> = fc
  .record({
    where: fc.constantFrom(...places),
    data: fc.constantFrom(1_024, 3_072, null),
    days: fc.constantFrom(7, 30),
    cost: fc.constantFrom(3, 4.5, 9),
    calls: text,
    sms: text,
    hotspot: fc.constantFrom(true, false, null),
    throttle: fc.constantFrom('none', '512 kbps after 1024 mb', null),
    retired: fc.boolean(),
    number: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ where, data, number, ...terms }) => ({
    ...where,
    ...terms,
    resellerId: `esim-${where.place}-${number}`,
    dataMb: data,
    unlimited: data === null,
  }));

/** A mapping of a package, whose own words may say something else. */
export function mappingOf(known: KnownPackage): fc.Arbitrary<Mapping> {
  const own = <T>(value: T) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(null) });
  return fc.record({
    id: fc.integer({ min: 1, max: 1_000_000 }),
    version: fc.constant(1),
    resellerId: fc.constant(known.resellerId),
    name: fc.constantFrom('A', null),
    countryCode: fc.oneof(own(known.countryCode), fc.constantFrom('SE', 'GR', 'AF')),
    region: own(known.region),
    place: own(known.place),
    dataMb: fc.oneof(own(known.dataMb), fc.constantFrom(1, 3, 1_024)),
    unlimited: own(known.unlimited),
    days: own(known.days),
    price: fc.constantFrom(2, 5, 10, null),
    calls: own(known.calls),
    sms: own(known.sms),
    hotspot: own(known.hotspot),
    throttle: own(known.throttle),
  });
}
