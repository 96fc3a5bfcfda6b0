import { UpstreamError } from '../upstream/upstream-error.ts';
import { isRecord, mapGroup, mapPackage, type GroupFact, type RecordFact } from './map-package.ts';
import type { PackageFact, RejectedPackage } from './package-fact.ts';
import { packageId } from './package-id.ts';

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
  fact: RecordFact;
}

/** The nearest of a package's records so far, and the codes of all. */
interface Folding {
  best: Candidate;
  codes: string[];
  conflicting: boolean;
}

/**
 * Reads `{status:"success", data:{packages:[{…, packages:[…]}]}}`. UPSTREAM_UNREADABLE when it is not that, down to the
 * last group: of an answer that lacks a part nobody can say what is gone.
 */
export function foldCatalogue(answer: unknown): FoldedCatalogue {
  const foldings = new Map<string, Folding>();
  const rejected = new Map<string, RejectedPackage>();
  let [listed, unidentified] = [0, 0];
  for (const { place, records } of inOrder(groupsOf(answer))) {
    for (const record of records) {
      listed += 1;
      const mapped = mapPackage(place, record);
      if (mapped.kind === 'mapped') {
        foldIn(foldings, candidateOf(place, mapped.fact));
        continue;
      }
      const { key, reason } = mapped.rejected;
      if (reason === 'record' || reason === 'id') unidentified += 1;
      rejected.set(key, mapped.rejected);
    }
  }
  for (const id of foldings.keys()) rejected.delete(id);
  const folded = [...foldings.values()];
  return {
    facts: folded.map(({ best, codes }) => factOf(best.fact, codes)),
    rejected: [...rejected.values()],
    listed,
    folded: listed - folded.length - rejected.size,
    conflicts: folded.filter((one) => one.conflicting).length,
    unidentified,
  };
}

/** Groups in an order of their own, so that the same packages come out in the same order. */
function inOrder(groups: ReturnType<typeof groupsOf>): { place: GroupFact; records: unknown[] }[] {
  return groups
    .map((group) => ({ place: mapGroup(group), records: group.packages }))
    .sort((a, b) => (a.place.key < b.place.key ? -1 : a.place.key > b.place.key ? 1 : 0));
}

function foldIn(foldings: Map<string, Folding>, candidate: Candidate): void {
  const { resellerId } = candidate.fact;
  const code = candidate.group.countryCode;
  const folding = foldings.get(resellerId);
  if (!folding) {
    foldings.set(resellerId, { best: candidate, codes: code ? [code] : [], conflicting: false });
    return;
  }
  folding.conflicting ||= !isSame(folding.best.fact, candidate.fact);
  if (isNearer(candidate, folding.best)) folding.best = candidate;
  if (code && !folding.codes.includes(code)) folding.codes.push(code);
}

function factOf(fact: RecordFact, codes: string[]): PackageFact {
  return { ...fact, id: packageId(fact.resellerId), countryCodes: codes.sort() };
}

/** The group of the package's own place comes first, then the wider ones; the name decides between equals. */
function candidateOf(group: GroupFact, fact: Candidate['fact']): Candidate {
  const wide = group.geography === 'regional' || group.geography === 'global';
  const rank = group.slug === fact.place ? 0 : wide ? 1 : 2;
  return { rank, group, fact };
}

/** All that has to be the same under every place. */
const content = [
  ...['name', 'plan', 'place', 'dataMb', 'unlimited', 'days', 'price', 'calls', 'sms', 'hotspot', 'throttle'],
] as readonly (keyof RecordFact)[];

function isSame(a: RecordFact, b: RecordFact): boolean {
  for (const field of content) if (a[field] !== b[field]) return false;
  return true;
}

function contentOf({ fact }: Candidate): string {
  return JSON.stringify(content.map((field) => fact[field]));
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
