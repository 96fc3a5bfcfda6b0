import { toMilliseconds, type Instant } from '../sandbox-clock.ts';
import {
  customerNames,
  fieldLabels,
  officeAgents,
  officeCampaigns,
  officeGroups,
  officeUsers,
  testPhones,
} from './people.ts';
import type { Campaign, Group, Lead, LeadStatus, OfficeEvent, OrderDate, Sms, User } from './records.ts';
import { SortedRecords } from './sorted-records.ts';

const DAY = 86_400_000;

/** What may be said of a lead from outside. What is left out gets a plain value, or stays as it is. */
export interface LeadChange extends Partial<
  Omit<Lead, 'id' | 'updatedAt' | 'createdAt' | 'commission' | 'multiDeals' | 'orderDate'>
> {
  /** The last-updated stamp, used as given; the sandbox's time in whole seconds by default. */
  updatedAt?: Instant;
  createdAt?: Instant;
  commission?: string | number | null;
  multiDeals?: string | number | null;
  /** A Date is written in the account's stamp format, a text as it is. */
  orderDate?: Date | string | null;
}

export type NewLead = LeadChange & { id?: number };
export type SmsChange = Partial<Omit<Sms, 'id' | 'timestamp'>> & { timestamp?: Instant };
export type NewSms = SmsChange & { id?: number };

/** What the vendor holds, and the ways in which it changes. `now` is asked at every change made from outside. */
export class AdversusState {
  readonly leads = new SortedRecords<Lead>((lead) => lead.updatedAt);
  readonly messages = new SortedRecords<Sms>((sms) => sms.timestamp);
  readonly gone = new Map<number, Lead>();
  #users: readonly User[] = officeUsers;
  #campaigns: readonly Campaign[] = officeCampaigns;
  readonly groups: readonly Group[] = officeGroups;
  readonly #now: () => number;
  #nextId = 920_000_000;
  #nextBulkId = 930_000_000;

  constructor(now: () => number) {
    this.#now = now;
  }

  get users(): readonly User[] {
    return this.#users;
  }

  get campaigns(): readonly Campaign[] {
    return this.#campaigns;
  }

  /** Every lead that is a success now, oldest stamp first. */
  successes(): Lead[] {
    return this.leads.all.filter((lead) => lead.status === 'success');
  }

