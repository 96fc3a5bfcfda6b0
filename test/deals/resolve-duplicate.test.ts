import { beforeEach, describe, expect, it } from 'vitest';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { readChanges, currentSeq } from '../../src/main/system/change-log.ts';
import {
  ann,
  ben,
  cia,
  dealsOf,
  decideOpen,
  decider,
  minute,
  openCase,
  queueCase,
  writtenDeals,
} from './decision-steps.ts';
import { addDeals, restore, usePassOffice } from './pass-office.ts';

const office = usePassOffice();
let seqBefore = 0;
beforeEach(async () => {
  seqBefore = await currentSeq(office.it.database);
});

const old = {
  user_id: ann,
  commission: '100.00',
  multi_deals: 1,
  order_date: new Date('2026-11-16T08:00:00Z'),
};
const fresh = {
  user_id: ben,
  commission: '250.50',
  multi_deals: 2,
  order_date: new Date('2026-11-16T09:30:00Z'),
};

const changesOf = async (kind: string) =>
  (await readChanges(office.it.database, seqBefore, 500))
    .filter((change) => change.kind === kind)
    .map((change) => change.data);

describe('what a decision makes of the deals', () => {
  it('approve: the old deal is kept as it is, the new one is added and follows', async () => {
    const { it: at } = office;
    await queueCase(at);
    const [before] = await at.deals();
    const decided = await decideOpen(at, 'approve', { note: ' both sold ' });
    const [kept, added] = await at.deals();
    expect(kept).toEqual({ ...before, follows: false, version: 2 });
    expect(added).toMatchObject({
      ...fresh,
      id: decided.newDealId,
      follows: true,
      is_duplicate: false,
      version: 1,
      order_date_source: 'instant',
      upstream_updated_at: before!.upstream_updated_at,
    });
    expect(await at.pending('resolved')).toMatchObject([
      {
        resolution: 'approved',
        version: 2,
        resolution_note: 'both sold',
        resolved_by: 'anna',
        new_deal_id: added!.id,
      },
    ]);
    expect(await at.rows(`select deal_id, change, before->>'version' as version from deal_history`)).toEqual([
      { deal_id: kept!.id, change: 'updated', version: '1' },
    ]);
  });

  it('replace: the old deal counts no longer and names the new one', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, 'replace');
    const [replaced, added] = await at.deals();
    expect(replaced).toMatchObject({
      ...old,
      follows: false,
      is_duplicate: true,
      replaced_by: added!.id,
      version: 2,
    });
    expect(added).toMatchObject({ ...fresh, follows: true, is_duplicate: false });
  });

  it('merge: the old deal takes commission and order date, and nothing else', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, 'merge');
    expect(await at.deals()).toMatchObject([
      { ...old, commission: '250.50', order_date: fresh.order_date, follows: true, version: 2 },
    ]);
    expect(await at.pending('resolved')).toMatchObject([
      { resolution: 'merged', merged_fields: ['commission', 'order_date'], new_deal_id: null },
    ]);
  });

  it('merge: takes what was chosen', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, 'merge', { fields: ['multi_deals', 'agent', 'agent'] });
    expect(await at.deals()).toMatchObject([{ ...old, user_id: ben, multi_deals: 2, version: 2 }]);
    expect(await at.pending('resolved')).toMatchObject([{ merged_fields: ['agent', 'multi_deals'] }]);
  });

  it('reject: no deal is written', async () => {
    const { it: at } = office;
    await queueCase(at);
    const before = await writtenDeals(at);
    await decideOpen(at, 'reject');
    expect(await writtenDeals(at)).toEqual(before);
    expect(await at.pending('resolved')).toMatchObject([{ resolution: 'rejected', version: 2 }]);
  });

  it('carries on where the existing deal is gone, and says so; there is nothing to merge into', async () => {
    const { it: at } = office;
    await queueCase(at);
    await at.database.query('delete from deals');
    await expect(decideOpen(at, 'merge')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('Approve') as unknown,
    });
    const decided = await decideOpen(at, 'replace');
    expect(decided.message).toContain('no deal any more to replace');
    expect(await at.deals()).toMatchObject([{ ...fresh, follows: true }]);
    expect(await at.window()).toMatchObject({ inserted: 0, updated: 0, held: 0, unchanged: 1 });
  });

  it('a kept deal whose lead comes back otherwise can take its values over, and follows again', async () => {
    const { it: at } = office;
    addDeals(at, 5);
    const lead = await queueCase(at);
    await decideOpen(at, 'approve');
    at.pass(minute);
    at.vendor.state.remove(lead.id);
    await at.window();
    expect(await dealsOf(at, lead)).toMatchObject([{ ...old, follows: false }]);
    at.pass(minute);
    restore(at, lead, { agentId: cia, commission: '7' });
    await at.window();
    await decideOpen(at, 'merge', { fields: ['agent', 'commission'] });
    expect(await dealsOf(at, lead)).toMatchObject([{ user_id: cia, commission: '7.00', follows: true }]);
  });
});

