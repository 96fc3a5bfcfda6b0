import type { NoteCode } from '../../../shared/contract/mapping-codes.ts';
import { cleanText, describeValue, shortenValue } from '../clean-text.ts';
import type { LeadFact } from '../map-lead.ts';
import { mapSms, type SmsFact } from '../map-sms.ts';
import { readCommission } from '../read-commission.ts';
import { readOrderDate } from '../read-order-date.ts';
import { isRecord, readAgentId, readCount, readId, unreadable } from '../read-value.ts';
import type { LegacyRejectReason } from '../../../shared/contract/legacy.ts';

/** A record that cannot be imported; `key` names it where it has a readable id. */
export interface LegacyRejection {
  reason: LegacyRejectReason;
  key: string | null;
  /** The value at fault, shortened; null where there is none to show. */
  detail: string | null;
}

export type LegacyDeal = Omit<LeadFact, 'orderDate' | 'updatedAt'> & { orderDate: Date };
export type MappedLegacy<Fact> = { fact: Fact } | { rejection: LegacyRejection };

interface Zones {
  vendorZone: string;
  officeZone: string;
}

/**
 * Reads a deal as the old server kept it, under the same rules as a lead of the vendor. `key` is its name in a file that
 * is an object: the lead's id, and refused where the record names another.
 */
export function mapLegacyDeal(value: unknown, key: string | null, zones: Zones): MappedLegacy<LegacyDeal> {
  if (!isRecord(value)) return refuse('record', readId(key), describeValue(value));
  const leadId = readId(value['leadId'] ?? key);
  if (leadId === null || (key !== null && readId(key) !== leadId))
    return refuse('id', readId(key), describeValue(value['leadId']));
  const { status } = value;
  if (status !== 'success')
    return refuse(
      'status',
      leadId,
      typeof status === 'string' ? cleanText(status, 40) : describeValue(status),
    );
  const userId = readAgentId(value['userId']);
  if (userId === null) return refuse('no-agent', leadId, null);
  if (userId === unreadable) return refuse('bad-agent', leadId, describeValue(value['userId']));
  const commission = readCommission(value['commission']);
  if (commission === unreadable) return refuse('commission', leadId, shortenValue(value['commission']));
  const orderDate = readOrderDate(value['orderDate'], zones);
  if (orderDate === null || orderDate === unreadable)
    return refuse('order-date', leadId, orderDate === null ? null : shortenValue(value['orderDate']));
  return { fact: { leadId, userId, commission, ...restOf(value), ...dated(orderDate) } };
}

function restOf(
  value: Record<string, unknown>,
): Pick<LegacyDeal, 'campaignId' | 'multiDeals' | 'status' | 'notes'> {
  const notes: NoteCode[] = [];
  const campaignId = readId(value['campaignId']);
  if (campaignId === null && (value['campaignId'] ?? '') !== '') notes.push('campaign-name');
  const multiDeals = readCount(value['multiDeals']);
  if (multiDeals === unreadable) notes.push('multi-deals-unreadable');
  return {
    campaignId,
    multiDeals: typeof multiDeals === 'number' ? multiDeals : 1,
    status: 'success',
    notes,
  };
}

const dated = (order: { at: Date; source: 'instant' | 'day' }) => ({
  orderDate: order.at,
  orderDateSource: order.source,
});

/** Reads a message as the old server kept it: all of them were sent, so none says so. */
export function mapLegacySms(value: unknown, key: string | null, zones: Zones): MappedLegacy<SmsFact> {
  if (!isRecord(value)) return refuse('record', readId(key), describeValue(value));
  const mapped = mapSms({ type: 'outbound', ...value, id: value['id'] ?? key }, zones);
  if (mapped.kind === 'sms') return { fact: mapped.fact };
  if (mapped.kind === 'not-outbound') return refuse('type', readId(value['id']), null);
  const { reason, detail } = mapped.rejection;
  return refuse(reason, readId(value['id'] ?? key), detail);
}

function refuse(
  reason: LegacyRejectReason,
  key: string | null,
  detail: string | null,
): { rejection: LegacyRejection } {
  return { rejection: { reason, key, detail } };
}
