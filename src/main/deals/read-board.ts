import { dayOf } from '../../shared/business-day.ts';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { Queryable } from '../storage/postgres.ts';
import {
  daysBefore,
  daysOfPeriod,
  periodsBeside,
  rangeOfDays,
  wholeMonths,
  shapeOf,
  type Period,
} from './board-period.ts';
import { countFromRollup, countFromRows } from './boards-store.ts';
import { readKnownFrom } from './known-days-store.ts';
import { makePeriodBoard } from './period-board.ts';

/** The board of a period of office days as the database has it now. */
export async function readBoard(
  db: Queryable,
  asked: { period: Period; now: Date; zone: string },
): Promise<BoardView> {
  const { now, zone } = asked;
  const days = daysOfPeriod(asked.period, now, zone);
  const before = daysBefore(days);
  const today = dayOf(now, zone);
  const question = {
    beforeFrom: before.from,
    ...days,
    months: wholeMonths(days),
    zone,
    ...rangeOfDays({ from: before.from, to: days.to }, zone),
  };
  const counted = (await countFromRollup(db, question)) ?? (await countFromRows(db, question));
  return {
    ...days,
    shape: shapeOf(days),
    today,
    time_zone: zone,
    counted_at: now.toISOString(),
    known_from: await readKnownFrom(db, { from: before.from, to: days.to }, zone),
    ...periodsBeside(days, today),
    ...makePeriodBoard(counted, days, before),
  };
}
