import { dayOf, type Range } from '../../../shared/business-day.ts';
import { toCents } from '../leaderboard.ts';
import type { LeadFact } from '../map-lead.ts';
import type { TodayDeal } from '../today-store.ts';
import type { SpooledFact } from './spooled-fact.ts';

export interface LayOverRules {
  range: Range;
  timeZone: string;
  commissionChangeIsDuplicate: boolean;
}

/**
 * Today's deals as they will be once what was read is saved, as far as that can be known without the database: new
 * deals by the negative of their place in the spool, changed ones by their own id. What another agent or order instant
 * would make a duplicate of is left as it stands, and so is what a newer state is held of already.
 */
export function layOver(
  facts: readonly SpooledFact[],
  today: Iterable<TodayDeal>,
  rules: LayOverRules,
): Map<number, TodayDeal> {
  const over = new Map<number, TodayDeal>();
  if (facts.length === 0) return over;
  const held = groupBy(today, (deal) => deal.leadId);
  for (const [leadId, readings] of groupBy(facts, ({ fact }) => fact.leadId)) {
    const rows = held.get(leadId) ?? [];
    // Of several deals of one lead nobody here knows which follows upstream.
    if (rows.length > 1) continue;
    const shown = foldReadings(rows[0] ?? null, readings, rules);
    if (shown && shown.orderDate >= rules.range.start && shown.orderDate < rules.range.end)
      over.set(shown.id, shown);
  }
  return over;
}

/** What a lead's readings, oldest first, make of its deal; null: nothing that is to be shown. */
function foldReadings(
  held: TodayDeal | null,
  readings: readonly SpooledFact[],
  rules: LayOverRules,
): TodayDeal | null {
  let deal = held;
  for (const reading of readings) {
    const { fact } = reading;
    if (deal === null) {
      // A deal of another day, or one that was replaced: only the database can say what becomes of it.
      if (reading.isNew !== true) return null;
      deal = dealOf(reading);
    } else if (fact.updatedAt > deal.upstreamAt && !isDuplicate(deal, fact, rules)) {
      deal = updated(deal, fact);
    }
  }
  return deal?.unsaved ? deal : null;
}

function dealOf({ fact, seq, readAt, campaign }: SpooledFact): TodayDeal {
  return {
    id: -seq,
    leadId: fact.leadId,
    userId: fact.userId,
    campaign: campaign ?? fact.campaignId,
    commission: fact.commission,
    multiDeals: fact.multiDeals,
    orderDate: fact.orderDate ?? fact.updatedAt,
    orderDateSource: fact.orderDateSource,
    notes: [...fact.notes],
    createdAt: readAt,
    syncedAt: readAt,
    upstreamAt: fact.updatedAt,
    unsaved: true,
  };
}

/** The same questions that the database asks of a lead (product rules of what is a duplicate). */
function isDuplicate(deal: TodayDeal, fact: LeadFact, rules: LayOverRules): boolean {
  if (deal.userId !== fact.userId) return true;
  const [had, has] = [toCents(deal.commission), toCents(fact.commission)];
  if (rules.commissionChangeIsDuplicate && had !== 0 && has !== 0 && had !== has) return true;
  if (fact.orderDate === null || deal.orderDateSource === 'fallback') return false;
  return fact.orderDateSource === 'day' || deal.orderDateSource === 'day'
    ? dayOf(fact.orderDate, rules.timeZone) !== dayOf(deal.orderDate, rules.timeZone)
    : fact.orderDate.getTime() !== deal.orderDate.getTime();
}

/** A given order date is kept when later blanked, and is not made coarser. The same deal where nothing moved. */
function updated(deal: TodayDeal, fact: LeadFact): TodayDeal {
  const keepsDate =
    fact.orderDate === null || (fact.orderDateSource === 'day' && deal.orderDateSource === 'instant');
  const orderDate = keepsDate ? deal.orderDate : fact.orderDate!;
  const isSame =
    (deal.commission === null) === (fact.commission === null) &&
    toCents(deal.commission) === toCents(fact.commission) &&
    deal.multiDeals === fact.multiDeals &&
    deal.orderDate.getTime() === orderDate.getTime();
  if (isSame) return { ...deal, upstreamAt: fact.updatedAt };
  return {
    ...deal,
    commission: fact.commission,
    multiDeals: fact.multiDeals,
    orderDate,
    orderDateSource: keepsDate ? deal.orderDateSource : fact.orderDateSource,
    notes: [...fact.notes],
    upstreamAt: fact.updatedAt,
    unsaved: true,
  };
}

function groupBy<Key, Value>(values: Iterable<Value>, keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
