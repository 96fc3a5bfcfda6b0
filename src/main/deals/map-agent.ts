import type { RejectReason } from '../../shared/contract/mapping-codes.ts';
import { cleanText, describeValue } from './clean-text.ts';
import { isRecord, readAgentId, readId, unreadable } from './read-value.ts';
import { rejectRecord, type Rejection } from './reject-record.ts';

/** Who a salesperson is, as far as boards need it. */
export interface AgentFact {
  userId: number;
  /** Null: the vendor gives none. */
  name: string | null;
  groupId: string | null;
  groupName: string | null;
  active: boolean;
}

export type MappedAgent = { kind: 'agent'; fact: AgentFact } | { kind: 'rejected'; rejection: Rejection };

/** A campaign's name by its id. */
export interface CampaignFact {
  id: string;
  name: string | null;
}

const maxNameLength = 200;

/** Reads one user of the vendor. Never throws; an address or telephone number never leaves this function. */
export function mapUser(record: unknown): MappedAgent {
  if (!isRecord(record)) return reject(record, 'record', describeValue(record));
  const userId = readAgentId(record['id']);
  if (userId === null || userId === unreadable) return reject(record, 'id', describeValue(record['id']));
  const group = isRecord(record['group']) ? record['group'] : {};
  const fact: AgentFact = {
    userId,
    name: readName(record['displayName']) ?? readName(record['name']) ?? readFullName(record),
    groupId: readId(group['id']),
    groupName: readName(group['name']),
    active: record['active'] !== false,
  };
  return { kind: 'agent', fact };
}

/** Reads one campaign, its name under `settings.name` or `name`; null where there is no readable id. */
export function mapCampaign(record: unknown): CampaignFact | null {
  if (!isRecord(record)) return null;
  const id = readId(record['id']);
  if (id === null) return null;
  const settings = isRecord(record['settings']) ? record['settings'] : {};
  return { id, name: readName(settings['name']) ?? readName(record['name']) };
}

function readFullName(record: Record<string, unknown>): string | null {
  const parts = [readName(record['firstname']), readName(record['lastname'])].filter((part) => part !== null);
  return parts.length > 0 ? cleanText(parts.join(' '), maxNameLength) : null;
}

function readName(value: unknown): string | null {
  return typeof value === 'string' ? cleanText(value, maxNameLength) || null : null;
}

function reject(record: unknown, reason: RejectReason, detail: string | null): MappedAgent {
  return { kind: 'rejected', rejection: rejectRecord(record, reason, detail) };
}
