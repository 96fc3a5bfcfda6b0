import type { Transaction } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import { guardRemovals } from '../system/guard-removals.ts';
import { raiseHealthEvent } from '../system/health-events.ts';
import type { Permit } from '../system/permits.ts';
import { applyCatalogue, retirePackages, stageCatalogue, type AppliedCatalogue } from './catalogue-store.ts';
import type { CatalogueAnswer } from './folding-thread.ts';
import { endHold, holdRetirements, openHold } from './held-store.ts';
import { isAsSeen, lockCatalogue, noteSeen } from './seen-store.ts';
import { shelvePackages } from './shelf-store.ts';
import { clearFindings } from './validations-store.ts';

export interface ApplyOptions {
  runId: number;
  now: Date;
  brakeShare: number;
  brakeRows: number;
}

/** What a pass did. `returned` packages were retired before; they are among `updated`. */
export interface CatalogueCounts {
  inserted: number;
  updated: number;
  returned: number;
  removed: number;
  unchanged: number;
  /** Retirements that wait for a person after this pass. */
  held: number;
  rejected: number;
}

/** One transaction: stage, packages, shelf, hold, and the change entries last. Nothing is written where nothing moved. */
export function applyAnswer(
  permit: Permit,
  answer: CatalogueAnswer,
  options: ApplyOptions,
): Promise<CatalogueCounts> {
  return permit.transaction((tx) => apply(tx, answer, options), { statementTimeoutMs: 120_000 });
}

async function apply(
  tx: Transaction,
  answer: CatalogueAnswer,
  options: ApplyOptions,
): Promise<CatalogueCounts> {
  await lockCatalogue(tx);
  if (isWhole(answer) && (await isAsSeen(tx, answer.digest))) return asBefore(answer);
  await stageCatalogue(tx, answer.chunks);
  const rejectedIds = answer.rejected.map((one) => one.key);
  const applied = await applyCatalogue(tx, { ...options, rejectedIds });
  const shelf = await shelvePackages(tx, answer.rejected, options.now);
  const retired = await retireOrHold(tx, answer, applied, options);
  const moved = applied.inserted + applied.updated + applied.returned + retired.removed > 0;
  // What was found about mappings was found in the catalogue before.
  if (moved) await clearFindings(tx);
  if (retired.opened) {
    await raiseHealthEvent(
      tx,
      'CRITICAL',
      `${applied.unlisted.length} of ${applied.active} packages are missing from Roamify's answer; their retirement is held for a person`,
      { kind: 'removals-held', subject: 'packages', source: 'packages', holdId: retired.opened },
    );
  }
  if (isWhole(answer) && retired.held === 0) await noteSeen(tx, answer.digest);
  if (shelf.moved) await appendChange(tx, 'rejected', { open: shelf.open });
  if (retired.hold) await appendChange(tx, 'held', retired.hold);
  if (moved) await appendChange(tx, 'packages', { what: 'catalogue' });
  return {
    inserted: applied.inserted,
    updated: applied.updated + applied.returned,
    returned: applied.returned,
    removed: retired.removed,
    unchanged: answer.packages - applied.inserted - applied.updated - applied.returned,
    held: retired.held,
    rejected: answer.rejected.length,
  };
}

/** Every record of the answer was read. */
function isWhole(answer: CatalogueAnswer): boolean {
  return answer.rejected.length === 0 && answer.unidentified === 0;
}

function asBefore(answer: CatalogueAnswer): CatalogueCounts {
  const none = { inserted: 0, updated: 0, returned: 0, removed: 0, held: 0, rejected: 0 };
  return { ...none, unchanged: answer.packages };
}

interface Retired {
  removed: number;
  held: number;
  hold: { id: number; state: 'held' | 'withdrawn' } | null;
  /** Number of a hold that is new. */
  opened: number | null;
}

/** The brake of removals (D5) for retirements. What was held once waits for the person, also when fewer are missing by now. */
async function retireOrHold(
  tx: Transaction,
  answer: CatalogueAnswer,
  { active, unlisted }: AppliedCatalogue,
  options: ApplyOptions,
): Promise<Retired> {
  const open = await openHold(tx, true);
  // Something in the answer has no name: it may be any of those that seem to be missing.
  if (answer.unidentified > 0)
    return { removed: 0, held: open?.resellerIds.length ?? 0, hold: null, opened: null };
  const waits = new Set(open?.resellerIds);
  const guarded = guardRemovals({
    ofDeals: active,
    missing: unlisted.length,
    emptyAnswer: answer.packages + answer.rejected.length === 0,
    brakeShare: options.brakeShare,
    brakeRows: options.brakeRows,
  });
  if (guarded.kind === 'hold' || unlisted.some((id) => waits.has(id))) {
    const reason = guarded.kind === 'hold' ? guarded.reason : open!.reason;
    const facts = {
      reason,
      ofPackages: active,
      resellerIds: unlisted,
      runId: options.runId,
      now: options.now,
    };
    const held = await holdRetirements(tx, open, facts);
    return {
      removed: 0,
      held: unlisted.length,
      hold: held && { id: held.id, state: 'held' },
      opened: held?.opened ? held.id : null,
    };
  }
  if (open) await endHold(tx, open.id, { state: 'withdrawn', now: options.now });
  const removed = await retirePackages(tx, unlisted, options);
  return { removed, held: 0, hold: open && { id: open.id, state: 'withdrawn' }, opened: null };
}
