import type { BoardView } from '../../shared/contract/boards.ts';
import { isRead } from '../../shared/known-days.ts';

/** One bar of a trend: some days in a row, and as many before them for comparison. */
export interface TrendBar {
  readonly from: string;
  readonly to: string;
  readonly deals: number;
  readonly commission: number;
  /** True for days that are all to come. */
  readonly ahead: boolean;
  /** True where some of its days were never read. */
  readonly unknown: boolean;
  readonly before: {
    readonly from: string;
    readonly to: string;
    readonly deals: number;
    readonly commission: number;
    readonly unknown: boolean;
  };
}

/** Up to so many bars can be told apart. */
const mostBars = 62;
/** Days of a bar, from fine to coarse: a day, a week, four weeks, a quarter. */
const widths = [1, 7, 28, 91];

/** The trend in bars of one day, or of more where a period is long. The last may be of fewer days. */
export function trendBars(board: Pick<BoardView, 'trend' | 'before' | 'today' | 'known_from'>): TrendBar[] {
  const { trend, before, today, known_from: known } = board;
  const width = widths.find((days) => trend.length / days <= mostBars) ?? 91;
  const bars: TrendBar[] = [];
  for (let first = 0; first < trend.length; first += width) {
    const days = trend.slice(first, first + width);
    bars.push({
      ...sumOf(days),
      ahead: (days[0]?.day ?? '') > today,
      unknown: !isRead(known, days[0]?.day),
      before: {
        ...sumOf(before.slice(first, first + width)),
        unknown: !isRead(known, before[first]?.day),
      },
    });
  }
  return bars;
}

/** What the period has brought up to today, and what as many of its first days brought before, where that is known. */
export function soFar(board: Pick<BoardView, 'trend' | 'before' | 'today' | 'known_from'>) {
  const days = board.trend.filter((one) => one.day <= board.today).length;
  const before = sumOf(board.before.slice(0, days));
  const isKnown = isRead(board.known_from, before.from);
  return { days, now: sumOf(board.trend.slice(0, days)), before, isKnown };
}

function sumOf(days: BoardView['trend']) {
  return {
    from: days[0]?.day ?? '',
    to: days.at(-1)?.day ?? '',
    deals: days.reduce((sum, one) => sum + one.deals, 0),
    // In hundredths, so that many days lose no öre.
    commission: days.reduce((sum, one) => sum + Math.round(one.commission * 100), 0) / 100,
  };
}

/** A round number a little above a value, or the value itself: where an axis ends. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (
    [1, 1.5, 2, 3, 4, 5, 6, 8, 10]
      .map((step) => step * power)
      .find((step) => step >= value && Number.isInteger(step)) ?? value
  );
}
