import { describe, expect, it } from 'vitest';
import { archiveOld } from '../../../src/main/deals/archive/move-archive.ts';
import { traceLead } from '../../../src/main/deals/why/trace-lead.ts';
import { readTrace, type LeadTrace } from '../../../src/main/deals/why/why-store.ts';
import { decideOpen, minute, queueCase, undo } from '../decision-steps.ts';
import { addDeals, usePassOffice, type PassOffice } from '../pass-office.ts';

const office = usePassOffice();
const zone = 'Europe/Stockholm';

async function why(at: PassOffice, lead: { id: number } | string) {
  const id = typeof lead === 'string' ? lead : String(lead.id);
  return traceLead(id, await readTrace(at.database, id), { now: at.clock.now(), zone });
}
const kindsOf = (view: { steps: { kind: string }[] }) => view.steps.map((step) => step.kind);

describe('why a deal is on the board', () => {
  it('tells its first sight, its updates and the day on which it counts', async () => {
    const { it: at } = office;
    const [lead] = addDeals(at, 1);
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead!.id, { commission: '777' });
    await at.window();
    const view = await why(at, lead!);
    expect(view).toMatchObject({ verdict: 'counts', waiting: false });
    expect(view.counts).toMatchObject([{ deal_id: 1, commission: 777, archived: false }]);
    expect(view.steps).toMatchObject([
      { kind: 'seen', at: '2026-11-16T11:00:00.000Z', deal_id: 1 },
      { kind: 'updated', at: '2026-11-16T11:01:00.000Z', commission: 777, details: ['commission'] },
    ]);
    expect(view.last_looked).not.toBeNull();
  });

  it.each([
    ['approve', 2, ['seen', 'case-opened', 'decided']],
    ['replace', 1, ['seen', 'case-opened', 'decided']],
    ['merge', 1, ['seen', 'case-opened', 'decided']],
    ['reject', 1, ['seen', 'case-opened', 'decided']],
  ] as const)('after %s says who decided, once, and what counts', async (action, count, kinds) => {
    const { it: at } = office;
    const lead = await queueCase(at);
    expect(await why(at, lead)).toMatchObject({ verdict: 'counts', waiting: true });
    at.pass(minute);
    const decided = await decideOpen(at, action, { note: 'asked Ben' });
    const view = await why(at, lead);
    expect(kindsOf(view)).toEqual(kinds);
    expect(view.steps.at(-1)).toMatchObject({ by: 'anna', note: 'asked Ben', details: [action] });
    expect(view.counts).toHaveLength(count);
    expect(view.counts.every((deal) => deal.periods.includes('today'))).toBe(true);
    at.pass(minute);
    await undo(at, decided);
    const undone = await why(at, lead);
    expect(kindsOf(undone)).toEqual([...kinds, 'undone']);
    expect(undone).toMatchObject({ verdict: 'counts', waiting: true });
    expect(undone.counts).toHaveLength(1);
  });

  it('counts archived deals, and says when they were archived', async () => {
    const { it: at } = office;
    const [lead] = addDeals(at, 1);
    await at.window();
    at.clock.advance(400 * 86_400_000);
    const { database, clock, deps } = at;
    await archiveOld({ database, clock, permits: deps, waitMs: 0 }, clock.now());
    const view = await why(at, lead!);
    expect(view).toMatchObject({ verdict: 'counts', counts: [{ archived: true, periods: [] }] });
    expect(kindsOf(view)).toEqual(['seen', 'archived']);
  });
});

describe('why a deal is not on the board', () => {
  it('was removed upstream, held back first', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 6);
    await at.window();
    at.pass(minute);
    for (const lead of leads.slice(0, 4)) at.vendor.state.remove(lead.id);
    await at.window();
    expect(await why(at, leads[0]!)).toMatchObject({ verdict: 'counts' });
    expect(kindsOf(await why(at, leads[0]!))).toEqual(['seen', 'held']);
    at.pass(minute);
    await at.decide(1, 'accept');
    const view = await why(at, leads[0]!);
    expect(view).toMatchObject({ verdict: 'removed', counts: [] });
    expect(kindsOf(view)).toEqual(['seen', 'removed']);
    expect(view.steps.at(-1)).toMatchObject({ details: ['accepted'] });
  });

  it('could not be read', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ commission: 'much' });
    await at.window();
    expect(await why(at, lead)).toMatchObject({
      verdict: 'rejected',
      counts: [],
      steps: [{ kind: 'rejected', details: ['commission'] }],
    });
  });

  it('was never read', async () => {
    expect(await why(office.it, '404')).toEqual({
      lead_id: '404',
      verdict: 'unknown',
      waiting: false,
      counts: [],
      steps: [],
      last_looked: null,
    });
  });

  it('waits for a decision without a deal, or another counts in its place', () => {
    const nothing: LeadTrace = {
      ...{ deals: [], history: [], cases: [], decisions: [], rejected: [], holds: [] },
      ...{ missed: [], names: [], lastLooked: null },
    };
    const at = { now: new Date('2026-11-16T11:00:00Z'), zone };
    const waits = {
      ...{ id: 1, reasons: [], detected_at: '2026-11-16T10:00:00Z', resolved_at: null },
      ...{ new_user_id: 1, new_commission: null, new_order_date: '2026-11-16T10:00:00Z', new_deal_id: null },
    };
    const trace = { ...nothing, cases: [{ ...waits, status: 'pending' as const }] };
    expect(traceLead('1', trace, at)).toMatchObject({ verdict: 'waiting', waiting: true });
  });
});
