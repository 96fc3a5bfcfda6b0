import { addDays, daysBefore, lengthOf, shapeOf, type Days } from '../board-period.ts';

/** Which days a period is compared with. Office days, YYYY-MM-DD. */
export interface FairQuestion {
  /** The first day of the period: records and firsts are looked for before it. */
  from: string;
  /** Among what a record is looked for; null where the period has no like. */
  among: 'day' | 'week' | 'month' | null;
  /** As many days as have begun of the period; null: it is all to come. */
  before: Days | null;
  /** The period's last day that has begun: who is a rookie is told as of it. */
  asOf: string;
}

/**
 * A single day is compared with the same weekday a week before, because offices live by the week; anything longer with
 * as many days right before it, as the board itself is. Of a period under way only the days that have begun count, so
 * that a Tuesday is not compared with a whole week; today counts as begun, which understates a rise and never makes one.
 */
export function fairQuestion(days: Days, today: string): FairQuestion {
  const shape = shapeOf(days);
  const asOf = days.to < today ? days.to : today;
  const { from } = days;
  const among = shape === 'range' ? null : shape;
  if (from > today) return { from, among, before: null, asOf };
  const first = shape === 'day' ? addDays(from, -7) : daysBefore(days).from;
  return { from, among, before: { from: first, to: addDays(first, lengthOf({ from, to: asOf }) - 1) }, asOf };
}
