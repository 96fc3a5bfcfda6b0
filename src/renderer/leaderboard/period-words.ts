import type { BoardView } from '../../shared/contract/boards.ts';
import type { Language } from '../i18n/format.ts';

/** Days of the calendar as words of one language. */
export interface PeriodWords {
  /** `16–22 November 2026`, `1 nov. 2026 – 3 jan. 2027`. */
  days(from: string, to: string): string;
  /** `November 2026`. */
  month(day: string): string;
  /** `Mon 16`, for what stands along a short trend. */
  weekday(day: string): string;
  /** `16 nov.`, for what stands along a longer one. */
  short(day: string): string;
  /** `16 nov. 2024`, where the years differ. */
  dated(day: string): string;
  /** `9–15 nov.` */
  stretch(from: string, to: string): string;
}

/** The instant that stands for a calendar day: its midnight in UTC, where it is written and read. */
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Builds the words; a day of the calendar is the same in every zone. */
export function createPeriodWords(language: Language): PeriodWords {
  const locale = { sv: 'sv-SE', en: 'en-GB' }[language];
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const whole = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const wholeDay = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const month = format({ month: 'long', year: 'numeric' });
  const weekday = format({ weekday: 'short', day: 'numeric' });
  const short = format({ day: 'numeric', month: 'short' });
  const dated = format({ day: 'numeric', month: 'short', year: 'numeric' });
  return {
    days: (from, to) => (from === to ? wholeDay.format(at(from)) : whole.formatRange(at(from), at(to))),
    month: (day) => month.format(at(day)),
    weekday: (day) => weekday.format(at(day)),
    short: (day) => short.format(at(day)),
    dated: (day) => dated.format(at(day)),
    stretch: (from, to) => short.formatRange(at(from), at(to)),
  };
}

const dayMs = 86_400_000;

/** The number of the week that begins on a Monday: that of the year its Thursday is in (ISO 8601). */
export function weekNumber(monday: string): number {
  const thursday = at(monday).getTime() + 3 * dayMs;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / (7 * dayMs)) + 1;
}

/** How a period is headed: its shape tells which of the two lines say it. */
export function headOf(board: Pick<BoardView, 'from' | 'to' | 'shape'>, words: PeriodWords) {
  return {
    week: board.shape === 'week' ? weekNumber(board.from) : null,
    days: board.shape === 'month' ? words.month(board.from) : words.days(board.from, board.to),
  };
}
