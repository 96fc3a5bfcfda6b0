import type { MappingRow } from './my-packages-store.ts';

/** Mappings that are the same thing, and which of them stays. */
export interface DuplicateSet {
  level: 'reseller-id' | 'combination';
  kept: MappingRow;
  removed: MappingRow[];
  why: string;
}

/**
 * Finds duplicates on two levels (P6): the same package, then, among those that stay, the same combination of country,
 * data, days, price, calls, SMS and hotspot. The most complete stays, then the most recent, then the newest number.
 */
export function findDuplicates(mappings: readonly MappingRow[]): DuplicateSet[] {
  const byPackage = setsOf(mappings, 'reseller-id', (mapping) => mapping.resellerId);
  const gone = new Set(byPackage.flatMap((set) => set.removed.map((mapping) => mapping.id)));
  const left = mappings.filter((mapping) => !gone.has(mapping.id));
  return [...byPackage, ...setsOf(left, 'combination', combinationOf)];
}

/** All that makes two offers the same to a customer. What is not known is no difference to what is not known either. */
export function combinationOf(mapping: MappingRow): string {
  const { countryCode, place, dataMb, unlimited, days, price, calls, sms, hotspot } = mapping;
  return JSON.stringify([countryCode, place, dataMb, unlimited, days, price, calls, sms, hotspot]);
}

/** How many of its fields a mapping fills. */
export function completeness(mapping: MappingRow): number {
  const { name, countryCode, region, place, unlimited, dataMb, days, price, calls, sms, hotspot, throttle } =
    mapping;
  const data = dataMb ?? (unlimited ? 'unlimited' : null);
  const fields = [name, countryCode, region, place, data, days, price, calls, sms, hotspot, throttle];
  return fields.filter((field) => field !== null && field !== '').length;
}

function setsOf(
  mappings: readonly MappingRow[],
  level: DuplicateSet['level'],
  keyOf: (mapping: MappingRow) => string,
): DuplicateSet[] {
  const groups = new Map<string, MappingRow[]>();
  for (const mapping of mappings) {
    const key = keyOf(mapping);
    const group = groups.get(key);
    if (group) group.push(mapping);
    else groups.set(key, [mapping]);
  }
  return [...groups.values()].filter((group) => group.length > 1).map((group) => chooseKept(group, level));
}

function chooseKept(group: readonly MappingRow[], level: DuplicateSet['level']): DuplicateSet {
  const [kept, ...removed] = [...group].sort(
    (a, b) =>
      completeness(b) - completeness(a) || b.updatedAt.getTime() - a.updatedAt.getTime() || b.id - a.id,
  );
  const next = removed[0]!;
  const why =
    completeness(kept!) > completeness(next)
      ? `it is the most complete (${completeness(kept!)} fields against ${completeness(next)})`
      : kept!.updatedAt > next.updatedAt
        ? 'as complete as the others, and changed most recently'
        : 'as complete and as recent as the others, and the newest';
  return { level, kept: kept!, removed, why };
}
