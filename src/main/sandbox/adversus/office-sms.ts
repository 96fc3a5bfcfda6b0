import { seededRandom, type SeededRandom } from '../seeded-random.ts';
import { customerNames, officeAgents, officeCampaigns, testPhones } from './people.ts';
import type { OfficeEvent, Sms } from './records.ts';

const officeNumber = '+46701740605';

/** About forty messages a day; the delivery receipt of most comes half a minute to seven minutes later. */
export function smsOfDay(seed: string, day: number, start: number, deals: number): OfficeEvent[] {
  const random = seededRandom(`${seed}:sms:${day}`);
  const count = random.int(34, 46);
  const events: OfficeEvent[] = [];
  for (let n = 0; n < count; n++) {
    const seconds = n < 4 ? random.int(360, 3600) : random.int(7 * 3600, 22 * 3600);
    const id = 100_000_000 + day * 10_000 + n;
    const leadId = random.chance(0.8) ? id - n + random.int(0, deals - 1) : null;
    events.push(...planSms(random, { id, at: start + seconds * 1000, leadId }));
  }
  return events;
}

/** One message and what becomes of it. */
export function planSms(
  random: SeededRandom,
  { id, at, leadId }: { id: number; at: number; leadId: number | null },
): OfficeEvent[] {
  const inbound = random.chance(0.15);
  const customer = random.pick(testPhones);
  const sms: Sms = {
    id,
    type: inbound ? 'inbound' : 'outbound',
    timestamp: at,
    sender: inbound ? customer : officeNumber,
    receiver: inbound ? officeNumber : customer,
    content: inbound
      ? 'Hej, ring mig efter kl 17. Mvh'
      : `Hej ${random.pick(customerNames)}! Tack för samtalet. /Kundtjänst`,
    userId: inbound ? null : random.pick(officeAgents).id,
    leadId,
    campaignId: random.pick(officeCampaigns).id,
    units: random.int(1, 3),
    status: inbound ? 'received' : 'sent',
  };
  const events: OfficeEvent[] = [{ at, kind: 'sms', sms }];
  if (inbound) return events;
  const fate = random.next();
  if (fate < 0.05) return events;
  const seconds = fate < 0.12 ? random.int(3600, 30_000) : random.int(30, 420);
  const status = fate > 0.94 ? 'failed' : 'delivered';
  events.push({ at: at + seconds * 1000, kind: 'sms-status', id, status });
  return events;
}
