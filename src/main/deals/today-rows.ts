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

/** A deal as it is kept: instants in ms. */
type KeptDeal = { [Field in keyof TodayDeal]: TodayDeal[Field] extends Date ? number : TodayDeal[Field] };

const isNumber = (value: unknown) => typeof value === 'number';
const isText = (value: unknown) => typeof value === 'string';
const isTextOrNull = (value: unknown) => value === null || isText(value);
const sources: readonly unknown[] = ['instant', 'day', 'fallback'];

const keptFields: { [Field in keyof KeptDeal]: (value: unknown) => boolean } = {
  id: Number.isSafeInteger,
  leadId: isText,
  userId: Number.isSafeInteger,
  campaign: isTextOrNull,
  commission: isTextOrNull,
  multiDeals: Number.isSafeInteger,
  orderDate: isNumber,
  orderDateSource: (value) => sources.includes(value),
  notes: (value) => Array.isArray(value) && value.every(isText),
  createdAt: isNumber,
  syncedAt: isNumber,
  upstreamAt: isNumber,
};
const keptChecks = Object.entries(keptFields);

/** Looked at field by field here: thousands are read before the first paint, and a schema takes as long as the parsing. */
function isKeptDeal(value: unknown): value is KeptDeal {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Record<string, unknown>;
  return keptChecks.every(([name, isFine]) => isFine(row[name]));
}

/** One of today's deals, read back from JSON; null for what is none. */
export function readKeptDeal(value: unknown): TodayDeal | null {
  if (!isKeptDeal(value)) return null;
  const { orderDate, createdAt, syncedAt, upstreamAt } = value;
  return {
    ...value,
    orderDate: new Date(orderDate),
    createdAt: new Date(createdAt),
    syncedAt: new Date(syncedAt),
    upstreamAt: new Date(upstreamAt),
  };
}

/** Which day it is, and the last change in it. */
export const keptDay = z.object({ start: date, end: date, seq: z.number().int() });

/** Agent and receiver of each message. Receivers are numbered: who they are is nobody's business on this disk. */
export const keptMessages = z.array(z.tuple([z.number().int(), z.number().int()]));

/** Id, name and group of each agent. */
export const keptAgents = z.array(z.tuple([z.number().int(), z.string().nullable(), z.string().nullable()]));

/** A deal as JSON for `readKeptDeal`. */
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
