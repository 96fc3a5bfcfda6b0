import type { SpooledFact } from './spooled-fact.ts';

/** What the database holds of a lead, as far as it speaks against saving an older reading. */
export interface HeldLead {
  /** Upstream stamp of the deal that follows the lead; null without one. */
  stamp: Date | null;
  /** When a deal of the lead was last removed; null: never. */
  removedAt: Date | null;
}

/**
 * Which readings may still be saved. One that is not newer than what is held says nothing new, or something old; one
 * of a lead that was removed after it was read could bring it back on a guess. The next pass reads all of it again.
 */
export function splitSuperseded(
  facts: readonly SpooledFact[],
  held: ReadonlyMap<string, HeldLead>,
): { fresh: SpooledFact[]; superseded: SpooledFact[] } {
  const fresh: SpooledFact[] = [];
  const superseded: SpooledFact[] = [];
  for (const reading of facts) {
    const { stamp, removedAt } = held.get(reading.fact.leadId) ?? { stamp: null, removedAt: null };
    const isOld = stamp !== null && reading.fact.updatedAt <= stamp;
    const isGone = stamp === null && removedAt !== null && removedAt >= reading.readAt;
    (isOld || isGone ? superseded : fresh).push(reading);
  }
  return { fresh, superseded };
}

/** Cuts readings in stamp order into parts to be saved one after the other: each lead once in each. */
export function cutIntoParts(facts: readonly SpooledFact[], most: number): SpooledFact[][] {
  const parts: SpooledFact[][] = [];
  let part: SpooledFact[] = [];
  let leads = new Set<string>();
  for (const reading of facts) {
    if (part.length >= most || leads.has(reading.fact.leadId)) {
      parts.push(part);
      part = [];
      leads = new Set();
    }
    part.push(reading);
    leads.add(reading.fact.leadId);
  }
  return part.length > 0 ? [...parts, part] : parts;
}