  /** Adds a lead, a success without commission unless said otherwise; throws when its id is taken. */
  addLead(given: NewLead = {}): Lead {
    const id = given.id ?? this.#nextId++;
    if (this.leads.get(id) !== undefined) throw new Error(`Lead ${id} exists already`);
    const lead = applyChange(this.#plainLead(id), given);
    this.leads.put(lead);
    return lead;
  }

  /** Changes a lead and moves its stamp to now, unless a stamp is given; throws for an unknown one. */
  patchLead(id: number, change: LeadChange): Lead {
    const lead = applyChange({ ...this.#known(id), updatedAt: this.#second() }, change);
    this.leads.put(lead);
    return lead;
  }

  /** Gives the lead to an agent, by default to the next in the list. */
  reassign(id: number, agentId?: number): Lead {
    return this.patchLead(id, { agentId: agentId ?? nextAgent(this.#known(id).agentId, 1) });
  }

  /** The lead stays but is no longer a success. */
  revoke(id: number, status: LeadStatus = 'notInterested'): Lead {
    return this.patchLead(id, { status });
  }

  /** The vendor deletes the lead; answers false when there is none. */
  remove(id: number): boolean {
    const lead = this.leads.get(id);
    if (lead !== undefined) this.gone.set(id, lead);
    return this.leads.delete(id);
  }

  /** Empties the account of leads and messages. */
  clear(): void {
    for (const lead of this.leads.all) this.gone.set(lead.id, lead);
    this.leads.clear();
    this.messages.clear();
  }

  /** Adds many plain success leads quickly; `make` may say more of the n-th (from 0). */
  addLeads(count: number, make: (n: number) => LeadChange = () => ({})): Lead[] {
    const added = Array.from({ length: count }, (_, n) => {
      const lead = this.#plainLead(this.#nextBulkId++);
      const agentId = officeAgents[n % officeAgents.length]?.id ?? null;
      return applyChange({ ...lead, agentId, commission: String(100 + (n % 900)) }, make(n));
    });
    this.leads.putMany(added);
    return added;
  }

  addSms(given: NewSms = {}): Sms {
    const sms = this.#newSms(given.id ?? this.#nextId++, given);
    this.messages.put(sms);
    return sms;
  }

  addManySms(count: number, make: (n: number) => SmsChange = () => ({})): Sms[] {
    const added = Array.from({ length: count }, (_, n) => this.#newSms(this.#nextBulkId++, make(n)));
    this.messages.putMany(added);
    return added;
  }

  /** Throws for an unknown message. The send time stays. */
  setSmsStatus(id: number, status: string): Sms {
    const before = this.messages.get(id);
    if (before === undefined) throw new Error(`There is no message ${id}`);
    const sms = { ...before, status };
    this.messages.put(sms);
    return sms;
  }

  /** Adds a user or replaces the one with this id. */
  putUser(user: User): void {
    this.#users = [...this.#users.filter((other) => other.id !== user.id), user];
  }

  /** Adds a campaign or replaces the one with this id. */
  putCampaign(campaign: Campaign): void {
    this.#campaigns = [...this.#campaigns.filter((other) => other.id !== campaign.id), campaign];
  }

  /** Takes in what happened in the office, in the given order. */
  applyEvents(events: readonly OfficeEvent[]): void {
    // A start brings thousands at once: folded first and put in one go.
    if (events.length < 200) {
      for (const event of events) this.#apply(event, this.leads, this.messages);
      return;
    }
    const leads = new Overlay(this.leads);
    const messages = new Overlay(this.messages);
    for (const event of events) this.#apply(event, leads, messages);
    this.leads.putMany(leads.changed.values());
    this.messages.putMany(messages.changed.values());
  }

  #apply(event: OfficeEvent, leads: Records<Lead>, messages: Records<Sms>): void {
    if (event.kind === 'lead') return leads.put(event.lead);
    if (event.kind === 'sms') return messages.put(event.sms);
    if (event.kind === 'sms-status') {
      const sms = messages.get(event.id);
      return sms && messages.put({ ...sms, status: event.status });
    }
    const lead = leads.get(event.id);
    if (lead === undefined) return;
    const change = changeOf(event, lead);
    if (change !== undefined) leads.put({ ...lead, ...change, updatedAt: event.at });
  }

  #known(id: number): Lead {
    const lead = this.leads.get(id);
    if (lead === undefined) throw new Error(`There is no lead ${id}`);
    return lead;
  }

  #second(): number {
    const now = this.#now();
    return now - (now % 1000);
  }

  #plainLead(id: number): Lead {
    const at = this.#second();
    return {
      id,
      status: 'success',
      campaignId: officeCampaigns[0]?.id ?? 0,
      campaignAs: 'id',
      agentId: officeAgents[0]?.id ?? null,
      updatedAt: at,
      createdAt: at - 7 * DAY,
      importedAt: at - 30 * DAY,
      nextContactAt: null,
      contactAttempts: 1,
      active: false,
      externalId: null,
      commission: null,
      multiDeals: null,
      multiDealsIn: 'resultData',
      orderDate: { kind: 'instant', at },
      orderDateLabel: fieldLabels.orderDate,
      contactName: customerNames[id % customerNames.length] ?? '',
      contactPhone: testPhones[id % testPhones.length] ?? '',
      extraFields: [],
    };
  }

  #newSms(id: number, { timestamp, ...given }: SmsChange): Sms {
    return {
      id,
      type: 'outbound',
      timestamp: timestamp === undefined ? this.#second() : toMilliseconds(timestamp),
      sender: '+46701740605',
      receiver: testPhones[id % testPhones.length] ?? '',
      content: 'Hej! Tack för samtalet. /Kundtjänst',
      userId: officeAgents[0]?.id ?? null,
      leadId: null,
      campaignId: officeCampaigns[0]?.id ?? null,
      units: 1,
      status: 'delivered',
      ...given,
    };
  }
}

interface Records<T> {
  get(id: number): T | undefined;
  put(record: T): void;
}

/** Collects changes over a base without touching it. */
class Overlay<T extends { readonly id: number }> implements Records<T> {
  readonly changed = new Map<number, T>();
  readonly #base: Records<T>;

  constructor(base: Records<T>) {
    this.#base = base;
  }

  get(id: number): T | undefined {
    return this.changed.get(id) ?? this.#base.get(id);
  }

  put(record: T): void {
    this.changed.set(record.id, record);
  }
}

function changeOf(
  event: Extract<OfficeEvent, { kind: 'change' | 'reassign' | 'move-order' }>,
  lead: Lead,
): Partial<Lead> | undefined {
  if (event.kind === 'change') return event.change;
  if (lead.status !== 'success') return undefined;
  if (event.kind === 'reassign') return { agentId: nextAgent(lead.agentId, event.step) };
  return { orderDate: moveOrder(lead, event.days) };
}

function moveOrder({ orderDate, updatedAt }: Lead, days: number): OrderDate {
  if (orderDate?.kind === 'text') {
    const at = Date.parse(orderDate.text);
    if (Number.isFinite(at))
      return { kind: 'text', text: new Date(at + days * DAY).toISOString().slice(0, 10) };
  }
  return { kind: 'instant', at: (orderDate?.kind === 'instant' ? orderDate.at : updatedAt) + days * DAY };
}

function nextAgent(agentId: number | null, step: number): number | null {
  const index = officeAgents.findIndex((agent) => agent.id === agentId);
  return officeAgents[(index + step + officeAgents.length) % officeAgents.length]?.id ?? null;
}

function applyChange(
  lead: Lead,
  { updatedAt, createdAt, commission, multiDeals, orderDate, ...rest }: LeadChange,
): Lead {
  const asText = (value: string | number | null) => (value === null ? null : String(value));
  return {
    ...lead,
    ...rest,
    ...(updatedAt === undefined ? {} : { updatedAt: toMilliseconds(updatedAt) }),
    ...(createdAt === undefined ? {} : { createdAt: toMilliseconds(createdAt) }),
    ...(commission === undefined ? {} : { commission: asText(commission) }),
    ...(multiDeals === undefined ? {} : { multiDeals: asText(multiDeals) }),
    ...(orderDate === undefined ? {} : { orderDate: readOrderDate(orderDate) }),
  };
}

function readOrderDate(orderDate: Date | string | null): OrderDate | null {
  if (orderDate === null) return null;
  return orderDate instanceof Date
    ? { kind: 'instant', at: orderDate.getTime() }
    : { kind: 'text', text: orderDate };
}
