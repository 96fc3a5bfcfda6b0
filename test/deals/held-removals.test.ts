import { describe, expect, it } from 'vitest';
import { addDeals, restore, usePassOffice, type PassOffice } from './pass-office.ts';

const minute = 60_000;

const criticals = (at: PassOffice) =>
  at.one<number>(`select count(*)::int from system_health_logs where event_type = 'CRITICAL'`);
const holds = (at: PassOffice) =>
  at.rows<{
    id: number;
    state: string;
    reason: string;
    lead_ids: string[];
    of_deals: number;
    removed: number;
  }>('select id, state, reason, lead_ids, of_deals, removed from held_removals order by id');
const lookUps = (at: PassOffice) => at.vendor.log.count((request) => /\/leads\/\d+$/.test(request.path));

describe('the delete brake of a window pass', () => {
  const office = usePassOffice();

  it('holds 21 of 100 before any look-up, with the rest applied, and removes 20 of 100', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 100);
    await at.window();
    at.pass(minute);
    for (const lead of leads.slice(0, 21)) at.vendor.state.remove(lead.id);
    at.vendor.state.addLead();
    at.vendor.state.patchLead(leads[50]!.id, { commission: '1' });
    expect(await at.window()).toMatchObject({
      inserted: 1,
      updated: 1,
      removed: 0,
      held: 21,
      removalsHeld: true,
      complete: true,
    });
    expect(lookUps(at)).toBe(0);
    expect(await holds(at)).toMatchObject([{ state: 'held', reason: 'share', of_deals: 100 }]);
    expect((await holds(at))[0]!.lead_ids).toHaveLength(21);
    // What was held once waits for the person, also when fewer are missing by now.
    restore(at, leads[0]!);
    expect(await at.window()).toMatchObject({ removed: 0, held: 20, removalsHeld: true });
    expect(await holds(at)).toMatchObject([{ state: 'held' }]);
    for (const lead of leads.slice(1, 21)) restore(at, lead);
    expect(await at.window()).toMatchObject({ removed: 0, held: 0, removalsHeld: false });
    expect(await holds(at)).toMatchObject([{ state: 'withdrawn' }]);

    at.pass(minute);
    for (const lead of leads.slice(0, 20)) at.vendor.state.remove(lead.id);
    expect(await at.window()).toMatchObject({ removed: 20, held: 0, removalsHeld: false });
  });

  it('measures what is missing by what was stored, not by what comes in with the same pass', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 6);
    await at.window();
    at.pass(minute);
    for (const lead of leads) at.vendor.state.remove(lead.id);
    addDeals(at, 6);
    expect(await at.window()).toMatchObject({ inserted: 6, removed: 0, held: 6, removalsHeld: true });
    expect(await holds(at)).toMatchObject([{ state: 'held', reason: 'half', of_deals: 6 }]);
  });

  it('holds an answer without a lead for a window that had some, and says so once', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 3);
    await at.window();
    at.vendor.state.clear();
    expect(await at.window()).toMatchObject({ removed: 0, held: 3, removalsHeld: true });
    expect(await at.window()).toMatchObject({ removed: 0, held: 3, removalsHeld: true });
    expect(await holds(at)).toMatchObject([{ state: 'held', reason: 'empty', of_deals: 3 }]);
    expect(await criticals(at)).toBe(1);
    for (const lead of leads) restore(at, lead);
    await at.window();
    expect((await holds(at))[0]).toMatchObject({ state: 'withdrawn' });
  });

  it('keeps the hold up to date while passes go on', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 30);
    await at.window();
    for (const lead of leads.slice(0, 22)) at.vendor.state.remove(lead.id);
    await at.window();
    at.vendor.state.remove(leads[25]!.id);
    restore(at, leads[0]!);
    at.vendor.state.addLead();
    expect(await at.window()).toMatchObject({ inserted: 1, removed: 0, removalsHeld: true });
    const [hold] = await holds(at);
    expect(hold!.lead_ids).toEqual([...leads.slice(1, 22), leads[25]!].map((lead) => String(lead.id)).sort());
    expect(await criticals(at)).toBe(1);
  });

  it('does not hold what a delta pass misses, nor an incomplete window pass', async () => {
    const { it: at } = office;
    addDeals(at, 30);
    await at.window();
    at.vendor.state.clear();
    at.vendor.faults.add({ path: '/leads', do: { kind: 'wrong-total', by: 1 } });
    expect(await at.window()).toMatchObject({ complete: false, held: 0, removed: 0 });
    at.vendor.faults.clear();
    expect(await at.delta()).toMatchObject({ held: 0, removed: 0 });
    expect(await holds(at)).toEqual([]);
  });
});

