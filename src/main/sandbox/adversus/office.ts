import { seededRandom, type SeededRandom } from '../seeded-random.ts';
import { dayText, placeInMonth, type ZoneTime } from '../zone-time.ts';
import { customerNames, fieldLabels, officeAgents, officeCampaigns, testPhones } from './people.ts';
import { smsOfDay } from './office-sms.ts';
import { compareEvents, type Lead, type OfficeEvent, type OrderDate } from './records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Nine digits, unique per day and number: `n` below 10 000. */
export function leadIdOf(day: number, n: number): number {
  return 100_000_000 + day * 10_000 + n;
}

/**
 * All that will ever happen to the leads and messages born on one day (also days later), in order of time.
 * A pure function of seed and day: a restarted sandbox, or a second one, lives through the same office.
 */
export function planOfficeDay(seed: string, day: number, zone: ZoneTime): OfficeEvent[] {
  const random = seededRandom(`${seed}:day:${day}`);
  const start = zone.startOfDay(day);
  const { dayOfMonth, daysInMonth } = placeInMonth(day);
  const daysLeft = daysInMonth - dayOfMonth;
  const events: OfficeEvent[] = [];
  const closings = closingTimes(random, daysLeft);
  closings.forEach((seconds, n) => {
    const deal = { id: leadIdOf(day, n), closedAt: start + seconds * 1000, day };
    events.push(...planDeal(random, deal, specialOf(daysLeft, n)));
  });
  if (random.chance(0.05)) events.push(reassignment(random, leadIdOf(day, 3), start + 23 * HOUR));
  events.push(...unsoldLeads(random, day, start));
  events.push(...smsOfDay(seed, day, start, closings.length));
  return events.sort(compareEvents);
}

/** Seconds after midnight. Three deals of the night shift come first, so that every "today" has rows at once. */
function closingTimes(random: SeededRandom, daysLeft: number): number[] {
  // The last week of a month is busier, so that a window on the 1st still holds a fair number of deals.
  const count = daysLeft < 7 ? random.int(11, 14) : random.int(6, 8);
  const times = [random.int(300, 600), random.int(700, 1500), random.int(1600, 3000)];
  while (times.length < count) times.push(random.int(6 * 3600, 22 * 3600 + 1800));
  return times.sort((a, b) => a - b);
}

type Special = 'unreadable-commission' | 'no-agent' | 'reassigned' | 'order-moved' | 'foreign-multi' | 'none';

/** Each oddity happens once in the last week of every month, so that every window holds it, also on the 1st. */
function specialOf(daysLeft: number, n: number): Special {
  if (n === 4 && daysLeft === 3) return 'unreadable-commission';
  if (n === 5 && daysLeft === 2) return 'no-agent';
  if (n === 3 && (daysLeft === 5 || daysLeft === 1)) return 'reassigned';
  if (n === 3 && daysLeft === 4) return 'order-moved';
  if (n === 6 && daysLeft === 6) return 'foreign-multi';
  return 'none';
}

export interface DealSeed {
  id: number;
  closedAt: number;
  /** The office day of the closing, for order dates that are a bare day. */
  day: number;
}

/** The life of one deal: closed, commission and order date filled later, now and then corrected or revoked. */
export function planDeal(random: SeededRandom, deal: DealSeed, special: Special = 'none'): OfficeEvent[] {
  const { id, closedAt } = deal;
  const order = planOrderDate(random, deal);
  const commission = special === 'unreadable-commission' ? 'fråga Anna' : planCommission(random);
  const delay = commissionDelay(random);
  const lead: Lead = {
    ...newDeal(random, deal),
    agentId: special === 'no-agent' ? null : random.pick(officeAgents).id,
    multiDeals: special === 'foreign-multi' ? '34Dentle Kallkund' : planMultiDeals(random),
    commission: delay === 0 ? commission : random.chance(0.5) ? '0' : null,
    orderDate: order.late ? null : order.date,
    orderDateLabel: order.label,
  };
  const events: OfficeEvent[] = [{ at: closedAt, kind: 'lead', lead }];
  if (delay > 0 && delay !== Infinity) {
    const change = order.late ? { commission, orderDate: order.date } : { commission };
    events.push({ at: closedAt + delay, kind: 'change', id, change });
  }
  if (random.chance(0.05)) {
    const at = closedAt + random.int(60, 360) * MINUTE;
    events.push({ at, kind: 'change', id, change: { commission: planCommission(random) } });
  }
  if (special === 'reassigned') events.push(reassignment(random, id, closedAt + random.int(1, 18) * HOUR));
  if (special === 'order-moved') {
    events.push({ at: closedAt + random.int(1, 18) * HOUR, kind: 'move-order', id, days: -random.int(1, 3) });
  }
  if (special === 'none' && random.chance(0.03)) {
    const status = random.pick(['notInterested', 'unqualified'] as const);
    events.push({ at: closedAt + random.int(30, 1800) * MINUTE, kind: 'change', id, change: { status } });
  }
  return events;
}

