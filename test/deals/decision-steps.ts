import type { DuplicateAction, DuplicateField } from '../../src/shared/contract/duplicates.ts';
import { resolveDuplicate, type Decided, type DecisionDeps } from '../../src/main/deals/resolve-duplicate.ts';
import { undoDuplicate } from '../../src/main/deals/undo-duplicate.ts';
import type { Lead } from '../../src/main/sandbox/adversus/records.ts';
import type { PassOffice, StoredDeal, StoredPending } from './pass-office.ts';

export const ann = 41001;
export const ben = 41002;
export const cia = 41003;
export const minute = 60_000;

/** What a person of this office decides with. */
export function decider(at: PassOffice, actor = 'anna'): DecisionDeps {
  return {
    database: at.database,
    clock: at.clock,
    timeZone: at.settings.timeZone,
    actor,
    console: 'console 1@north',
  };
}

/** The one open case, as a person looks at it. */
export async function openCase(at: PassOffice): Promise<StoredPending> {
  const open = await at.pending();
  if (open.length !== 1) throw new Error(`${open.length} cases are open`);
  return open[0]!;
}

/** Decides the one open case. */
export async function decideOpen(
  at: PassOffice,
  action: DuplicateAction,
  more: { note?: string; fields?: DuplicateField[] } = {},
): Promise<Decided> {
  const { id, version } = await openCase(at);
  return resolveDuplicate(decider(at), { id, version, action, ...more });
}

export function undo(at: PassOffice, decided: { id: number; version: number }): Promise<Decided> {
  return undoDuplicate(decider(at, 'bertil'), decided);
}

/** A deal of Ann's whose lead then goes to Ben with another commission and order date: one open case. */
export async function queueCase(at: PassOffice): Promise<Lead> {
  const lead = at.vendor.state.addLead({
    agentId: ann,
    commission: '100',
    multiDeals: '1',
    orderDate: new Date('2026-11-16T08:00:00Z'),
  });
  await at.window();
  at.pass(minute);
  at.vendor.state.patchLead(lead.id, {
    agentId: ben,
    commission: '250.5',
    multiDeals: '2',
    orderDate: new Date('2026-11-16T09:30:00Z'),
  });
  await at.window();
  return at.vendor.state.leads.get(lead.id)!;
}

/** All deals of a lead, oldest first. */
export async function dealsOf(at: PassOffice, lead: Lead): Promise<StoredDeal[]> {
  return (await at.deals()).filter((deal) => deal.lead_id === String(lead.id));
}

/** Rows of `deals` with what says whether they were written: an untouched one keeps both. */
export function writtenDeals(at: PassOffice) {
  return at.rows('select ctid::text, xmin::text, id from deals order by id');
}
