import { addDays, type Days } from './board-period.ts';

/** Office days of which everything was read; `to` null: on to now and beyond, as passes go on. */
export interface KnownStretch {
  from: string;
  to: string | null;
}

/**
 * The first day from which on everything up to the end of `days` was read; null where that is all of them, or where
 * nothing is known about it. Where the end itself was never read: the next day that was.
 */
export function knownFrom(days: Days, stretches: readonly KnownStretch[]): string | null {
  const joined = join(stretches);
  const holds = joined.find(({ from, to }) => from <= days.to && (to === null || days.to <= to));
  const first = holds?.from ?? joined.find(({ from }) => from > days.to)?.from ?? null;
  return first === null || first <= days.from ? null : first;
}

/** The stretches in order, those that touch as one. */
function join(stretches: readonly KnownStretch[]): KnownStretch[] {
  const joined: KnownStretch[] = [];
  for (const next of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = joined.at(-1);
    if (!last || (last.to !== null && addDays(last.to, 1) < next.from)) joined.push({ ...next });
    else if (last.to !== null && (next.to === null || next.to > last.to)) last.to = next.to;
  }
  return joined;
}
