import type { Properties } from './filters.ts';
import type { Campaign, Group, Lead, Sms, User } from './records.ts';
import type { AdversusSwitches } from './switches.ts';

/** What leads can be filtered and sorted by; only the account's own last-updated property is among them. */
export function leadProperties(stampField: AdversusSwitches['stampField']): Properties<Lead> {
  return {
    id: { kind: 'number', read: (lead) => lead.id },
    campaignId: { kind: 'number', read: (lead) => lead.campaignId },
    status: { kind: 'text', read: (lead) => lead.status },
    active: { kind: 'boolean', read: (lead) => lead.active },
    contactAttempts: { kind: 'number', read: (lead) => lead.contactAttempts },
    lastContactedBy: { kind: 'number', read: (lead) => lead.agentId },
    externalId: { kind: 'text', read: (lead) => lead.externalId },
    importedTime: { kind: 'stamp', read: (lead) => lead.importedAt },
    created: { kind: 'stamp', read: (lead) => lead.createdAt },
    nextContactTime: { kind: 'stamp', read: (lead) => lead.nextContactAt },
    [stampField]: { kind: 'stamp', read: (lead) => lead.updatedAt },
  };
}

/** `status` can be read but not filtered by. */
export const smsProperties: Properties<Sms> = {
  id: { kind: 'number', read: (sms) => sms.id, filterable: false },
  type: { kind: 'text', read: (sms) => sms.type },
  timestamp: { kind: 'stamp', read: (sms) => sms.timestamp },
  sender: { kind: 'text', read: (sms) => sms.sender },
  receiver: { kind: 'text', read: (sms) => sms.receiver },
  userId: { kind: 'number', read: (sms) => sms.userId },
  leadId: { kind: 'number', read: (sms) => sms.leadId },
  campaignId: { kind: 'number', read: (sms) => sms.campaignId },
};

export const userProperties: Properties<User> = {
  id: { kind: 'number', read: (user) => user.id },
  active: { kind: 'boolean', read: (user) => user.active },
  name: { kind: 'text', read: (user) => `${user.firstname} ${user.lastname}` },
};

export const groupProperties: Properties<Group> = {
  id: { kind: 'number', read: (group) => group.id },
  name: { kind: 'text', read: (group) => group.name },
};

export const campaignProperties: Properties<Campaign> = {
  id: { kind: 'number', read: (campaign) => campaign.id },
  active: { kind: 'boolean', read: (campaign) => campaign.active },
};