function reassignment(random: SeededRandom, id: number, at: number): OfficeEvent {
  return { at, kind: 'reassign', id, step: random.int(1, officeAgents.length - 1) };
}

function newDeal(random: SeededRandom, { id, closedAt }: DealSeed): Lead {
  const names = random.next();
  return {
    id,
    status: 'success',
    campaignId: random.pick(officeCampaigns).id,
    campaignAs: names < 0.04 ? 'name' : names < 0.08 ? 'name-and-id' : 'id',
    agentId: null,
    updatedAt: closedAt,
    createdAt: closedAt - random.int(1, 20) * 24 * HOUR,
    importedAt: closedAt - random.int(21, 40) * 24 * HOUR,
    nextContactAt: null,
    contactAttempts: random.int(1, 9),
    active: false,
    externalId: random.chance(0.5) ? `K-${id % 100_000}` : null,
    commission: null,
    multiDeals: null,
    multiDealsIn: random.chance(0.5) ? 'masterData' : 'resultData',
    orderDate: null,
    orderDateLabel: fieldLabels.orderDate,
    contactName: random.pick(customerNames),
    contactPhone: random.pick(testPhones),
    extraFields: [],
  };
}

/** Milliseconds from the closing to the commission: most come 2 to 6 minutes later, a few hours later or never. */
function commissionDelay(random: SeededRandom): number {
  const kind = random.next();
  if (kind < 0.25) return 0;
  if (kind < 0.87) return random.int(120, 360) * 1000;
  if (kind < 0.94) return random.int(60, 1200) * MINUTE;
  return Infinity;
}

function planCommission(random: SeededRandom): string {
  const kronor = random.int(5, 90) * 50;
  return random.chance(0.1) ? `${kronor}.50` : String(kronor);
}

function planMultiDeals(random: SeededRandom): string | null {
  const kind = random.next();
  if (kind < 0.015) return '34Dentle Kallkund';
  if (kind < 0.2) return String(random.int(2, 5));
  return kind < 0.6 ? '1' : null;
}

function planOrderDate(random: SeededRandom, { closedAt, day }: DealSeed) {
  const kind = random.next();
  const spelling = random.next();
  const label = spelling < 0.08 ? 'order date' : spelling < 0.12 ? 'ORDER DATE' : fieldLabels.orderDate;
  const asDay = (number: number): OrderDate => ({ kind: 'text', text: dayText(number) });
  const asInstant: OrderDate = { kind: 'instant', at: closedAt };
  if (kind < 0.06) return { label, late: false, date: null };
  if (kind < 0.14) return { label, late: true, date: asInstant };
  if (kind < 0.26) return { label, late: false, date: asDay(day) };
  if (kind < 0.28) return { label, late: false, date: asDay(day - random.int(32, 45)) };
  return { label, late: false, date: asInstant };
}

/** Leads that were called and not sold: they keep the status filter honest. */
function unsoldLeads(random: SeededRandom, day: number, start: number): OfficeEvent[] {
  const statuses = ['automaticRedial', 'privateRedial', 'notInterested', 'unqualified', 'new'] as const;
  return Array.from({ length: random.int(4, 7) }, (_, n) => {
    const at = start + random.int(6 * 3600, 21 * 3600) * 1000;
    const status = random.pick(statuses);
    const redial = status === 'automaticRedial' || status === 'privateRedial';
    const lead: Lead = {
      ...newDeal(random, { id: leadIdOf(day, 500 + n), closedAt: at, day }),
      status,
      active: redial,
      nextContactAt: redial ? at + random.int(1, 72) * HOUR : null,
      agentId: status === 'new' ? null : random.pick(officeAgents).id,
    };
    return { at, kind: 'lead', lead };
  });
}
