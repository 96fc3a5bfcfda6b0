import { z } from 'zod';
import type { Range } from '../../shared/business-day.ts';
import type { AgentName } from './leaderboard.ts';
import type { TodayDeal } from './today-store.ts';

/** Today as the cache holds it, to be kept elsewhere and put back. */
export interface TodayRows {
  range: Range;
  seq: number;
  deals: ReadonlyMap<number, TodayDeal>;
  messages: readonly { userId: number; receiver: string }[];
  agents: ReadonlyMap<number, AgentName>;
}

const date = z.iso.datetime().transform((text) => new Date(text));

/** Instants of rows are kept in ms: thousands are read before the first paint. */
const ms = z.number().transform((at) => new Date(at));

/** One of today's deals, read back from JSON. */
export const keptDeal = z.object({
  id: z.number().int(),
  leadId: z.string(),
  userId: z.number().int(),
  campaign: z.string().nullable(),
  commission: z.string().nullable(),
  multiDeals: z.number().int(),
  orderDate: ms,
  orderDateSource: z.enum(['instant', 'day', 'fallback']),
  notes: z.array(z.string()),
  createdAt: ms,
  syncedAt: ms,
  // Not known in copies of an earlier program: then whatever is read is newer.
  upstreamAt: z
    .number()
    .default(0)
    .transform((at) => new Date(at)),
});

/** Which day it is, and the last change in it. */
export const keptDay = z.object({ start: date, end: date, seq: z.number().int() });

/** Agent and receiver of each message. Receivers are numbered: who they are is nobody's business on this disk. */
export const keptMessages = z.array(z.tuple([z.number().int(), z.number().int()]));

/** Id, name and group of each agent. */
export const keptAgents = z.array(z.tuple([z.number().int(), z.string().nullable(), z.string().nullable()]));

/** A deal as JSON for `keptDeal`. */
export function keepDeal(deal: TodayDeal): string {
  const { orderDate, createdAt, syncedAt, upstreamAt } = deal;
  return JSON.stringify({
    ...deal,
    orderDate: orderDate.getTime(),
    createdAt: createdAt.getTime(),
    syncedAt: syncedAt.getTime(),
    upstreamAt: upstreamAt.getTime(),
  });
}

export function keepMessages(messages: TodayRows['messages']): z.infer<typeof keptMessages> {
  const numbers = new Map<string, number>();
  return messages.map(({ userId, receiver }) => {
    if (!numbers.has(receiver)) numbers.set(receiver, numbers.size);
    return [userId, numbers.get(receiver)!];
  });
}

export function keepAgents(agents: TodayRows['agents']): z.infer<typeof keptAgents> {
  return [...agents].map(([id, { name, group }]) => [id, name, group]);
}

/** Puts the kept parts of a day together again. */
export function todayRowsOf(kept: {
  day: z.infer<typeof keptDay>;
  deals: readonly TodayDeal[];
  messages: z.infer<typeof keptMessages>;
  agents: z.infer<typeof keptAgents>;
}): TodayRows {
  const { start, end, seq } = kept.day;
  return {
    range: { start, end },
    seq,
    deals: new Map(kept.deals.map((deal) => [deal.id, deal])),
    messages: kept.messages.map(([userId, receiver]) => ({ userId, receiver: String(receiver) })),
    agents: new Map(kept.agents.map(([id, name, group]) => [id, { name, group }])),
  };
}
