import { describe, expect, it } from 'vitest';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { refuseUndo } from '../../src/main/deals/undo-duplicate.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { currentSeq, readChanges } from '../../src/main/system/change-log.ts';
import { ann, cia, decideOpen, decider, minute, openCase, queueCase, undo } from './decision-steps.ts';
import { addDeals, usePassOffice } from './pass-office.ts';

const office = usePassOffice();

describe('undo', () => {
  it.each(['approve', 'replace', 'merge', 'reject'] as const)(
    'of %s gives back what was before, and the case waits again',
    async (action) => {
      const { it: at } = office;
      await queueCase(at);
      const before = await at.deals();
      const waited = await openCase(at);
      const decided = await decideOpen(at, action, { note: 'in haste' });
      const seq = await currentSeq(at.database);
      const undone = await undo(at, decided);
      expect(undone).toMatchObject({ action: 'undo', version: 3 });
      const version = action === 'reject' ? 1 : 3;
      expect(await at.deals()).toEqual(
        before.map((deal) => ({ ...deal, version, synced_at: expect.anything() as Date })),
      );
      expect(await openCase(at)).toEqual({ ...waited, version: 3, updated_at: expect.anything() as Date });
      const told = (await readChanges(at.database, seq, 10)).filter((change) => change.kind === 'deals');
      const added = decided.newDealId === null ? [] : [decided.newDealId];
      if (action === 'reject') expect(told).toEqual([]);
      else expect(told).toMatchObject([{ data: { ids: [before[0]!.id], removedIds: added, new: [] } }]);
      expect(await at.one(`select count(*)::int from deal_history where change = 'removed'`)).toBe(
        added.length,
      );
      expect(await verifyAudit(at.database)).toMatchObject({ ok: true });
      // Nothing of it is left: upstream's state waits as before, and can be decided otherwise.
      expect(await at.window()).toMatchObject({ held: 1, inserted: 0, updated: 0 });
      await decideOpen(at, action === 'approve' ? 'merge' : 'approve');
      expect(await at.window()).toMatchObject({ held: 0, inserted: 0, updated: 0, unchanged: 1 });
    },
  );

  it('keeps the newest stamp that passes have seen', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const decided = await decideOpen(at, 'approve');
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, {});
    await at.window();
    await undo(at, decided);
    expect((await at.deals())[0]!.upstream_updated_at).toEqual(new Date('2026-11-16T11:02:00Z'));
  });

  it('gives a kept deal that a merge made follow back as it was kept', async () => {
    const { it: at } = office;
    await queueCase(at);
    await at.database.query('update deals set follows = false, is_duplicate = true');
    const [kept] = await at.deals();
    const decided = await decideOpen(at, 'merge');
    expect(await at.deals()).toMatchObject([{ follows: true, is_duplicate: false }]);
    await undo(at, decided);
    expect(await at.deals()).toMatchObject([{ ...kept, version: 3, synced_at: expect.anything() as Date }]);
  });

  it('of a decision without an existing deal removes what it added', async () => {
    const { it: at } = office;
    await queueCase(at);
    await at.database.query('delete from deals');
    await undo(at, await decideOpen(at, 'approve'));
    expect(await at.deals()).toEqual([]);
    expect(await openCase(at)).toMatchObject({ version: 3 });
  });
});

