/** What the simulated vendor holds. Instants are milliseconds since 1970, whole seconds unless a test says otherwise. */

export type LeadStatus =
  | 'new'
  | 'success'
  | 'notInterested'
  | 'unqualified'
  | 'invalid'
  | 'automaticRedial'
  | 'privateRedial'
  | 'unknown';

/** `instant` is written in the account's stamp format, `text` as it is (a bare day, or something unreadable). */
export type OrderDate = { kind: 'instant'; at: number } | { kind: 'text'; text: string };

export interface Field {
  readonly id: number;
  readonly label?: string;
  readonly value: unknown;
}

/** Immutable: a change makes a new object, so that a rendered copy can be kept per object. */
export interface Lead {
  readonly id: number;
  readonly status: LeadStatus;
  readonly campaignId: number;
  /** How `campaignId` is answered; the vendor sometimes gives the campaign's name. */
  readonly campaignAs: 'id' | 'name' | 'name-and-id';
  readonly agentId: number | null;
  readonly updatedAt: number;
  readonly createdAt: number;
  readonly importedAt: number;
  readonly nextContactAt: number | null;
  readonly contactAttempts: number;
  readonly active: boolean;
  readonly externalId: string | null;
  /** null: the field is absent from `resultData`. */
  readonly commission: string | null;
  readonly multiDeals: string | null;
  readonly multiDealsIn: 'masterData' | 'resultData';
  readonly orderDate: OrderDate | null;
  readonly orderDateLabel: string;
  readonly contactName: string;
  readonly contactPhone: string;
  readonly extraFields: readonly Field[];
  /** Replaces properties of the answered record: for records no schema allows. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

export interface Sms {
  readonly id: number;
  readonly type: string;
  readonly timestamp: number;
  readonly sender: string;
  readonly receiver: string;
  readonly content: string;
  readonly userId: number | null;
  readonly leadId: number | null;
  readonly campaignId: number | null;
  readonly units: number;
  readonly status: string;
  readonly raw?: Readonly<Record<string, unknown>>;
}

export interface Group {
  readonly id: number;
  readonly name: string;
}

export interface User {
  readonly id: number;
  readonly firstname: string;
  readonly lastname: string;
  readonly groupId: number;
  readonly active: boolean;
  readonly admin: boolean;
}

export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
}

/** One thing that happens in the office. Events on a lead that is gone do nothing. */
export type OfficeEvent = { readonly at: number } & (
  | { readonly kind: 'lead'; readonly lead: Lead }
  | { readonly kind: 'change'; readonly id: number; readonly change: Partial<Lead> }
  /** Another agent: so many places further in the list of agents. Only while the lead is a success. */
  | { readonly kind: 'reassign'; readonly id: number; readonly step: number }
  /** Another order date, so many days from the present one. Only while the lead is a success. */
  | { readonly kind: 'move-order'; readonly id: number; readonly days: number }
  | { readonly kind: 'sms'; readonly sms: Sms }
  | { readonly kind: 'sms-status'; readonly id: number; readonly status: string }
);

const order: readonly OfficeEvent['kind'][] = [
  'lead',
  'sms',
  'change',
  'move-order',
  'reassign',
  'sms-status',
];

/** By time, then so that the outcome does not depend on when the events were planned. */
export function compareEvents(a: OfficeEvent, b: OfficeEvent): number {
  return a.at - b.at || targetOf(a) - targetOf(b) || order.indexOf(a.kind) - order.indexOf(b.kind);
}

function targetOf(event: OfficeEvent): number {
  if (event.kind === 'lead') return event.lead.id;
  return event.kind === 'sms' ? event.sms.id : event.id;
}
