import type { OfficeSettings } from '../../shared/contract/settings.ts';
import { mapLead, type LeadFact, type MappedLead, type MappingSettings } from './map-lead.ts';
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

/** Records mapped, or mapped ones gathered, before main gets to answer others. */
const mappedPerTurn = 200;
const gatheredPerTurn = 5_000;

/** Maps a page of records without holding up the main thread. */
export async function mapPage(records: readonly unknown[], settings: MappingSettings): Promise<MappedLead[]> {
  const mapped: MappedLead[] = [];
  for (const record of records) {
    mapped.push(mapLead(record, settings));
    if (mapped.length % mappedPerTurn === 0) await nextTurn();
  }
  return mapped;
}

/** Of two readings of one lead the one with the newer stamp is the truth; one without a stamp is never newer. */
export function isNewerLead(known: MappedLead, next: MappedLead): boolean {
  return known.kind === 'deal' && next.kind === 'deal' && known.fact.updatedAt > next.fact.updatedAt;
}

/** Puts mapped records together without holding up the main thread. */
export async function gatherMapped(
  mapped: readonly MappedLead[],
  settings: MappingSettings,
): Promise<MappedLeads> {
  const gathered = gatherLeads(settings);
  for (let at = 0; at < mapped.length; at += gatheredPerTurn) {
    for (const lead of mapped.slice(at, at + gatheredPerTurn)) gathered.add(lead);
    if (at + gatheredPerTurn < mapped.length) await nextTurn();
  }
  return gathered.result();
}

/** Maps many records without holding up the main thread. */
export async function mapAll(records: readonly unknown[], settings: MappingSettings): Promise<MappedLeads> {
  return gatherMapped(await mapPage(records, settings), settings);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Maps a few records at once. */
export function mapLeads(records: readonly unknown[], settings: MappingSettings): MappedLeads {
  const gathered = gatherLeads(settings);
  for (const record of records) gathered.add(mapLead(record, settings));
  return gathered.result();
}

function gatherLeads(settings: MappingSettings) {
  const facts = new Map<string, LeadFact>();
  const rejected = new Map<string, RejectedFact>();
  let newestStamp: Date | null = null;
  let ignoredFields = 0;
  return {
    add(mapped: MappedLead) {
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
      for (const key of [...rejected.keys()]) if (facts.has(key)) rejected.delete(key);
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

/**
 * The office's settings as the mapping needs them. `updatedField`: the stamp that the vendor filters by, where it took
 * another name than the setting's; a lead may carry both, and what is stored has to be what ranges are read by.
 */
export function mappingSettings(
  settings: OfficeSettings,
  updatedField: MappingSettings['updatedField'] = settings.updatedField,
): MappingSettings {
  return {
    commissionField: settings.commissionField,
    multiDealsField: settings.multiDealsField,
    orderDateField: settings.orderDateField,
    vendorZone: settings.vendorTimeZone ?? settings.timeZone,
    officeZone: settings.timeZone,
    updatedField,
  };
}
