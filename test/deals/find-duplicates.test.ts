import { describe, expect, it } from 'vitest';
import { decideSuspect, type Suspect } from '../../src/main/deals/find-duplicates.ts';
import { usePassOffice, type PassOffice } from './pass-office.ts';

const minute = 60_000;
const ann = 41001;
const ben = 41002;
const cia = 41003;

const suspect = (changes: Partial<Suspect>): Suspect => ({
  fact: {
    leadId: '1',
    userId: ben,
    campaignId: null,
    commission: null,
    multiDeals: 1,
    orderDate: null,
    orderDateSource: 'fallback',
    status: 'success',
    updatedAt: new Date(0),
    notes: [],
  },
  stateKey: 'b',
  reasons: ['agent'],
  follows: true,
  existingDealId: 1,
  pending: null,
  decided: false,
  ...changes,
});

describe('the decision about a suspect', () => {
  it.each([
    ['is opened where nothing waits yet', {}, 'open'],
    ['waits while upstream stays as it is', { pending: { id: 7, stateKey: 'b' } }, 'waiting'],
    ['is revised when upstream moved on', { pending: { id: 7, stateKey: 'a' } }, 'revise'],
    [
      'is withdrawn when nothing differs any more',
      { reasons: [], pending: { id: 7, stateKey: 'a' } },
      'withdraw',
    ],
    [
      'is withdrawn when upstream is in a decided state',
      { decided: true, pending: { id: 7, stateKey: 'a' } },
      'withdraw',
    ],
    ['is settled when a person has decided that state', { decided: true }, 'settled'],
    ['is settled where nothing differs', { reasons: [] }, 'settled'],
  ] as const)('%s', (_name, changes, expected) => {
    expect(decideSuspect(suspect(changes as Partial<Suspect>)).kind).toBe(expected);
  });
});

describe('another agent or order date', () => {
  const office = usePassOffice();

  it('waits for a person, and nothing of it is applied', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann, commission: '100', multiDeals: '1' });
    await at.window();
    const before = await at.deal(lead);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: ben, commission: '250.5', multiDeals: '3' });
    expect(await at.delta()).toMatchObject({
      held: 1,
      updated: 0,
      inserted: 0,
      unchanged: 0,
      removalsHeld: false,
    });
    expect(await at.deal(lead)).toEqual({ ...before, upstream_updated_at: new Date('2026-11-16T11:01:00Z') });
    expect(await at.pending()).toMatchObject([
      {
        lead_id: String(lead.id),
        existing_deal_id: before!.id,
        new_user_id: ben,
        new_commission: '250.50',
        new_multi_deals: 3,
        new_order_date: before!.order_date,
        new_status: 'success',
        new_campaign_id: before!.campaign_id,
        reasons: ['agent'],
        version: 1,
        detected_at: new Date('2026-11-16T11:01:00Z'),
        new_data: { leadId: String(lead.id), userId: ben, commission: '250.50', multiDeals: 3 },
      },
    ]);
    expect(await at.rows('select * from deal_history')).toEqual([]);
  });

  it('is queued once, however often it is seen', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    for (let pass = 0; pass < 2; pass++) expect(await at.window()).toMatchObject({ held: 1, updated: 0 });
    expect(await at.pending()).toMatchObject([{ version: 1 }]);
  });

  it('is revised when upstream changes again, in details too', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    at.vendor.state.patchLead(lead.id, { commission: '75' });
    expect(await at.window()).toMatchObject({ held: 1 });
    at.vendor.state.patchLead(lead.id, { agentId: cia, orderDate: new Date('2026-11-01T10:00:00Z') });
    expect(await at.window()).toMatchObject({ held: 1 });
    expect(await at.pending()).toMatchObject([
      { version: 3, new_user_id: cia, new_commission: '75.00', reasons: ['agent', 'order_date'] },
    ]);
    expect(await at.deal(lead)).toMatchObject({ user_id: ann, commission: null });
  });

  it('is withdrawn when upstream goes back, with what else changed applied', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    at.vendor.state.patchLead(lead.id, { agentId: ann, commission: '9' });
    expect(await at.window()).toMatchObject({ held: 0, updated: 1 });
    expect(await at.pending()).toEqual([]);
    expect(await at.pending('withdrawn')).toMatchObject([{ version: 2, resolution: null }]);
    expect(await at.deal(lead)).toMatchObject({ user_id: ann, commission: '9.00' });
    at.vendor.state.reassign(lead.id, ben);
    expect(await at.window()).toMatchObject({ held: 1 });
    expect(await at.pending()).toHaveLength(1);
  });

  it('is withdrawn when the lead vanishes, and the deal removed', async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(20);
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    at.vendor.state.revoke(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1, held: 0 });
    expect(await at.pending()).toEqual([]);
    expect(await at.pending('withdrawn')).toMatchObject([{ existing_deal_id: null }]);
  });
});

describe('a decided state', () => {
  const office = usePassOffice();

  it('is never queued again, a further, different one is', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    await resolve(at, 'rejected');
    for (let pass = 0; pass < 2; pass++) {
      at.pass(minute);
      at.vendor.state.patchLead(lead.id, {});
      expect(await at.window()).toMatchObject({ held: 0, updated: 0, unchanged: 1, removed: 0 });
    }
    expect(await at.pending()).toEqual([]);
    at.vendor.state.reassign(lead.id, cia);
    expect(await at.window()).toMatchObject({ held: 1 });
    at.vendor.state.reassign(lead.id, ben);
    expect(await at.window()).toMatchObject({ held: 0 });
    expect(await at.pending()).toEqual([]);
    expect(await at.deal(lead)).toMatchObject({ user_id: ann });
  });
});

