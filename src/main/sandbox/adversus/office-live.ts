import { seededRandom } from '../seeded-random.ts';
import type { ZoneTime } from '../zone-time.ts';
import { leadIdOf, planDeal } from './office.ts';
import { planSms } from './office-sms.ts';
import { officeAgents } from './people.ts';
import type { OfficeEvent } from './records.ts';

/** One live deal per slot; with up to 25 s of jitter two deals are 40 to 90 s apart. */
export const LIVE_SLOT = 65_000;
const JITTER = 25;

/** The slot an instant lies in, counted from 1970. */
export function slotOf(instant: number): number {
  return Math.floor(instant / LIVE_SLOT);
}

/**
 * What one slot brings while somebody watches: a deal, perhaps a message, now and then a reassigned, corrected or
 * revoked lead. Pure in seed and slot, like the days; which slots happened is the caller's to remember.
 */
export function planLiveSlot(seed: string, slot: number, zone: ZoneTime): OfficeEvent[] {
  const random = seededRandom(`${seed}:live:${slot}`);
  const at = slot * LIVE_SLOT + random.int(0, JITTER) * 1000;
  const closedAt = at - (at % 1000);
  const day = zone.dayOf(closedAt);
  const id = liveLeadId(slot);
  const events = planDeal(random, { id, closedAt, day });
  if (random.chance(0.6))
    events.push(...planSms(random, { id: 500_000_000 + slot, at: closedAt, leadId: id }));

  // The first three deals of a day are the night shift's and exist whenever the office day is an hour old.
  const earlier = leadIdOf(day - random.int(0, 4), random.int(0, 2));
  const step = random.int(1, officeAgents.length - 1);
  if (slot % 7 === 4) events.push({ at: closedAt, kind: 'reassign', id: earlier, step });
  if (slot % 13 === 7)
    events.push({ at: closedAt, kind: 'move-order', id: earlier, days: -random.int(1, 3) });
  if (slot % 25 === 12) {
    const revoked = liveLeadId(slot - random.int(8, 20));
    events.push({ at: closedAt, kind: 'change', id: revoked, change: { status: 'notInterested' } });
  }
  return events;
}

function liveLeadId(slot: number): number {
  return 500_000_000 + slot;
}
