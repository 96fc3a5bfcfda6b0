import type { RejectReason } from '../../shared/contract/mapping-codes.ts';
import { cleanText, describeValue } from './clean-text.ts';
import { countUnknownFields, type MappingSettings } from './map-lead.ts';
import { readStamp } from './read-stamp.ts';
import { isRecord, readAgentId, readId, unreadable } from './read-value.ts';
import { looksLikeStamp, rejectRecord, type Rejection } from './reject-record.ts';

/** One message that was sent, without its text. */
export interface SmsFact {
  id: string;
  userId: number;
  /** A telephone number: digits, perhaps a + before them. */
  receiver: string;
  timestamp: Date;
  campaignId: string | null;
  leadId: string | null;
  /** Whatever the vendor says ('sent', 'delivered', …); boards count 'delivered'. */
  status: string | null;
}

export type MappedSms =
  | { kind: 'sms'; fact: SmsFact; ignoredFields: number }
  | { kind: 'not-outbound' }
  | { kind: 'rejected'; rejection: Rejection };

const knownFields: ReadonlySet<string> = new Set([
  ...[
    'id',
    'type',
    'timestamp',
    'sender',
    'receiver',
    'content',
    'userId',
    'leadId',
    'campaignId',
    'units',
    'status',
  ],
]);

/** Reads one message (D2). Never throws; its text, sender and a rejected receiver never leave this function. */
export function mapSms(record: unknown, settings: Pick<MappingSettings, 'vendorZone'>): MappedSms {
  if (!isRecord(record)) return reject(record, 'record', describeValue(record));
  const { type, status } = record;
  if (typeof type === 'string' && type !== 'outbound') return { kind: 'not-outbound' };
  const id = readId(record['id']);
  if (id === null) return reject(record, 'id', describeValue(record['id']));
  if (typeof type !== 'string') return reject(record, 'type', describeValue(type));
  const userId = readAgentId(record['userId']);
  if (userId === null) return reject(record, 'no-agent', null);
  if (userId === unreadable) return reject(record, 'bad-agent', describeValue(record['userId']));
  const receiver = readReceiver(record['receiver']);
  if (receiver === null) return reject(record, 'receiver', describeText(record['receiver']));
  const timestamp = readStamp(record['timestamp'], settings.vendorZone);
  if (timestamp === null) return reject(record, 'timestamp', describeStamp(record['timestamp']));
  const fact: SmsFact = {
    id,
    userId,
    receiver,
    timestamp,
    campaignId: readId(record['campaignId']),
    leadId: readId(record['leadId']),
    status: typeof status === 'string' ? cleanText(status, 40) || null : null,
  };
  return { kind: 'sms', fact, ignoredFields: countUnknownFields(record, knownFields) };
}

// People's phones put invisible direction marks and many kinds of hyphen into a pasted number.
const decoration = /[\s()\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The same number is always the same text, so that distinct receivers can be counted. */
function readReceiver(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== 'string' || value.length > 100) return null;
  const number = value.replace(decoration, '');
  return /^\+?\d{1,20}$/.test(number) ? number : null;
}

function describeStamp(value: unknown): string {
  return looksLikeStamp(value) ? value : describeValue(value);
}

/** A receiver is personal, even one of the wrong type. */
function describeText(value: unknown): string {
  return typeof value === 'number' ? 'number' : describeValue(value);
}

function reject(record: unknown, reason: RejectReason, detail: string | null): MappedSms {
  return { kind: 'rejected', rejection: rejectRecord(record, reason, detail) };
}
