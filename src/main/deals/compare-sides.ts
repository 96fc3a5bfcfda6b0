import { dayOf } from '../../shared/business-day.ts';
import { duplicateField, type DuplicateField } from '../../shared/contract/duplicates.ts';
import type { LeadFact } from './map-lead.ts';

/** What a deal says, whichever side of a case it stands on. */
export interface DealContent {
  userId: number;
  /** '4500.00'; null: none given. */
  commission: string | null;
  multiDeals: number;
  campaignId: string | null;
  orderDate: Date;
  orderDateSource: LeadFact['orderDateSource'];
}

/** Fields in which two deals differ, in the contract's order. */
export function differingFields(a: DealContent, b: DealContent, zone: string): DuplicateField[] {
  const differs: Record<DuplicateField, boolean> = {
    agent: a.userId !== b.userId,
    commission: a.commission !== b.commission,
    order_date: !sameOrder(a, b, zone),
    multi_deals: a.multiDeals !== b.multiDeals,
    campaign: a.campaignId !== b.campaignId,
  };
  return duplicateField.options.filter((field) => differs[field]);
}

/** Whether two order dates are the same, as passes compare them: by office day where either is a bare day. */
export function sameOrder(
  a: Pick<DealContent, 'orderDate' | 'orderDateSource'>,
  b: Pick<DealContent, 'orderDate' | 'orderDateSource'>,
  zone: string,
): boolean {
  return a.orderDateSource === 'day' || b.orderDateSource === 'day'
    ? dayOf(a.orderDate, zone) === dayOf(b.orderDate, zone)
    : a.orderDate.getTime() === b.orderDate.getTime();
}
