import { oc } from '@orpc/contract';
import { z } from 'zod';
import { boardRow, instant, money } from './deals.ts';

/** An office day, YYYY-MM-DD. */
const day = z.string();

/** `today`, `week` (Monday first), `month`, or office days as FROM..TO, both included. Read by main, which refuses in words. */
export const periodText = z.string().max(40);

/** A group's standing; agents without a group are in no group, only in the totals. */
export const groupRow = z.object({
  group: z.string(),
  agents: z.number().int(),
  deals: z.number().int(),
  commission: money,
  /** Distinct receivers of the whole group per office day. */
  sms: z.number().int(),
  conversion: z.number().nullable(),
});
export type GroupRow = z.infer<typeof groupRow>;

/** What one day brought to the office. */
export const trendDay = z.object({ day, deals: z.number().int(), commission: money });
export type TrendDay = z.infer<typeof trendDay>;

/** The standings over a period of office days. */
export const boardView = z.object({
  from: day,
  to: day,
  /** What the days are: a calendar week or month, one day, or any other stretch. */
  shape: z.enum(['day', 'week', 'month', 'range']),
  /** The office's day now, and the zone its days are counted in. */
  today: day,
  time_zone: z.string(),
  counted_at: instant,
  /**
   * The first day from which on everything up to the end of the period was read; null: from the first day of `before` on.
   * What lies before it is not known: the zeros of those days say nothing.
   */
  known_from: day.nullable(),
  /** Periods beside this one, to be asked for as they are; null where there is nothing to see. */
  previous: periodText.nullable(),
  next: periodText.nullable(),
  agents: z.array(boardRow),
  groups: z.array(groupRow),
  totals: z.object({
    deals: z.number().int(),
    commission: money,
    /** Distinct receivers of the whole office per office day. */
    sms: z.number().int(),
    conversion: z.number().nullable(),
  }),
  /** Every day of the period, and as many right before it. */
  trend: z.array(trendDay),
  before: z.array(trendDay),
});
export type BoardView = z.infer<typeof boardView>;

const wholeNumber = z.number().int();

/**
 * What makes a board fair, beside its rows: it is history and moves slowly, so that whoever shows rows can mark them as
 * they come (`src/shared/fair-board.ts`). Agents by their id; null: switched off, or nothing to compare with.
 */
export const fairFacts = z.object({
  /** Most deals of each agent in any earlier day, week or month; null also for days that are none of these. */
  best: z.record(z.string(), wholeNumber).nullable(),
  /** What each agent sold in the days that the period so far is compared with; who sold nothing is left out. */
  before: z.record(z.string(), z.object({ deals: wholeNumber, commission: money })).nullable(),
  /** Agents whose first deal or delivered message is as young as the office has set. */
  rookies: z.array(z.string()).nullable(),
  /** How many of the last places are not named; 0: all are. */
  hide_last: wholeNumber.nonnegative(),
});
export type FairFacts = z.infer<typeof fairFacts>;

export const boardsContract = {
  /** What the board of the same period is marked by. */
  fair: oc.input(z.object({ period: periodText })).output(fairFacts),
  board: oc.input(z.object({ period: periodText })).output(boardView),
  /** Asks where to save the board as CSV; null: the person thought better of it. */
  exportCsv: oc
    .input(z.object({ period: periodText, by: z.enum(['agents', 'groups']), language: z.enum(['sv', 'en']) }))
    .output(z.object({ path: z.string().nullable(), rows: z.number().int() })),
  /** Asks where to save every deal of the period as CSV, also those that do not count; null: thought better of it. */
  saveDeals: oc
    .input(z.object({ period: periodText, language: z.enum(['sv', 'en']) }))
    .output(z.object({ path: z.string().nullable(), rows: z.number().int() })),
  /** Asks where to save what the console prints as a PDF; null: the person thought better of it. */
  savePdf: oc
    .input(z.object({ period: periodText, language: z.enum(['sv', 'en']) }))
    .output(z.object({ path: z.string().nullable() })),
};
