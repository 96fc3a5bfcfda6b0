/** Settings of the delete brake, and what a complete window pass found. */
export interface RemovalQuestion {
  /** Following rows whose stored stamp lies in the range read. */
  ofDeals: number;
  /** Of these, how many the vendor no longer lists and no person has agreed to remove. */
  missing: number;
  /** True when the vendor listed nothing at all. */
  emptyAnswer: boolean;
  brakeShare: number;
  brakeRows: number;
}

export type RemovalAnswer = { kind: 'look-up' } | { kind: 'hold'; reason: 'empty' | 'share' | 'half' };

/**
 * The delete brake: a pass that would remove more than 5 % and more than 20 rows, or more than half of five or
 * more, or anything on the word of an empty list, waits for a person. Comes before any look-up.
 */
export function guardRemovals(question: RemovalQuestion): RemovalAnswer {
  const { ofDeals, missing, brakeShare, brakeRows } = question;
  if (missing === 0) return { kind: 'look-up' };
  if (question.emptyAnswer) return { kind: 'hold', reason: 'empty' };
  if (missing > ofDeals * brakeShare && missing > brakeRows) return { kind: 'hold', reason: 'share' };
  if (ofDeals >= 5 && missing > ofDeals / 2) return { kind: 'hold', reason: 'half' };
  return { kind: 'look-up' };
}
