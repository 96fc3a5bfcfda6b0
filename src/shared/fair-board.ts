import type { FairFacts } from './contract/boards.ts';

/** What of a row is marked by. */
export interface FairRow {
  readonly user_id: string;
  readonly deals: number;
  readonly commission: number;
}

/** The marks of one agent. A number tells by how much: the best before this, the deals more than before. */
export interface FairMarks {
  readonly best: number | null;
  readonly rise: number | null;
  readonly rookie: boolean;
}

/** These places are named whatever is hidden. */
const alwaysNamed = 3;

/**
 * Marks the rows of a board; agents without a mark are left out. A best beats an earlier one, so the first is none. Most
 * improved is who rose by most deals over what they sold before (those who sold nothing then have nothing to improve
 * on), then by most commission; equals share it.
 */
export function markBoard(rows: readonly FairRow[], facts: FairFacts): ReadonlyMap<string, FairMarks> {
  const rookies = new Set(facts.rookies);
  const improved = mostImproved(rows, facts.before);
  const marks = new Map<string, FairMarks>();
  for (const { user_id, deals } of rows) {
    const before = facts.best?.[user_id] ?? 0;
    const best = before > 0 && deals > before ? before : null;
    const rise = improved.get(user_id) ?? null;
    const rookie = rookies.has(user_id);
    if (best !== null || rise !== null || rookie) marks.set(user_id, { best, rise, rookie });
  }
  return marks;
}

/** Who rose most, with by how many deals; nobody where nobody rose. */
function mostImproved(rows: readonly FairRow[], before: FairFacts['before']): ReadonlyMap<string, number> {
  const risen = rows.flatMap(({ user_id, deals, commission }) => {
    const then = before?.[user_id];
    if (then === undefined || then.deals <= 0 || deals <= then.deals) return [];
    return [{ user_id, deals: deals - then.deals, cents: Math.round((commission - then.commission) * 100) }];
  });
  const deals = Math.max(0, ...risen.map((one) => one.deals));
  const cents = Math.max(-Infinity, ...risen.filter((one) => one.deals === deals).map((one) => one.cents));
  return new Map(
    risen.filter((one) => one.deals === deals && one.cents === cents).map((one) => [one.user_id, one.deals]),
  );
}

/**
 * How many rows of a board are named, of rows in order of their places (equals share one). The last `hideLast` are not,
 * nor is whoever shares a place with them, so that equals are treated alike; the first three places always are.
 */
export function countNamed(places: readonly number[], hideLast: number): number {
  if (hideLast === 0) return places.length;
  let named = Math.max(0, places.length - hideLast);
  while (named > 0 && named < places.length && places[named - 1] === places[named]) named -= 1;
  while (named < places.length && places[named]! <= alwaysNamed) named += 1;
  return named;
}
