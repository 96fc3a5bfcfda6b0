import type { MappingSettings } from '../../src/main/deals/map-lead.ts';

/** How the example office has set up its fields. */
export const officeSettings: MappingSettings = {
  commissionField: '70163',
  multiDealsField: 'MultiDeals',
  orderDateField: 'Order date',
  vendorZone: 'Europe/Stockholm',
  officeZone: 'Europe/Stockholm',
  updatedField: 'lastUpdatedTime',
};

export interface VendorField {
  id?: unknown;
  label?: unknown;
  value?: unknown;
}

/** A word that stands for a customer's personal text; it must be found nowhere. */
export const canary = 'Kanariefågel Andersson';

/** The office's three fields with their values; undefined leaves a field out. */
export function resultFields(values: {
  commission?: unknown;
  multiDeals?: unknown;
  orderDate?: unknown;
}): VendorField[] {
  const fields: VendorField[] = [{ id: 70999, label: 'Kommentar', value: canary }];
  if (values.commission !== undefined)
    fields.push({ id: 70163, label: 'Provision', value: values.commission });
  if (values.multiDeals !== undefined)
    fields.push({ id: 74126, label: 'MultiDeals', value: values.multiDeals });
  if (values.orderDate !== undefined)
    fields.push({ id: 70200, label: 'Order date', value: values.orderDate });
  return fields;
}

/** A success lead as the vendor sends it; `changes` replaces its top-level fields. */
export function vendorLead(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 929473146,
    campaignId: 88231,
    contactAttempts: 3,
    lastUpdatedTime: '2026-03-18T09:15:00.000Z',
    importedTime: '2026-03-01T08:00:00.000Z',
    nextContactTime: null,
    lastContactedBy: 4711,
    status: 'success',
    active: false,
    externalId: null,
    masterData: [
      { id: 1, label: 'Namn', value: canary },
      { id: 2, label: 'Telefon', value: '070-123 45 67' },
    ],
    resultData: resultFields({
      commission: '4500.50',
      multiDeals: '2',
      orderDate: '2026-03-18T10:00:00+01:00',
    }),
    ...changes,
  };
}

/** An outbound message as the vendor sends it. */
export function vendorSms(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 55123,
    type: 'outbound',
    timestamp: '2026-03-18T10:15:00',
    sender: canary,
    receiver: '+46 (0)70-123 45 67',
    content: `Hej ${canary}`,
    userId: 4711,
    leadId: 929473146,
    campaignId: 88231,
    units: 1,
    status: 'delivered',
    ...changes,
  };
}