describe("a person's word on held removals", () => {
  const office = usePassOffice();

  async function held(at: PassOffice, deals = 30, gone = 22) {
    const leads = addDeals(at, deals);
    await at.window();
    at.pass(minute);
    for (const lead of leads.slice(0, gone)) at.vendor.state.remove(lead.id);
    await at.window();
    return { leads, id: (await holds(at))[0]!.id };
  }

  it('accept: looks each lead up and removes it, but not one that came back', async () => {
    const { it: at } = office;
    const { leads, id } = await held(at);
    restore(at, leads[0]!, { commission: '77' });
    expect(await at.decide(id, 'accept')).toEqual({ id, state: 'done', removed: 21, kept: 1, waiting: 0 });
    expect((await at.deals()).map((deal) => deal.lead_id).sort()).toEqual(
      [leads[0]!, ...leads.slice(22)].map((lead) => String(lead.id)).sort(),
    );
    expect(await holds(at)).toMatchObject([{ state: 'done', removed: 21, lead_ids: [] }]);
    expect(await at.window()).toMatchObject({ removed: 0, held: 0, waiting: 0 });
    expect(await at.rows(`select kind, state, removed from sync_runs where kind = 'held'`)).toEqual([
      { kind: 'held', state: 'complete', removed: 21 },
    ]);
    expect(await at.rows(`select actor, action, target from audit_log order by id desc limit 1`)).toEqual([
      { actor: 'anna', action: 'held-removals.accept', target: String(id) },
    ]);
    await expect(at.decide(id, 'accept')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(at.decide(id + 1, 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('accept while the vendor fails: window passes go on with it', async () => {
    const { it: at } = office;
    const { id } = await held(at);
    at.vendor.faults.add({ path: /\/leads\/\d+$/, do: { kind: 'answer', status: 500 } });
    expect(await at.decide(id, 'accept')).toMatchObject({ state: 'accepted', removed: 0, waiting: 22 });
    expect(await at.window()).toMatchObject({ removed: 0, waiting: 22, held: 0, removalsHeld: false });
    at.vendor.faults.clear();
    expect(await at.window()).toMatchObject({ removed: 22, waiting: 0 });
    expect(await holds(at)).toMatchObject([{ state: 'done', removed: 22 }]);
  });

  it('accept stands where the vendor refuses look-ups', async () => {
    const { it: at } = office;
    const { id } = await held(at);
    at.vendor.switches.set({ lookups: 'refused' });
    expect(await at.decide(id, 'accept')).toMatchObject({ state: 'done', removed: 22 });
  });

  it('accept of removals whose leads all come back is over, and makes room for the next hold', async () => {
    const { it: at } = office;
    const { leads, id } = await held(at);
    at.vendor.faults.add({ path: /\/leads\/\d+$/, do: { kind: 'answer', status: 500 } });
    await at.decide(id, 'accept');
    for (const lead of leads.slice(0, 22)) restore(at, lead);
    at.vendor.faults.clear();
    await at.window();
    expect(await holds(at)).toMatchObject([{ state: 'done' }]);
    for (const lead of leads.slice(8, 30)) at.vendor.state.remove(lead.id);
    expect(await at.window()).toMatchObject({ removed: 0, held: 22, removalsHeld: true });
    expect(await holds(at)).toMatchObject([{ state: 'done' }, { state: 'held' }]);
    expect(await criticals(at)).toBe(2);
  });

  it('discard: they stay, and are not proposed again until seen upstream', async () => {
    const { it: at } = office;
    const { leads, id } = await held(at);
    expect(await at.decide(id, 'discard')).toMatchObject({ state: 'discarded', removed: 0, kept: 22 });
    for (let pass = 0; pass < 2; pass++)
      expect(await at.window()).toMatchObject({ removed: 0, held: 0, waiting: 0, removalsHeld: false });
    expect(await at.deals()).toHaveLength(30);
    expect(lookUps(at)).toBe(0);
    at.pass(minute);
    restore(at, leads[0]!, { commission: '100' });
    await at.window();
    at.vendor.state.remove(leads[0]!.id);
    expect(await at.window()).toMatchObject({ removed: 1, held: 0 });
    await expect(at.decide(id, 'accept')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('accept without a configured vendor decides nothing', async () => {
    const { it: at } = office;
    const { id } = await held(at);
    const connect = at.deps.connect;
    at.deps.connect = () => {
      throw new Error('not configured');
    };
    await expect(at.decide(id, 'accept')).rejects.toThrow('not configured');
    at.deps.connect = connect;
    expect(await holds(at)).toMatchObject([{ state: 'held' }]);
    expect(await at.decide(id, 'accept')).toMatchObject({ removed: 22 });
  });

  it('is given once, also by two people at the same time', async () => {
    const { it: at } = office;
    const { id } = await held(at);
    const answers = await Promise.allSettled([
      at.decide(id, 'accept'),
      at.decide(id, 'discard'),
      at.decide(id, 'accept'),
    ]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  });
});
