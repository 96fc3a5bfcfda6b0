import type { FairFacts } from '../../shared/contract/boards.ts';
import type { WallPeriod } from '../../shared/contract/wall-plan.ts';
import type { Clock } from '../clock.ts';

/** Facts are history: so long they stand before they are read again, in ms. */
const standMs = 300_000;
/** After a failure they are asked for again this soon, in ms. */
const retryMs = 30_000;

export interface FairMemory {
  /** The last known facts of a period, at once; older ones are read again, and `onRead` tells when that is done. */
  of(period: WallPeriod): FairFacts;
  /** They may be others now: another day, other settings, another database. */
  forget(): void;
}

/**
 * What the wall's boards are marked by, kept beside them: the boards are answered from memory and must not wait for the
 * database. Until the facts have come, or while they cannot, nobody is marked; who is not named is known all the same.
 */
export function createFairMemory(parts: {
  clock: Clock;
  read(period: WallPeriod): Promise<FairFacts>;
  hideLast(): number;
  onRead(): void;
}): FairMemory {
  const { clock } = parts;
  const known = new Map<WallPeriod, { facts: FairFacts | null; askedAt: number }>();

  async function read(period: WallPeriod): Promise<void> {
    const mine = { facts: known.get(period)?.facts ?? null, askedAt: clock.monotonic() };
    known.set(period, mine);
    try {
      const facts = await parts.read(period);
      // What was forgotten meanwhile is asked for anew.
      if (known.get(period) !== mine) return;
      const isNews = JSON.stringify(facts) !== JSON.stringify(mine.facts);
      mine.facts = facts;
      if (isNews) parts.onRead();
    } catch {
      // The last ones stand, for they are history.
      mine.askedAt = clock.monotonic() - standMs + retryMs;
    }
  }

  return {
    of(period) {
      const now = known.get(period);
      if (now === undefined || clock.monotonic() - now.askedAt >= standMs) void read(period);
      const facts = known.get(period)?.facts;
      const unmarked = { best: null, before: null, rookies: null };
      return { ...(facts ?? unmarked), hide_last: parts.hideLast() };
    },
    forget: () => known.clear(),
  };
}
