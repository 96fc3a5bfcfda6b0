import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applyDecision } from '../../src/main/deals/apply-decision.ts';
import { findSent, sendDecision } from '../../src/main/deals/send-decision.ts';
import { ann, ben, cia, decideOpen, decider, minute, openCase, queueCase } from './decision-steps.ts';
import { usePassOffice } from './pass-office.ts';

const office = usePassOffice();

describe('a decision sent later', () => {
  it('is carried out once and answers the same each time', async () => {
    const { it: at } = office;
    await queueCase(at);
    const { id, version } = await openCase(at);
    const decision = randomUUID();
    expect(await findSent(at.database, decision)).toBeNull();
    const choice = { id, version, action: 'approve' as const };
    const first = await sendDecision(decider(at), decision, choice);
    expect(first).toMatchObject({ kind: 'done', version: version + 1 });
    expect(await sendDecision(decider(at), decision, choice)).toEqual(first);
    expect(await findSent(at.database, decision)).toEqual(first);
    expect(await at.deals()).toHaveLength(2);
  });

  it('sent twice at the same moment is carried out once, and both are told so', async () => {
    const { it: at } = office;
    for (let n = 0; n < 10; n += 1) {
      await queueCase(at);
      const { id, version } = await openCase(at);
      const decision = randomUUID();
      const choice = { id, version, action: 'replace' as const };
      const answers = await Promise.all([1, 2, 3].map(() => sendDecision(decider(at), decision, choice)));
      expect(new Set(answers.map((one) => one.kind))).toEqual(new Set(['done']));
      expect(new Set(answers.map((one) => one.message)).size).toBe(1);
    }
  });

  it('that somebody made the same meanwhile is settled so; another is returned with who, how and both sides', async () => {
    const { it: at } = office;
    await queueCase(at);
    const { id, version } = await openCase(at);
    await decideOpen(at, 'merge', { fields: ['commission'] });
    const send = (choice: object) =>
      sendDecision(decider(at, 'bertil'), randomUUID(), { id, version, action: 'merge', ...choice });
    expect(await send({ fields: ['commission'] })).toMatchObject({
      kind: 'same',
      by: 'anna',
      resolution: 'merged',
    });
    expect(await send({ fields: ['agent'] })).toMatchObject({
      kind: 'decided',
      by: 'anna',
      resolution: 'merged',
    });
    expect(await send({ action: 'reject', fields: undefined })).toMatchObject({
      kind: 'decided',
      message: expect.stringContaining('merged by anna') as unknown,
      now: { id, existing: { user_id: String(ann), commission: 100 }, incoming: { user_id: String(ben) } },
    });
  });

  it('on a case that upstream changed, took back, or that there is none of, is returned and does nothing', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const { id, version } = await openCase(at);
    const send = (of = id) => sendDecision(decider(at), randomUUID(), { id: of, version, action: 'approve' });
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: cia });
    await at.window();
    expect(await send()).toMatchObject({
      kind: 'changed',
      version: version + 1,
      now: { incoming: { user_id: String(cia) } },
    });
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: ann, orderDate: new Date('2026-11-16T08:00:00Z') });
    await at.window();
    expect(await send()).toMatchObject({ kind: 'withdrawn' });
    expect(await send(999)).toMatchObject({ kind: 'gone', now: null });
    expect(await at.deals()).toHaveLength(1);
    expect(await at.rows('select * from applied_decisions')).toEqual([]);
  });

  it('that does not fit the case is returned; one that fails is not known', async () => {
    const { it: at } = office;
    await queueCase(at);
    const { id, version } = await openCase(at);
    await at.database.query('delete from deals');
    expect(await sendDecision(decider(at), randomUUID(), { id, version, action: 'merge' })).toMatchObject({
      kind: 'refused',
    });
    const broken = {
      ...decider(at),
      database: { ...at.database, transaction: () => Promise.reject(new Error('x')) },
    };
    await expect(applyDecision(broken, randomUUID(), { id, version, action: 'reject' })).rejects.toThrow('x');
  });
});
