import { OpsdeckError } from '../errors.ts';
import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import {
  audit,
  change,
  finish,
  inTransaction,
  lockVersion,
  moveTo,
  termsOf,
  type ChangeDeps,
} from './change-mapping.ts';
import {
  closeProposal,
  propose,
  readProposal,
  refusedTargets,
  withdrawProposals,
  type ProposalRow,
} from './changes-store.ts';
import { checkMapping } from './check-mapping.ts';
import { differencesOf, wordsOf } from './compare-packages.ts';
import { readOffers, readPackage, type StoredPackage } from './known-store.ts';
import { allMappings, mappingsOf, soldAmong, type MappingRow } from './my-packages-store.ts';
import { promisedTerms } from './package-terms.ts';
import { rankAlternatives } from './rank-alternatives.ts';

/** What is best done about an invalid mapping. */
export type Fix =
  /** A rule-proven equivalent: may be put in its place without asking. */
  | { kind: 'swap'; proven: boolean; to: StoredPackage; words: string }
  /** The package is right, our figures about it are not: a person lets them be put right. */
  | { kind: 'correct'; to: StoredPackage; words: string }
  | { kind: 'none' };

/**
 * Chooses a fix (P4). Only an equivalent by every rule is `proven`; wrong figures of ours are never put right unasked,
 * because somebody may have sold by them. Packages in `taken` are sold already, what is in `refused` was refused.
 */
export function chooseFix(
  mapping: MappingRow,
  known: StoredPackage | null,
  offers: readonly StoredPackage[],
  not: { taken: ReadonlySet<string>; refused: ReadonlySet<string> },
): Fix {
  const verdict = checkMapping(mapping, known);
  if (verdict.valid) return { kind: 'none' };
  const sold = promisedTerms(mapping, known);
  const figuresOnly = verdict.reason === 'mis-united' || verdict.reason === 'differs';
  if (figuresOnly && known && sold.place !== null && !not.refused.has(`correct ${known.resellerId}`))
    return { kind: 'correct', to: known, words: verdict.detail };
  const [best] = rankAlternatives(sold, offers, { price: mapping.price, limit: 200 }).filter(
    ({ offered }) => !not.taken.has(offered.resellerId) && !not.refused.has(`swap ${offered.resellerId}`),
  );
  if (!best) return { kind: 'none' };
  return { kind: 'swap', proven: best.equivalent, to: best.offered, words: best.words };
}

export interface AutoFixResult {
  fixed: { my_package_id: number; from: string; to: string; words: string }[];
  proposed: number;
  left: number;
}