describe('undo is refused, with nothing changed, when', () => {
  const expectRefused = async (decided: { id: number; version: number }, says: RegExp) => {
    const { it: at } = office;
    const all = async () =>
      JSON.stringify([await at.deals(), await at.rows('select * from pending_duplicates')]);
    const before = await all();
    const error = await undo(at, decided).then(
      () => null,
      (caught: unknown) => caught as { code: string; message: string },
    );
    expect(error?.code).toBe('CONFLICT');
    expect(error?.message).toMatch(says);
    expect(await all()).toBe(before);
  };

  it('upstream changed the deal that it added', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const decided = await decideOpen(at, 'approve');
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '300' });
    expect(await at.window()).toMatchObject({ updated: 1 });
    await expectRefused(decided, /which it added, was changed by upstream since/);
  });

  it('upstream changed the deal that it merged into', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const decided = await decideOpen(at, 'merge', { fields: ['agent', 'commission', 'order_date'] });
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '300' });
    expect(await at.window()).toMatchObject({ updated: 1 });
    await expectRefused(decided, /was changed since/);
  });

  it('the lead is gone, and its deals with it', async () => {
    const { it: at } = office;
    addDeals(at, 5);
    const lead = await queueCase(at);
    const decided = await decideOpen(at, 'approve');
    at.pass(minute);
    at.vendor.state.remove(lead.id);
    expect(await at.window()).toMatchObject({ removed: 1 });
    await expectRefused(decided, /which it added, was removed since/);
  });

  it('the next state of the lead waits, or was decided after it', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const first = await decideOpen(at, 'reject');
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia });
    await at.window();
    await expectRefused(first, /waits as another case/);
    const second = await decideOpen(at, 'reject');
    await expectRefused(first, /was decided after it\. Undo that one first/);
    await undo(at, second);
    await expectRefused(first, /waits as another case/);
  });

  it('the case was decided anew, is open, or was never decided', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const first = await decideOpen(at, 'approve');
    await undo(at, first);
    await expectRefused(first, /it waits for a decision/);
    await decideOpen(at, 'reject');
    await expectRefused(first, /rejected anew by anna/);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: ann, orderDate: new Date('2026-11-16T08:00:00Z') });
    await at.window();
    const [withdrawn] = await at.pending('withdrawn');
    await expectRefused(withdrawn!, /nobody decided it/);
    await expect(undo(at, { id: 999, version: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('undone while somebody looks', () => {
  it('is told to who then decides on the old version', async () => {
    const { it: at } = office;
    await queueCase(at);
    const { id } = await openCase(at);
    await undo(at, await decideOpen(at, 'approve'));
    const late = resolveDuplicate(decider(at), { id, version: 1, action: 'reject' });
    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('bertil undid that') as unknown,
    });
  });
});

describe('what makes an undo impossible', () => {
  const decided = {
    status: 'resolved' as const,
    version: 2,
    resolution: 'approved' as const,
    resolvedAt: new Date(0),
    resolvedBy: 'anna',
    existingDealId: 1,
    hadVersion: 4,
    newDealId: 2,
  };
  const deals = [
    { id: 1, version: 5 },
    { id: 2, version: 1 },
  ];
  const refuse = (change: Partial<typeof decided> | object, now = deals, version = 2) =>
    refuseUndo({ ...decided, ...change }, version, now, 'Europe/Stockholm');

  it.each([
    ['nothing', {}, deals, null],
    ['nothing, of a rejection', { resolution: 'rejected', newDealId: null }, [{ id: 1, version: 4 }], null],
    [
      'nothing, where there was no deal',
      { hadVersion: null, existingDealId: null },
      [{ id: 2, version: 1 }],
      null,
    ],
    [
      'a changed existing deal',
      {},
      [
        { id: 1, version: 6 },
        { id: 2, version: 1 },
      ],
      /deal 1 was changed/,
    ],
    ['an existing deal that is gone', {}, [{ id: 2, version: 1 }], /existing deal was removed/],
    ['an added deal that is gone', {}, [{ id: 1, version: 5 }], /deal 2, which it added, was removed/],
    [
      'a changed added deal',
      {},
      [
        { id: 1, version: 5 },
        { id: 2, version: 2 },
      ],
      /deal 2.*changed by upstream/,
    ],
  ] as const)('%s', (_name, change, now, says) => {
    const why = refuse(change, [...now]);
    if (says === null) expect(why).toBeNull();
    else expect(why).toMatch(says);
  });

  it('another version than was looked at', () => {
    expect(refuse({}, deals, 1)).toMatch(/approved anew by anna/);
  });
});