describe('from one commission to another', () => {
  const office = usePassOffice({ settings: { commissionChangeIsDuplicate: true } });

  it('waits for a person where the office wants that, but the first commission does not', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ commission: '0' });
    await at.window();
    at.vendor.state.patchLead(lead.id, { commission: '100' });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    at.vendor.state.patchLead(lead.id, { commission: '100.00' });
    expect(await at.window()).toMatchObject({ updated: 0, held: 0 });
    at.vendor.state.patchLead(lead.id, { commission: '200' });
    expect(await at.window()).toMatchObject({ updated: 0, held: 1 });
    expect(await at.pending()).toMatchObject([{ reasons: ['commission'], new_commission: '200.00' }]);
    at.vendor.state.patchLead(lead.id, { commission: null });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.pending()).toEqual([]);
  });
});

describe('rows that a person kept', () => {
  const office = usePassOffice();

  it('stay as they are when their lead vanishes, and a warning asks a person', async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(20);
    const lead = at.vendor.state.addLead({ agentId: ann, commission: '10' });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    await keepBoth(at, lead.id);
    const kept = (await at.rows('select * from deals where not follows'))[0];
    expect(await at.window()).toMatchObject({ held: 0, unchanged: 21 });
    at.vendor.state.patchLead(lead.id, { commission: '11' });
    expect(await at.window()).toMatchObject({ held: 0, updated: 1 });
    at.vendor.state.remove(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1 });
    expect(await at.rows('select * from deals where lead_id = $1', [String(lead.id)])).toEqual([kept]);
    expect(await at.rows('select event_type, metadata from system_health_logs')).toMatchObject([
      { event_type: 'WARNING', metadata: { kind: 'kept-without-lead', leadIds: [String(lead.id)] } },
    ]);
    // Said once.
    await at.window();
    expect(await at.one('select count(*)::int from system_health_logs')).toBe(1);
  });

  it("make a lead that comes back as somebody else's a question again", async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(20);
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    await keepBoth(at, lead.id);
    at.vendor.state.revoke(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1 });
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { status: 'success', agentId: cia });
    expect(await at.window()).toMatchObject({ inserted: 0, held: 1 });
    expect(await at.pending()).toMatchObject([{ reasons: ['agent'], new_user_id: cia }]);
    at.pass(minute);
    at.vendor.state.revoke(lead.id);
    await at.window();
    at.vendor.state.patchLead(lead.id, { status: 'success', agentId: ann });
    expect(await at.window()).toMatchObject({ inserted: 0, held: 0, unchanged: 21 });
    expect(await at.pending()).toEqual([]);
  });

  it.each(['approved', 'replaced'] as const)(
    'do not swallow a deal that comes back in the state that was %s',
    async (resolution) => {
      const { it: at } = office;
      at.vendor.state.addLeads(20);
      const lead = at.vendor.state.addLead({ agentId: ann });
      await at.window();
      at.vendor.state.reassign(lead.id, ben);
      await at.window();
      await keepBoth(at, lead.id, resolution);
      at.vendor.state.revoke(lead.id);
      await at.window();
      at.pass(minute);
      at.vendor.state.patchLead(lead.id, { status: 'success' });
      expect(await at.window()).toMatchObject({ inserted: 1, held: 0 });
      expect(await at.deal(lead)).toMatchObject({ user_id: ben });
    },
  );

  it('that were replaced stay when the row that replaced them goes', async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(20);
    const lead = at.vendor.state.addLead({ agentId: ann });
    await at.window();
    at.vendor.state.reassign(lead.id, ben);
    await at.window();
    await keepBoth(at, lead.id, 'replaced');
    expect(await at.one('select replaced_by is not null from deals where not follows')).toBe(true);
    at.vendor.state.revoke(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1 });
    expect(
      await at.rows('select is_duplicate, replaced_by, follows from deals where lead_id = $1', [
        String(lead.id),
      ]),
    ).toEqual([{ is_duplicate: true, replaced_by: null, follows: false }]);
    expect(await at.one(`select count(*)::int from system_health_logs where event_type = 'WARNING'`)).toBe(1);
  });
});

async function resolve(at: PassOffice, resolution: string): Promise<void> {
  await at.rows(
    `update pending_duplicates set status = 'resolved', resolution = $1, resolved_by = 'anna', resolved_at = now(),
            version = version + 1 where status = 'pending'`,
    [resolution],
  );
}

/** What approving (or replacing) does: the old row is frozen, the new one follows. */
async function keepBoth(at: PassOffice, leadId: number, resolution = 'approved'): Promise<void> {
  await at.rows('update deals set follows = false, is_duplicate = $2 where lead_id = $1', [
    String(leadId),
    resolution === 'replaced' ? 'true' : 'false',
  ]);
  const id = await at.one<number>(
    `insert into deals (lead_id, user_id, commission, multi_deals, order_date, order_date_source, campaign_id, status, upstream_updated_at)
     select lead_id, new_user_id, new_commission, new_multi_deals, new_order_date, 'instant', new_campaign_id, new_status,
            (new_data->>'updatedAt')::timestamptz
       from pending_duplicates where lead_id = $1 and status = 'pending' returning id`,
    [String(leadId)],
  );
  if (resolution === 'replaced')
    await at.rows('update deals set replaced_by = $2 where lead_id = $1 and not follows', [
      String(leadId),
      id,
    ]);
  await resolve(at, resolution);
}