/** Puts equivalents in the place of invalid mappings, and proposes to a person what is not proven. Each mapping is a transaction of its own. */
export async function autoFix(
  deps: ChangeDeps,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<AutoFixResult> {
  const result: AutoFixResult = { fixed: [], proposed: 0, left: 0 };
  for (const { id, version } of await allMappings(deps.database)) {
    options.signal?.throwIfAborted();
    const given = new Set(result.fixed.map((fixed) => fixed.to));
    const outcome = await tryOne(deps, { id, version, given, dryRun: options.dryRun });
    if (outcome === 'left') result.left += 1;
    else if (outcome === 'proposed') result.proposed += 1;
    else if (outcome !== null) result.fixed.push(outcome);
  }
  return result;
}

type Outcome = AutoFixResult['fixed'][number] | 'proposed' | 'left' | null;

/** Somebody may change a mapping just now: then it is theirs. */
async function tryOne(deps: ChangeDeps, asked: Parameters<typeof fixOne>[2]): Promise<Outcome> {
  try {
    return await inTransaction(deps, (tx) => fixOne(tx, deps, asked));
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof OpsdeckError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND');
}

async function fixOne(
  tx: Transaction,
  deps: ChangeDeps,
  asked: { id: number; version: number; given: ReadonlySet<string>; dryRun: boolean },
): Promise<Outcome> {
  const mapping = await lockVersion(tx, asked);
  const known = await readPackage(tx, mapping.resellerId);
  const now = deps.clock.now();
  if (checkMapping(mapping, known).valid) {
    const withdrawn = asked.dryRun ? 0 : await withdrawProposals(tx, [mapping.id], now);
    if (withdrawn > 0) await appendChange(tx, 'packages', { what: 'proposals', ids: [mapping.id] });
    return null;
  }
  const sold = promisedTerms(mapping, known);
  const offers = await readOffers(tx, sold);
  const taken = new Set([
    ...asked.given,
    ...(await soldAmong(
      tx,
      offers.map((offer) => offer.resellerId),
    )),
  ]);
  const fix = chooseFix(mapping, known, offers, { taken, refused: await refusedTargets(tx, mapping.id) });
  if (fix.kind === 'none') return 'left';
  const { resellerId } = fix.to;
  if (fix.kind === 'swap' && fix.proven) {
    if (!asked.dryRun) {
      await moveTo(tx, deps, mapping, { before: known, known: fix.to, resellerId }, 'auto-fix');
      await finish(tx, deps, [mapping.id]);
    }
    return { my_package_id: mapping.id, from: mapping.resellerId, to: resellerId, words: fix.words };
  }
  const proposal = {
    ...{ myPackageId: mapping.id, kind: fix.kind, fromResellerId: mapping.resellerId },
    ...{ toResellerId: resellerId, differences: differencesOf(sold, fix.to), words: fix.words },
  };
  if (asked.dryRun) return 'proposed';
  if (!(await propose(tx, proposal, now))) return null;
  await appendChange(tx, 'packages', { what: 'proposals', ids: [mapping.id] });
  return 'proposed';
}

/** A person's word on a proposal. NOT_FOUND, or CONFLICT when it, the mapping or the package is not what it was. */
export async function decideProposal(
  deps: ChangeDeps,
  asked: { id: number; version: number; action: 'accept' | 'refuse'; note?: string | undefined },
): Promise<void> {
  await inTransaction(deps, async (tx) => {
    const proposal = await readProposal(tx, asked.id);
    if (!proposal) throw new OpsdeckError('NOT_FOUND', `There is no proposal with number ${asked.id}.`);
    const [mapping] = (await mappingsOf(tx, proposal.fromResellerId)).filter(
      (one) => one.id === proposal.myPackageId,
    );
    if (asked.action === 'accept') await accept(tx, deps, proposal, mapping, asked);
    else await close(tx, deps, proposal, asked, 'refused');
    if (asked.action === 'refuse')
      await appendChange(tx, 'packages', { what: 'proposals', ids: [proposal.myPackageId] });
  });
}

async function accept(
  tx: Transaction,
  deps: ChangeDeps,
  proposal: ProposalRow,
  seen: MappingRow | undefined,
  asked: { id: number; version: number; note?: string | undefined },
): Promise<void> {
  if (!seen) throw noLonger(asked.id);
  const mapping = await lockVersion(tx, seen);
  await close(tx, deps, proposal, asked, 'accepted');
  const [before, known] = [
    await readPackage(tx, mapping.resellerId),
    await readPackage(tx, proposal.toResellerId),
  ];
  // What the person read has to be what happens: a package that moved since is proposed anew.
  if (known && !isAsRead(proposal, mapping, before, known)) throw noLonger(asked.id);
  if (proposal.kind === 'correct' && known && !known.retired) {
    await change(tx, deps, mapping, { action: 'correct', set: termsOf(known), words: proposal.words });
  } else {
    await moveTo(
      tx,
      deps,
      mapping,
      { before, known, resellerId: proposal.toResellerId },
      'accept',
      asked.note,
    );
  }
  await finish(tx, deps, [mapping.id]);
}

function isAsRead(
  proposal: ProposalRow,
  mapping: MappingRow,
  before: StoredPackage | null,
  known: StoredPackage,
): boolean {
  const differences = wordsOf(differencesOf(promisedTerms(mapping, before), known));
  if (proposal.kind === 'swap') return differences === proposal.words;
  return (
    differences === wordsOf(proposal.differences) && checkMapping(mapping, known).detail === proposal.words
  );
}

async function close(
  tx: Transaction,
  deps: ChangeDeps,
  proposal: ProposalRow,
  asked: { id: number; version: number; note?: string | undefined },
  status: 'accepted' | 'refused',
): Promise<void> {
  const closed = await closeProposal(tx, asked, {
    ...{ status, actor: deps.actor, note: asked.note ?? null, now: deps.clock.now() },
  });
  if (!closed) throw noLonger(asked.id);
  const after = { status, to: proposal.toResellerId, words: proposal.words };
  await audit(
    tx,
    deps,
    `package-proposal.${status}`,
    proposal.myPackageId,
    { from: proposal.fromResellerId },
    after,
    asked.note,
  );
}

function noLonger(id: number): OpsdeckError {
  return new OpsdeckError(
    'CONFLICT',
    `Proposal ${id} is not what it was: it was decided, or the package changed meanwhile. Look at it again.`,
  );
}
