import { randomUUID } from 'node:crypto';
import { windowRange } from '../../../src/shared/business-day.ts';
import { officeDefaults, type OfficeSettings } from '../../../src/shared/contract/settings.ts';
import { systemClock, type Clock } from '../../../src/main/clock.ts';
import type { AdversusClient } from '../../../src/main/deals/adversus-client.ts';
import type { LeadFact } from '../../../src/main/deals/map-lead.ts';
import type { MappedLeads } from '../../../src/main/deals/map-leads.ts';
import type { PassContext } from '../../../src/main/deals/pass-context.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';
import { withPermit } from '../../../src/main/system/permits.ts';

/** The instant at which the benches' office lives: the middle of a month, so that the window holds some weeks. */
export const benchNow = new Date('2026-11-20T10:00:00Z');

export const benchSettings: OfficeSettings = {
  ...officeDefaults,
  commissionField: 'Commission',
  multiDealsField: 'Multi deals',
  orderDateField: 'Order date',
};

/** Facts of `count` deals spread over the window; the n-th is the same in every run. */
export function makeFacts(count: number, from = 1): LeadFact[] {
  const { start } = windowRange(benchNow, benchSettings.timeZone);
  const spanMs = benchNow.getTime() - start.getTime() - 3_600_000;
  return Array.from({ length: count }, (_, n) => {
    const at = start.getTime() + Math.floor((spanMs * n) / count / 1_000) * 1_000;
    return {
      leadId: String(100_000_000 + from + n),
      userId: 1_000 + (n % 200),
      campaignId: String(50 + (n % 12)),
      commission: n % 17 === 0 ? null : `${250 + (n % 90) * 50}.00`,
      multiDeals: n % 9 === 0 ? 2 : 1,
      orderDate: new Date(at - 60_000),
      orderDateSource: 'instant' as const,
      status: 'success' as const,
      updatedAt: new Date(at),
      notes: [],
    };
  });
}

/** The facts as a complete read gives them. */
export function mappedOf(facts: LeadFact[]): MappedLeads {
  return {
    facts,
    rejected: [],
    rejectedLeads: [],
    newestStamp: facts.at(-1)?.updatedAt ?? null,
    ignoredFields: 0,
    unidentified: false,
  };
}

/** Runs `work` in a pass as it really is: with a permit, which its transactions check before they commit. */
export function inPass<T>(
  database: Database,
  work: (context: PassContext) => Promise<T>,
  clock: Clock = { ...systemClock(), now: () => benchNow },
): Promise<T> {
  const deps = { database, clock, processId: randomUUID(), holder: 'bench' };
  return withPermit(deps, 'deals', { waitMs: 1_000 }, (permit) =>
    work({
      database,
      clock,
      client: noClient,
      settings: benchSettings,
      permit,
      runId: 1,
      signal: permit.signal,
      priority: 'schedule',
      maxWaitMs: 1_000,
      mostLookUps: 0,
      onStage: () => {},
    }),
  );
}

const notAsked = () => Promise.reject(new Error('this bench reads nothing from upstream'));
const noClient: AdversusClient = {
  readPage: notAsked,
  lookUpLead: notAsked,
  readCampaign: notAsked,
  updatedFieldInUse: 'lastUpdatedTime',
};
