import { oc } from '@orpc/contract';
import { z } from 'zod';

/** An instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime({ offset: true });
/** Money: a JSON number of the office's currency, at most two decimals. */
export const money = z.number();

/** One row of a board: an agent's standing over a period. `user_id` is the vendor's, so a string. */
export const boardRow = z.object({
  user_id: z.string(),
  name: z.string(),
  group: z.string().nullable(),
  /** Sum of multi-deals; held, replaced and removed deals do not count. */
  deals: z.number().int(),
  commission: money,
  /** Distinct receivers of delivered messages per office day. */
  sms: z.number().int(),
  /** Deals per unique SMS; null without SMS. */
  conversion: z.number().nullable(),
});
export type BoardRow = z.infer<typeof boardRow>;

/** A deal as lists and the live feed show it. */
export const dealView = z.object({
  id: z.number().int(),
  lead_id: z.string(),
  user_id: z.string(),
  agent: z.string(),
  group: z.string().nullable(),
  campaign: z.string().nullable(),
  commission: money.nullable(),
  multi_deals: z.number().int(),
  order_date: instant,
  order_date_source: z.enum(['instant', 'day', 'fallback']),
  notes: z.array(z.string()),
  created_at: instant,
  synced_at: instant,
  /** Read while the database was away, and not in it yet; its id is negative until then, unless it had one. */
  unsaved: z.literal(true).optional(),
});
export type DealView = z.infer<typeof dealView>;

/** Everything the Today screen shows of deals and SMS, from memory. */
export const todayView = z.object({
  /** The office-local calendar day, YYYY-MM-DD, and the zone it is in. */
  day: z.string(),
  time_zone: z.string(),
  /** Number of the last change this is built from. */
  seq: z.number().int(),
  /** Deals among these, new or changed, that are not in the database yet. */
  unsaved: z.number().int(),
  totals: z.object({
    deals: z.number().int(),
    commission: money,
    sms: z.number().int(),
    /** Pending duplicates, held removals and rejected records: what waits for a person. */
    waiting: z.number().int(),
  }),
  board: z.array(boardRow),
  /** Today's deals, newest first, at most 200. */
  feed: z.array(dealView),
});
export type TodayView = z.infer<typeof todayView>;

export const dealsContract = {
  today: oc.output(todayView),
  board: oc.input(z.object({ period: z.literal('today') })).output(z.array(boardRow)),
};
