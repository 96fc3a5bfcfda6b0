import type { BoardRow } from '../../shared/contract/deals.ts';

/** What a board counts: deals of the period that count at all, and delivered messages. */
export interface BoardDeal {
  userId: number;
  /** Money in hundredths, exact. */
  commissionCents: number;
  multiDeals: number;
}

export interface BoardSms {
  userId: number;
  receiver: string;
  /** The office's day it was sent on. */
  day: string;
}

export interface AgentName {
  name: string | null;
  group: string | null;
}

/** The name shown for an agent whom the vendor has not named. */
export function agentName(userId: number, agent: AgentName | undefined): string {
  return agent?.name ?? `Agent ${userId}`;
}

/**
 * A board over a period: one row for each agent with a deal or a delivered message, most deals first, then most
 * commission, then by name. Unique SMS are distinct receivers per office day.
 */
export function makeBoard(
  deals: Iterable<BoardDeal>,
  messages: Iterable<BoardSms>,
  agents: ReadonlyMap<number, AgentName>,
): BoardRow[] {
  const standings = new Map<number, { deals: number; cents: number; receivers: Set<string> }>();
  const standing = (userId: number) => {
    let found = standings.get(userId);
    if (!found) standings.set(userId, (found = { deals: 0, cents: 0, receivers: new Set() }));
    return found;
  };
  for (const deal of deals) {
    const of = standing(deal.userId);
    of.deals += deal.multiDeals;
    of.cents += deal.commissionCents;
  }
  for (const sms of messages) standing(sms.userId).receivers.add(`${sms.day} ${sms.receiver}`);
  return [...standings]
    .map(([userId, of]) => ({
      user_id: String(userId),
      name: agentName(userId, agents.get(userId)),
      group: agents.get(userId)?.group ?? null,
      deals: of.deals,
      commission: of.cents / 100,
      sms: of.receivers.size,
      conversion: of.receivers.size > 0 ? of.deals / of.receivers.size : null,
    }))
    .sort(compareRows);
}

/** Names in Swedish order; a collator made once is many times faster than `localeCompare`. */
const byName = new Intl.Collator('sv').compare;

/** Most deals first, then most commission, then by name. */
export function compareStandings(
  a: Pick<BoardRow, 'deals' | 'commission' | 'name'>,
  b: Pick<BoardRow, 'deals' | 'commission' | 'name'>,
): number {
  return b.deals - a.deals || b.commission - a.commission || byName(a.name, b.name);
}

/** The order of a board; agents of one name in that of their ids. */
export function compareRows(a: BoardRow, b: BoardRow): number {
  return compareStandings(a, b) || Number(a.user_id) - Number(b.user_id);
}

/** Decimal text of the database ('4500.00') in hundredths. Exact up to the column's 12 digits. */
export function toCents(decimal: string | null): number {
  if (decimal === null) return 0;
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, '0').slice(0, 2));
  return decimal.startsWith('-') ? -cents : cents;
}
