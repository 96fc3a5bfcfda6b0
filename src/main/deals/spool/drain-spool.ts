import { OpsdeckError } from '../../errors.ts';
import { withPermit, type Permit } from '../../system/permits.ts';
import { closeRunsBefore, finishRun, startRun } from '../../system/sync-runs.ts';
import { applyPass, type ApplyContext, type PassTally } from '../apply-pass.ts';
import { fewFacts } from '../deals-store.ts';
import type { MappedLeads } from '../map-leads.ts';
import type { PassDeps } from '../run-pass.ts';
import { cutIntoParts, splitSuperseded } from './plan-drain.ts';
import { heldLeads } from './reading-store.ts';
import type { Spool } from './spool.ts';
import type { SpooledFact } from './spooled-fact.ts';

/** A reading that cannot be saved so often although the database answers is set aside, and the others go on. */
export const mostTries = 5;
/** How long another writer of the deals is waited for in one round, in ms. */
const permitWaitMs = 20_000;

export interface DrainParts {
  deps: PassDeps;
  spool: Spool;
  /** Something that a person should hear of. */
  tell(sentence: string): void;
  /** Told after each COMMIT, before the rows leave the spool. */
  onSaved(facts: readonly SpooledFact[]): void;
}

/**
 * Saves what waits, oldest upstream stamp first, as a pass would: under the source's permit, whoever leads. Rows leave
 * the spool only after their COMMIT. `left`: something waits still. Rejects when the database is away, or another
 * writes for too long.
 */
export async function drainSpool(parts: DrainParts, signal: AbortSignal): Promise<'empty' | 'left'> {
  const { deps, spool } = parts;
  const damaged = spool.setDamagedAside();
  if (damaged.length > 0)
    parts.tell(
      `${damaged.length} deals read while the database was away were damaged on this computer's disk and are not ` +
        `saved from there; the next pass reads them again (leads ${damaged.slice(0, 20).join(', ')}).`,
    );
  if (spool.facts().length === 0) return 'empty';
  return withPermit(deps, 'deals', { waitMs: permitWaitMs, signal }, (permit) =>
    drainPermitted(parts, permit),
  );
}

async function drainPermitted(parts: DrainParts, permit: Permit): Promise<'empty' | 'left'> {
  const { deps, spool } = parts;
  const settings = await deps.readSettings();
  await closeRunsBefore(deps.database, 'deals');
  const runId = await startRun(deps.database, {
    source: 'deals',
    kind: 'delta',
    trigger: 'schedule',
    processId: deps.processId,
  });
  const context: ApplyContext = { clock: deps.clock, settings, permit, runId };
  const facts = spool.facts();
  const done = { inserted: 0, updated: 0, unchanged: 0, held: 0 };
  try {
    const left = await saveAll(parts, context, facts, (counts) => {
      done.inserted += counts.inserted;
      done.updated += counts.updated;
      done.unchanged += counts.unchanged;
      done.held += counts.held;
    });
    const note = `${facts.length} readings from while the database was away`;
    // Not `complete`: nothing upstream was read, so the age of the data is not reset by it.
    await finishRun(deps.database, runId, { ...done, state: 'incomplete', note });
    deps.log.info(`deals: ${note}: ${done.inserted} inserted, ${done.updated} updated, ${done.held} held`);
    return left ? 'left' : 'empty';
  } catch (error) {
    const code = error instanceof OpsdeckError ? error.code : 'INTERNAL';
    const message = error instanceof Error ? error.message : String(error);
    await finishRun(deps.database, runId, { ...done, state: 'failed', error: { code, message } }).catch(
      (closing: unknown) =>
        deps.log.debug('the end of a drain could not be recorded', { error: String(closing) }),
    );
    throw error;
  }
}

type Count = (counts: PassTally) => void;

/** True when something could not be saved and waits for another try. */
async function saveAll(
  parts: DrainParts,
  context: ApplyContext,
  facts: readonly SpooledFact[],
  count: Count,
): Promise<boolean> {
  /** Leads of which a reading failed: their later ones wait, so that they stay in order. */
  const stuck = new Set<string>();
  for (const part of cutIntoParts(facts, fewFacts)) {
    const free = part.filter(({ fact }) => !stuck.has(fact.leadId));
    try {
      await savePart(parts, context, free, count);
    } catch (error) {
      if (isNotItsFault(error)) throw error;
      for (const one of free) if (!(await saveAlone(parts, context, one, count))) stuck.add(one.fact.leadId);
    }
  }
  return stuck.size > 0;
}

/** One transaction, then out of the spool. */
async function savePart(
  parts: DrainParts,
  context: ApplyContext,
  part: readonly SpooledFact[],
  count: Count,
): Promise<void> {
  if (part.length === 0) return;
  const leads = part.map(({ fact }) => fact.leadId);
  // Under the permit nobody else brings a newer state between this look and the commit, which checks the permit.
  const { fresh } = splitSuperseded(part, await heldLeads(parts.deps.database, leads));
  if (fresh.length > 0) {
    const { counts } = await applyPass(context, mappedOf(fresh), { movesCursor: false, removals: null });
    count(counts);
  }
  parts.onSaved(part);
  parts.spool.remove(part.map(({ seq }) => seq));
}

/** False when it could not be saved and is tried again later. */
async function saveAlone(
  parts: DrainParts,
  context: ApplyContext,
  reading: SpooledFact,
  count: Count,
): Promise<boolean> {
  try {
    await savePart(parts, context, [reading], count);
    return true;
  } catch (error) {
    if (isNotItsFault(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const tries = parts.spool.noteTry(reading.seq);
    parts.deps.log.warn('A spooled deal could not be saved', {
      lead: reading.fact.leadId,
      tries,
      error: why,
    });
    if (tries < mostTries) return false;
    parts.spool.refuse(reading.seq);
    parts.tell(
      `The deal of lead ${reading.fact.leadId}, read while the database was away, could not be saved in ` +
        `${mostTries} tries (${why}). It is set aside; the next pass reads it again.`,
    );
    return true;
  }
}

/** The database or the permit went, or somebody stopped us: nothing is said about what was to be saved. */
function isNotItsFault(error: unknown): boolean {
  return (
    error instanceof OpsdeckError &&
    ['DATABASE_AWAY', 'DATABASE_REFUSED', 'SCHEMA_NEWER', 'PERMIT_LOST', 'SYNC_BUSY', 'CANCELLED'].includes(
      error.code,
    )
  );
}

function mappedOf(facts: readonly SpooledFact[]): MappedLeads {
  return {
    facts: facts.map(({ fact }) => fact),
    rejected: [],
    rejectedLeads: [],
    unidentified: false,
    newestStamp: null,
    ignoredFields: 0,
  };
}
