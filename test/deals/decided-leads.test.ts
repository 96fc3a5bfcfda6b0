import { describe, expect, it } from 'vitest';
import type { DuplicateAction } from '../../src/shared/contract/duplicates.ts';
import {
  ann,
  ben,
  cia,
  dealsOf,
  decideOpen,
  minute,
  openCase,
  queueCase,
  writtenDeals,
} from './decision-steps.ts';
import { addDeals, restore, usePassOffice } from './pass-office.ts';

/* What passes do to a lead that a person has decided about. */

const office = usePassOffice();
const actions: DuplicateAction[] = ['approve', 'replace', 'merge', 'reject'];
const added: DuplicateAction[] = ['approve', 'replace'];
const warnings = () =>
  office.it.one<number>(`select count(*)::int from system_health_logs where event_type = 'WARNING'`);

describe.each(actions)('after %s', (action) => {
  it('the same state is settled: passes write no deal and queue nothing', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, action);
    const written = await writtenDeals(at);
    for (const pass of ['window', 'delta'] as const) {
      expect(await at[pass]()).toMatchObject({ inserted: 0, updated: 0, removed: 0, held: 0, unchanged: 1 });
    }
    expect(await writtenDeals(at)).toEqual(written);
    expect(await at.pending()).toEqual([]);
  });

  it('a moved stamp with the same content is noted on the following deal alone', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    await decideOpen(at, action);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, {});
    expect(await at.window()).toMatchObject({ inserted: 0, updated: 0, held: 0, unchanged: 1 });
    const stamps = (await at.deals()).map((deal) => [
      deal.follows,
      deal.upstream_updated_at.toISOString().slice(11, 16),
    ]);
    expect(stamps).toEqual(
      added.includes(action)
        ? [
            [false, '11:01'],
            [true, '11:02'],
          ]
        : [[true, '11:02']],
    );
  });

  it('a later commission goes to the deal that is upstream’s, or is a question where none is', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    await decideOpen(at, action);
    const [old] = await at.deals();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '300' });
    const pass = await at.window();
    if (added.includes(action)) {
      expect(pass).toMatchObject({ updated: 1, held: 0 });
      expect(await at.deals()).toMatchObject([old!, { commission: '300.00', follows: true, version: 2 }]);
    } else {
      // The following deal is still Ann's; upstream says Ben, in a state that nobody has decided about.
      expect(pass).toMatchObject({ updated: 0, held: 1 });
      expect(await openCase(at)).toMatchObject({ new_commission: '300.00', existing_deal_id: old!.id });
    }
  });

  it('a further agent is a new case beside the deal that follows', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const first = await decideOpen(at, action);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia });
    expect(await at.window()).toMatchObject({ updated: 0, inserted: 0, held: 1 });
    const follows = (await at.deals()).find((deal) => deal.follows)!;
    const next = await openCase(at);
    expect(next).toMatchObject({ new_user_id: cia, existing_deal_id: follows.id });
    expect(next.id).not.toBe(first.id);
  });

  it('upstream going back is a new case, or nothing where nothing was taken over', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    await decideOpen(at, action);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, {
      agentId: ann,
      commission: '100',
      multiDeals: '1',
      orderDate: new Date('2026-11-16T08:00:00Z'),
    });
    expect(await at.window()).toMatchObject({ updated: 0, inserted: 0, held: action === 'reject' ? 0 : 1 });
    expect(await at.pending()).toMatchObject(action === 'reject' ? [] : [{ new_user_id: ann }]);
  });

  it('a vanished lead takes the following deal with it; a kept one stays, and a warning asks a person', async () => {
    const { it: at } = office;
    addDeals(at, 5);
    const lead = await queueCase(at);
    await decideOpen(at, action);
    at.pass(minute);
    at.vendor.state.remove(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1, held: 0 });
    const left = await dealsOf(at, lead);
    if (added.includes(action)) {
      expect(left).toMatchObject([
        { user_id: ann, follows: false, is_duplicate: action === 'replace', replaced_by: null },
      ]);
      expect(await warnings()).toBe(1);
    } else {
      expect(left).toEqual([]);
      expect(await warnings()).toBe(0);
    }
    expect(await at.window()).toMatchObject({ removed: 0, held: 0 });
    // Back in the very state that was decided: what a person counted is counted again.
    at.pass(minute);
    restore(at, lead, { multiDeals: '2' });
    expect(await at.window()).toMatchObject({ inserted: 1, held: 0 });
    expect((await dealsOf(at, lead)).at(-1)).toMatchObject({
      user_id: ben,
      commission: '250.50',
      follows: true,
    });
  });
});

describe('what a person chose of a state', () => {
  async function otherDate() {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({
      agentId: ann,
      commission: '100',
      multiDeals: '1',
      orderDate: '2026-11-10',
    });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '200', multiDeals: '3', orderDate: '2026-11-11' });
    await at.window();
    return lead;
  }

  it('stands against passes that would bring the rest of it, until upstream changes', async () => {
    const { it: at } = office;
    const lead = await otherDate();
    await decideOpen(at, 'merge', { fields: ['order_date'] });
    const written = await writtenDeals(at);
    for (let pass = 0; pass < 2; pass++)
      expect(await at.window()).toMatchObject({ updated: 0, held: 0, unchanged: 1 });
    expect(await writtenDeals(at)).toEqual(written);
    expect(await at.deals()).toMatchObject([{ commission: '100.00', multi_deals: 1, version: 2 }]);

    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '210' });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.deals()).toMatchObject([{ commission: '210.00', multi_deals: 3 }]);
    // Back in the decided state, but of a deal that has gone on since: it follows.
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '200' });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.deals()).toMatchObject([{ commission: '200.00', multi_deals: 3 }]);
  });

  it('stands also when the office no longer asks about what was rejected', async () => {
    const { it: at } = office;
    at.settings.commissionChangeIsDuplicate = true;
    const lead = at.vendor.state.addLead({ agentId: ann, commission: '100' });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '200' });
    await at.window();
    await decideOpen(at, 'reject');
    at.settings.commissionChangeIsDuplicate = false;
    expect(await at.window()).toMatchObject({ updated: 0, held: 0, unchanged: 1 });
    expect(await at.deals()).toMatchObject([{ commission: '100.00' }]);
  });

  it('is asked anew when upstream moved on and the decision was undone', async () => {
    const { it: at } = office;
    const lead = await otherDate();
    await decideOpen(at, 'reject');
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { orderDate: '2026-11-12' });
    expect(await at.window()).toMatchObject({ held: 1 });
    expect(await openCase(at)).toMatchObject({ reasons: ['order_date'], new_commission: '200.00' });
  });
});
