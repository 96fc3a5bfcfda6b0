import { hostileText } from './hostile-texts.ts';
import { fieldIds, fieldLabels } from './people.ts';
import type { Campaign, Field, Group, Lead, OrderDate, Sms, User } from './records.ts';
import type { AdversusSwitches } from './switches.ts';

/** What rendering needs to know beside the record. */
export interface RenderContext {
  readonly switches: Readonly<AdversusSwitches>;
  /** Writes an instant as the account does. */
  readonly stamp: (instant: number) => string;
  readonly timeZone: string;
  readonly groups: readonly Group[];
  readonly campaigns: readonly Campaign[];
}

type Json = Record<string, unknown>;

/** A lead as the vendor answers it. */
export function renderLead(lead: Lead, context: RenderContext): Json {
  const { switches, stamp } = context;
  const both = switches.recordStampFields === 'both';
  const has = (field: AdversusSwitches['stampField']) => both || switches.stampField === field;
  return {
    id: lead.id,
    ...renderCampaignOf(lead, context),
    contactAttempts: lead.contactAttempts,
    ...(has('lastUpdatedTime') ? { lastUpdatedTime: stamp(lead.updatedAt) } : {}),
    ...(has('lastModifiedTime') ? { lastModifiedTime: stamp(lead.updatedAt) } : {}),
    importedTime: stamp(lead.importedAt),
    created: stamp(lead.createdAt),
    nextContactTime: lead.nextContactAt === null ? null : stamp(lead.nextContactAt),
    lastContactedBy: lead.agentId,
    status: lead.status,
    active: lead.active,
    externalId: lead.externalId,
    ...renderFields(lead, context),
    ...lead.raw,
  };
}

function renderFields(
  lead: Lead,
  { switches, stamp }: RenderContext,
): { masterData: Json[]; resultData: Json[] } {
  const field = (id: number, label: string, value: unknown): Json =>
    switches.fieldLabels ? { id, label, value } : { id, value };
  const contactName = switches.hostileTexts ? hostileText(lead.id % 10) : lead.contactName;
  const masterData = [
    field(fieldIds.name, fieldLabels.name, contactName),
    field(fieldIds.phone, fieldLabels.phone, lead.contactPhone),
  ];
  const resultData: Json[] = [];
  if (lead.commission !== null) {
    resultData.push(field(fieldIds.commission, fieldLabels.commission, lead.commission));
  }
  if (lead.multiDeals !== null) {
    const into = lead.multiDealsIn === 'masterData' ? masterData : resultData;
    into.push(field(fieldIds.multiDeals, fieldLabels.multiDeals, lead.multiDeals));
  }
  if (lead.orderDate !== null) {
    const value = writeOrderDate(lead.orderDate, stamp);
    resultData.push(field(fieldIds.orderDate, lead.orderDateLabel, value));
  }
  resultData.push(...lead.extraFields.map((extra: Field) => ({ ...extra })));
  return { masterData, resultData };
}

function writeOrderDate(date: OrderDate, stamp: RenderContext['stamp']): string {
  return date.kind === 'text' ? date.text : stamp(date.at);
}

function renderCampaignOf(lead: Lead, { switches, campaigns }: RenderContext): Json {
  const as = switches.campaignId === 'as-recorded' ? lead.campaignAs : switches.campaignId;
  const index = campaigns.findIndex((campaign) => campaign.id === lead.campaignId);
  const known = campaigns[index];
  if (as === 'id' || as === 'number' || known === undefined) return { campaignId: lead.campaignId };
  const name = switches.hostileTexts ? hostileText(index) : known.name;
  return as === 'name' ? { campaignId: name } : { campaignId: name, campaign: { id: known.id, name } };
}

export function renderSms({ timestamp, raw, ...sms }: Sms, { stamp }: RenderContext): Json {
  return { ...sms, timestamp: stamp(timestamp), ...raw };
}

export function renderUser(user: User, { switches, timeZone, groups }: RenderContext): Json {
  const group = groups.find((other) => other.id === user.groupId);
  const firstname = switches.hostileTexts ? hostileText(user.id) : user.firstname;
  const name = `${firstname} ${user.lastname}`;
  return {
    id: user.id,
    name,
    displayName: name,
    firstname,
    lastname: user.lastname,
    email: `user${user.id}@example.test`,
    active: user.active,
    admin: user.admin,
    phone: null,
    locale: 'sv_SE',
    timezone: timeZone,
    group: group === undefined ? null : { id: group.id, name: groupName(group, switches) },
    membersOf: [user.groupId],
  };
}

export function renderGroup(group: Group, { switches }: RenderContext): Json {
  return { id: group.id, name: groupName(group, switches) };
}

function groupName(group: Group, switches: Readonly<AdversusSwitches>): string {
  return switches.hostileTexts ? hostileText(group.id) : group.name;
}

export function renderCampaign(campaign: Campaign, { switches, campaigns }: RenderContext): Json {
  const name = switches.hostileTexts ? hostileText(campaigns.indexOf(campaign)) : campaign.name;
  return { id: campaign.id, active: campaign.active, settings: { name } };
}