describe('what a decision tells', () => {
  it('plings for a new deal of today, and only for approve and replace', async () => {
    const { it: at } = office;
    await queueCase(at);
    const { newDealId } = await decideOpen(at, 'approve');
    const [kept] = await at.deals();
    expect((await changesOf('deals')).at(-1)).toEqual({
      source: 'decision',
      runId: null,
      inserted: 1,
      updated: 1,
      removed: 0,
      ids: [newDealId, kept!.id],
      removedIds: [],
      new: [newDealId],
    });
    expect((await changesOf('duplicates')).at(-1)).toEqual({ open: 0, opened: [], revised: 0, withdrawn: 0 });
  });

  it('does not pling for a merge, nor for a deal of another day', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    await decideOpen(at, 'merge');
    expect((await changesOf('deals')).at(-1)).toMatchObject({ inserted: 0, updated: 1, new: [] });
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia, orderDate: new Date('2026-11-15T22:59:59Z') });
    await at.window();
    await decideOpen(at, 'replace');
    expect((await changesOf('deals')).at(-1)).toMatchObject({ inserted: 1, updated: 1, new: [] });
  });

  it('says nothing about deals when none moved', async () => {
    const { it: at } = office;
    await queueCase(at);
    const told = (await changesOf('deals')).length;
    await decideOpen(at, 'reject');
    expect(await changesOf('deals')).toHaveLength(told);
  });

  it('is in the audit log with who, where, why, before and after', async () => {
    const { it: at } = office;
    await queueCase(at);
    const decided = await decideOpen(at, 'merge', { note: 'Ann sold it' });
    const [entry] = await at.rows('select * from audit_log order by id desc limit 1');
    expect(entry).toMatchObject({
      actor: 'anna',
      console: 'console 1@north',
      action: 'duplicate.merge',
      target: `duplicate:${decided.id}`,
      note: 'Ann sold it',
      before: { status: 'pending', version: 1, deals: [{ commission: '100.00', version: 1 }] },
      after: { status: 'resolved', version: 2, deals: [{ commission: '250.50', version: 2 }] },
    });
    expect(await at.one('select decided_audit_id from pending_duplicates')).toBe(entry!['id']);
    expect(await verifyAudit(at.database)).toMatchObject({ ok: true });
  });
});

describe('a decision on what is not so any more is refused, with nothing done', () => {
  const refusal = async (version: number, id?: number) => {
    const { it: at } = office;
    const before = JSON.stringify([await at.deals(), await at.rows('select * from pending_duplicates')]);
    const one = id ?? (await at.one<number>('select max(id) from pending_duplicates'));
    const error = await resolveDuplicate(decider(at, 'bertil'), { id: one, version, action: 'approve' }).then(
      () => null,
      (caught: unknown) => caught as { code: string; message: string },
    );
    expect(JSON.stringify([await at.deals(), await at.rows('select * from pending_duplicates')])).toBe(
      before,
    );
    return error;
  };

  it('decided already: by whom, how and when', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, 'reject');
    const error = await refusal(1);
    expect(error?.code).toBe('CONFLICT');
    expect(error?.message).toContain('rejected by anna, 2026-11-16 12:01');
  });

  it('changed upstream: what it is now', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia, commission: '77' });
    await at.window();
    const error = await refusal(1);
    expect(error?.code).toBe('CONFLICT');
    expect(error?.message).toContain('Upstream changed lead');
    expect(error?.message).toContain('commission 77.00');
    expect((await openCase(at)).version).toBe(2);
  });

  it('withdrawn, and never there', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: ann, orderDate: old.order_date });
    await at.window();
    const error = await refusal(1);
    expect(error).toMatchObject({ code: 'CONFLICT' });
    expect(error?.message).toContain('withdrawn');
    expect(await refusal(1, 999)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
