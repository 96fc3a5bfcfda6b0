import type { OfficeSettings } from '../../shared/contract/settings.ts';
import { mapLead, type LeadFact, type MappingSettings } from './map-lead.ts';
import { readStamp } from './read-stamp.ts';
import type { RejectedFact } from './rejected-store.ts';

/** The records of one pass, mapped. Each lead once: the state with the newest stamp wins. */
export interface MappedLeads {
  facts: LeadFact[];
  rejected: RejectedFact[];
  /** Ids of leads that could not be mapped: they were seen, so they are not missing. */
  rejectedLeads: string[];
  /** True when a record does not even say which lead it is of. */
  unidentified: boolean;
  newestStamp: Date | null;
  ignoredFields: number;
}

/** Records mapped before main gets to answer others. */
const perTurn = 500;

/** Maps many records without holding up the main thread. */
export async function mapAll(records: readonly unknown[], settings: MappingSettings): Promise<MappedLeads> {
  const gathered = gatherLeads();
  for (let at = 0; at < records.length; at += perTurn) {
    for (const record of records.slice(at, at + perTurn)) gathered.add(record, settings);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return gathered.result();
}

/** Maps a few records at once. */
export function mapLeads(records: readonly unknown[], settings: MappingSettings): MappedLeads {
  const gathered = gatherLeads();
  for (const record of records) gathered.add(record, settings);
  return gathered.result();
}

function gatherLeads() {
  const facts = new Map<string, LeadFact>();
  const rejected = new Map<string, RejectedFact>();
  let newestStamp: Date | null = null;
  let ignoredFields = 0;
  return {
    add(record: unknown, settings: MappingSettings) {
      const mapped = mapLead(record, settings);
      if (mapped.kind === 'rejected') {
        rejected.set(mapped.rejection.key, {
          ...mapped.rejection,
          upstreamAt: stampOf(mapped.rejection.payload, settings),
        });
      } else if (mapped.kind === 'deal') {
        const { fact } = mapped;
        ignoredFields += mapped.ignoredFields;
        if (!newestStamp || fact.updatedAt > newestStamp) newestStamp = fact.updatedAt;
        const known = facts.get(fact.leadId);
        if (!known || fact.updatedAt >= known.updatedAt) facts.set(fact.leadId, fact);
      }
    },
    result(): MappedLeads {
      // A lead read twice, once unreadable: the readable state is applied, and it is not on the shelf.
      for (const lead of facts.keys()) rejected.delete(lead);
      return {
        facts: [...facts.values()],
        rejected: [...rejected.values()],
        rejectedLeads: [...rejected.keys()],
        unidentified: [...rejected.keys()].some((key) => !/^\d+$/.test(key)),
        newestStamp,
        ignoredFields,
      };
    },
  };
}

function stampOf(payload: Record<string, unknown>, settings: MappingSettings): Date | null {
  return readStamp(payload['lastUpdatedTime'] ?? payload['lastModifiedTime'], settings.vendorZone);
}

/** The office's settings as the mapping needs them. */
export function mappingSettings(settings: OfficeSettings): MappingSettings {
  return {
    commissionField: settings.commissionField,
    multiDealsField: settings.multiDealsField,
    orderDateField: settings.orderDateField,
    vendorZone: settings.vendorTimeZone ?? settings.timeZone,
    officeZone: settings.timeZone,
    updatedField: settings.updatedField,
  };
}
