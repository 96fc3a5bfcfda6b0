import type { NoteCode, RejectReason } from '../../shared/contract/mapping-codes.ts';
import { cleanText, describeValue, shortenValue } from './clean-text.ts';
import { readCommission } from './read-commission.ts';
import { readCustomFields } from './read-custom-field.ts';
import { readOrderDate } from './read-order-date.ts';
import { readStamp } from './read-stamp.ts';
import {
  isBlank,
  isRecord,
  readAgentId,
  readCount,
  readId,
  unreadable,
  type Unreadable,
} from './read-value.ts';
import { looksLikeStamp, rejectRecord, type Rejection } from './reject-record.ts';

/** How one vendor account writes its leads. Fields are named by id or label; null: the account has none. */
export interface MappingSettings {
  commissionField: string | null;
  multiDealsField: string | null;
  orderDateField: string | null;
  /** The zone of stamps that come without one. */
  vendorZone: string;
  /** The zone of bare days. */
  officeZone: string;
  updatedField: 'lastUpdatedTime' | 'lastModifiedTime';
}

/** What one success lead says, checked and in our units. */
export interface LeadFact {
  leadId: string;
  userId: number;
  campaignId: string | null;
  /** '4500.00'; null: none given (yet). */
  commission: string | null;
  multiDeals: number;
  /** Null: none given, `orderDateSource` is 'fallback' and `updatedAt` stands in at first sight. */
  orderDate: Date | null;
  orderDateSource: 'instant' | 'day' | 'fallback';
  status: 'success';
  updatedAt: Date;
  notes: NoteCode[];
}

export type MappedLead =
  | { kind: 'deal'; fact: LeadFact; ignoredFields: number }
  | { kind: 'not-success'; leadId: string; status: string }
  | { kind: 'rejected'; rejection: Rejection };

const knownFields: ReadonlySet<string> = new Set([
  ...['id', 'status', 'active', 'campaignId', 'campaign', 'contactAttempts', 'externalId', 'lastContactedBy'],
  ...['lastUpdatedTime', 'lastModifiedTime', 'importedTime', 'created', 'nextContactTime'],
  ...['masterData', 'resultData'],
]);

/** Reads one lead by the account's settings (D2). Never throws, whatever the record; never guesses. */
export function mapLead(record: unknown, settings: MappingSettings): MappedLead {
  if (!isRecord(record)) return reject(record, 'record', describeValue(record));
  const leadId = readId(record['id']);
  if (leadId === null) return reject(record, 'id', describeValue(record['id']));
  const status = record['status'];
  if (typeof status !== 'string') return reject(record, 'status', describeValue(status));
  if (status !== 'success') return { kind: 'not-success', leadId, status: cleanText(status, 40) };
  const userId = readAgentId(record['lastContactedBy']);
  if (userId === null) return reject(record, 'no-agent', null);
  if (userId === unreadable) return reject(record, 'bad-agent', describeValue(record['lastContactedBy']));
  return mapSuccess(record, leadId, userId, settings);
}

function mapSuccess(
  record: Record<string, unknown>,
  leadId: string,
  userId: number,
  settings: MappingSettings,
): MappedLead {
  const { commissionField, multiDealsField, orderDateField } = settings;
  const fields = readCustomFields(record, [commissionField, multiDealsField, orderDateField]);
  if (fields === unreadable) return reject(record, 'bad-fields', describeLists(record));
  const [commissionValue, multiDealsValue, orderDateValue] = fields.values;
  const commission = readCommission(commissionValue);
  if (commission === unreadable) return rejectField(record, 'commission', commissionField, commissionValue);
  const orderDate = readOrderDate(orderDateValue, settings);
  if (orderDate === unreadable) return rejectField(record, 'order-date', orderDateField, orderDateValue);
  const updatedAt = readUpdated(record, settings);
  if (updatedAt === null) return reject(record, 'updated', describeUpdated(record, settings));
  const campaignId = readCampaignId(record);
  const multiDeals = readCount(multiDealsValue);
  const notes: NoteCode[] = [];
  if (campaignId === unreadable) notes.push('campaign-name');
  if (multiDeals === unreadable) notes.push('multi-deals-unreadable');
  if (orderDate === null) notes.push('order-date-missing');
  const fact: LeadFact = {
    leadId,
    userId,
    campaignId: campaignId === unreadable ? null : campaignId,
    commission,
    multiDeals: typeof multiDeals === 'number' ? multiDeals : 1,
    orderDate: orderDate?.at ?? null,
    orderDateSource: orderDate?.source ?? 'fallback',
    status: 'success',
    updatedAt,
    notes,
  };
  return { kind: 'deal', fact, ignoredFields: countUnknownFields(record, knownFields) + fields.malformed };
}

/** How many names of a record its mapping does not know; counted, never a reason to reject. */
export function countUnknownFields(record: Record<string, unknown>, known: ReadonlySet<string>): number {
  let unknown = 0;
  for (const name of Object.keys(record)) if (!known.has(name)) unknown += 1;
  return unknown;
}

/** The id, or the one inside `campaign`: the vendor sometimes sends the campaign's name as `campaignId`. */
function readCampaignId(record: Record<string, unknown>): string | null | Unreadable {
  const { campaignId, campaign } = record;
  const id = readId(campaignId) ?? (isRecord(campaign) ? readId(campaign['id']) : null);
  if (id !== null) return id;
  return isBlank(campaignId) && isBlank(campaign) ? null : unreadable;
}

/** The account's last-updated field; the other one only where the first is not given. */
function updatedValue(record: Record<string, unknown>, settings: MappingSettings): unknown {
  const other = settings.updatedField === 'lastUpdatedTime' ? 'lastModifiedTime' : 'lastUpdatedTime';
  const value = record[settings.updatedField];
  return isBlank(value) ? record[other] : value;
}

function readUpdated(record: Record<string, unknown>, settings: MappingSettings): Date | null {
  return readStamp(updatedValue(record, settings), settings.vendorZone);
}

function describeUpdated(record: Record<string, unknown>, settings: MappingSettings): string {
  const value = updatedValue(record, settings);
  return looksLikeStamp(value) ? value : describeValue(value);
}

function describeLists(record: Record<string, unknown>): string {
  return `resultData ${describeValue(record['resultData'])}, masterData ${describeValue(record['masterData'])}`;
}

function reject(record: unknown, reason: RejectReason, detail: string | null): MappedLead {
  return { kind: 'rejected', rejection: rejectRecord(record, reason, detail) };
}

/** Shows the value of the configured field: a person must see it to put it right upstream. */
function rejectField(
  record: unknown,
  reason: RejectReason,
  field: string | null,
  found: unknown,
): MappedLead {
  const value = shortenValue(found);
  return { kind: 'rejected', rejection: rejectRecord(record, reason, value, { field: field ?? '', value }) };
}
