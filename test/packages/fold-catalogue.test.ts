import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCatalogue, type FoldedCatalogue } from '../../src/main/packages/fold-catalogue.ts';
import { packageId } from '../../src/main/packages/package-id.ts';

interface WireGroup {
  id: string;
  countrySlug: string;
  countryCode: string;
  countryName: string;
  region: string;
  geography: string;
  packages: Record<string, unknown>[];
}

/** AF names two places, as it does at the supplier. */
const places = [
  ['sweden', 'SE', 'Europe', 'local'],
  ['greece', 'GR', 'Europe', 'local'],
  ['afghanistan', 'AF', 'Asia', 'local'],
  ['africa-adventure', 'AF', 'Africa', 'local'],
  ['europe', 'EU', 'Europe', 'regional'],
  ['global', 'GL', 'Global', 'global'],
] as const;

const ids = [
  ...places.flatMap(([slug]) => [`esim-${slug}-7days-1gb-all`, `esim-${slug}-30days-un2gb-all`]),
  'odd-id',
];
/** The same id is nearly always the same package; sometimes a group says something else of it. */
const record = fc
  .record({
    packageId: fc.constantFrom(...ids),
    package: fc.constant('1 GB - 7 Days'),
    plan: fc.constant('data-only'),
    day: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(7, 30) },
      { weight: 1, arbitrary: fc.constantFrom('soon', 0, null) },
    ),
    price: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(4.5, 9) },
      { weight: 1, arbitrary: fc.constantFrom('free', -1) },
    ),
    isUnlimited: fc.boolean(),
    dataAmount: fc.constantFrom(1_024, 3_072, Number.MAX_SAFE_INTEGER),
    dataUnit: fc.constant('MB'),
  })
  .map((one): Record<string, unknown> => one);
const group = fc
  .tuple(fc.constantFrom(...places), fc.array(record, { maxLength: 6 }))
  .map(([[slug, code, region, geography], packages]): WireGroup => ({
    ...{ id: `${slug}-esims`, countrySlug: slug, countryCode: code, countryName: slug },
    ...{ region, geography, packages },
  }));
const catalogue = fc.uniqueArray(group, { selector: (one) => one.id, maxLength: 6 });
const answerOf = (groups: readonly WireGroup[]) => ({ status: 'success', data: { packages: groups } });
const inOrder = ({ facts, rejected, ...rest }: FoldedCatalogue) => ({
  facts: facts.toSorted((a, b) => (a.resellerId < b.resellerId ? -1 : 1)),
  rejected: rejected.map((one) => one.key).toSorted(),
  ...rest,
});
const turned = (groups: readonly WireGroup[]) =>
  groups.map((one) => ({ ...one, packages: one.packages.toReversed() })).toReversed();

const isReadable = (one: Record<string, unknown>) =>
  typeof one['day'] === 'number' && one['day'] >= 1 && typeof one['price'] === 'number' && one['price'] >= 0;

describe('the catalogue out of one answer', () => {
  it('has each readable package once, whatever the order (10 000 random catalogues)', () => {
    let folded = 0;
    fc.assert(
      fc.property(catalogue, (groups) => {
        const found = foldCatalogue(answerOf(groups));
        const all = groups.flatMap((one) => one.packages);
        const readable = new Set(all.filter(isReadable).map((one) => one['packageId']));
        const every = new Set(all.map((one) => one['packageId']));
        const facts = new Map(found.facts.map((fact) => [fact.resellerId, fact]));
        const counted = [facts.size, found.facts.length, found.rejected.length, found.listed];
        // One text to compare: thousands of small comparisons would take most of the time.
        const said = [...facts].map(([id, fact]) => [id, fact.countryCodes, fact.place, fact.countryName]);
        const expected = [...facts].map(([id, fact]) => {
          const listing = groups.filter((one) =>
            one.packages.some((each) => isReadable(each) && each['packageId'] === id),
          );
          const codes = [...new Set(listing.map((one) => one.countryCode))].sort();
          const own = listing.find((one) => id.startsWith(`esim-${one.countrySlug}-`));
          return [id, codes, own?.countrySlug ?? fact.place, own?.countryName ?? fact.countryName];
        });
        expect(JSON.stringify([counted, said])).toBe(
          JSON.stringify([[readable.size, readable.size, every.size - readable.size, all.length], expected]),
        );
        expect([...facts.keys()].every((id) => readable.has(id))).toBe(true);
        folded += found.folded;
        expect(JSON.stringify(inOrder(foldCatalogue(answerOf(turned(groups)))))).toBe(
          JSON.stringify(inOrder(found)),
        );
      }),
      { numRuns: 10_000 },
    );
    expect(folded).toBeGreaterThan(5_000);
  });

  it('would depend on the order by taking the last (mutant)', () => {
    const naive = (groups: readonly WireGroup[]) =>
      new Map(groups.flatMap((one) => one.packages.map((each) => [each['packageId'], one.countrySlug])));
    const found = fc.check(
      fc.property(catalogue, (groups) => {
        const sorted = (map: Map<unknown, string>) => [...map].map(String).sort();
        return String(sorted(naive(groups))) === String(sorted(naive(turned(groups))));
      }),
      { numRuns: 10_000 },
    );
    expect(found.failed).toBe(true);
  });

  it('names packages by UUID v5 of the URL namespace', () => {
    const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (id) => {
        const bytes = createHash('sha1').update(namespace).update(`roamify:${id}`).digest().subarray(0, 16);
        bytes[6] = (bytes[6]! & 0x0f) | 0x50;
        bytes[8] = (bytes[8]! & 0x3f) | 0x80;
        expect(packageId(id).replaceAll('-', '')).toBe(bytes.toString('hex'));
        expect(packageId(id)).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      }),
      { numRuns: 2_000 },
    );
    // Worked out by another program.
    expect(packageId('esim-europe-30days-3gb-all')).toBe('10bbd9f3-3577-5c2f-b78a-3ea0b5048890');
  });

  it('counts what has no readable id, so that nothing is retired on it', () => {
    const found = foldCatalogue(
      answerOf([
        {
          ...{ id: 'sweden-esims', countrySlug: 'sweden', countryCode: 'SE', countryName: 'Sweden' },
          ...{ region: 'Europe', geography: 'local' },
          packages: [{ packageId: 7 }, { packageId: '' }, 5 as never],
        },
      ]),
    );
    expect(found).toMatchObject({ facts: [], unidentified: 3 });
  });
});
