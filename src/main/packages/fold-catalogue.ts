import { UpstreamError } from '../upstream/upstream-error.ts';
import { isRecord, mapGroup, mapPackage, type GroupFact } from './map-package.ts';
import type { PackageFact, RejectedPackage } from './package-fact.ts';

/** The catalogue out of one answer: each package once, whatever groups it stands in and in whatever order. */
export interface FoldedCatalogue {
  facts: PackageFact[];
  rejected: RejectedPackage[];
  /** Records in the answer, and how many of them were the same package again. */
  listed: number;
  folded: number;
  /** Packages whose groups do not agree on what they are; the group of their own place is believed. */
  conflicts: number;
  /** Records without a readable id: nobody knows what they are, so nothing may be retired. */
  unidentified: number;
}

interface Candidate {
  rank: number;
  group: GroupFact;
  fact: Omit<PackageFact, 'countryCodes'>;
}

/**
 * Reads `{status:"success", data:{packages:[{…, packages:[…]}]}}`. UPSTREAM_UNREADABLE when it is not that, down to the
 * last group: of an answer that lacks a part nobody can say what is gone.
 */
export function foldCatalogue(answer: unknown): FoldedCatalogue {
  const best = new Map<string, Candidate>();
  const codes = new Map<string, Set<string>>();
  const conflicting = new Set<string>();
  const rejected = new Map<string, RejectedPackage>();
  let [listed, unidentified] = [0, 0];
  for (const group of groupsOf(answer)) {
    const place = mapGroup(group);
    for (const record of group.packages) {
      listed += 1;
      const mapped = mapPackage(place, record);
      if (mapped.kind === 'rejected') {
        const { reason } = mapped.rejected;
        if (reason === 'record' || reason === 'id') unidentified += 1;
        rejected.set(mapped.rejected.key, mapped.rejected);
        continue;
      }
      const { resellerId } = mapped.fact;
      const candidate = candidateOf(place, mapped.fact);
      const other = best.get(resellerId);
      if (other && contentOf(other) !== contentOf(candidate)) conflicting.add(resellerId);
      if (!other || isNearer(candidate, other)) best.set(resellerId, candidate);
      if (place.countryCode)
        codes.set(resellerId, (codes.get(resellerId) ?? new Set()).add(place.countryCode));
    }
  }
  for (const id of best.keys()) rejected.delete(id);
  return {
    facts: [...best].map(([id, { fact }]) => ({ ...fact, countryCodes: [...(codes.get(id) ?? [])].sort() })),
    rejected: [...rejected.values()],
    listed,
    folded: listed - best.size - rejected.size,
    conflicts: conflicting.size,
    unidentified,
  };
}

/** The group of the package's own place comes first, then the wider ones; the name decides between equals. */
function candidateOf(group: GroupFact, fact: Candidate['fact']): Candidate {
  const wide = group.geography === 'regional' || group.geography === 'global';
  const rank = group.slug === fact.place ? 0 : wide ? 1 : 2;
  return { rank, group, fact };
}

/** All that has to be the same under every place. */
function contentOf({ fact }: Candidate): string {
  const { countryCode: _code, countryName: _name, region: _region, geography: _geography, ...content } = fact;
  return JSON.stringify(content);
}

function isNearer(a: Candidate, b: Candidate): boolean {
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.group.key !== b.group.key) return a.group.key < b.group.key;
  return contentOf(a) < contentOf(b);
}

function groupsOf(answer: unknown): (Record<string, unknown> & { packages: unknown[] })[] {
  const status = isRecord(answer) ? answer['status'] : undefined;
  const data = isRecord(answer) ? answer['data'] : undefined;
  const groups = isRecord(data) ? data['packages'] : undefined;
  if ((status !== undefined && status !== 'success') || !Array.isArray(groups))
    throw broken('it is not a list of places with packages');
  return groups.map((group: unknown, index) => {
    if (!isRecord(group) || !Array.isArray(group['packages']))
      throw broken(`place ${index + 1} of ${groups.length} has no list of packages`);
    return group as Record<string, unknown> & { packages: unknown[] };
  });
}

function broken(what: string): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_UNREADABLE',
    `Roamify's catalogue is broken (${what}). Nothing was changed or retired; the next pass tries again.`,
  );
}
