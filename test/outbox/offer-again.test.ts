import { describe, expect, it } from 'vitest';
import type { PendingDuplicate } from '../../src/shared/contract/duplicates.ts';
import { identityOf } from '../../src/main/database-identity.ts';
import { offerAgain, type RestoredDatabase } from '../../src/main/outbox/offer-again.ts';
import { decision, openOutbox } from './outbox-office.ts';

const before = identityOf('north', 'before');
const after = identityOf('north', 'after');
const done = {
  kind: 'done',
  message: '',
  by: null,
  resolution: null,
  at: null,
  version: 2,
  now: null,
} as const;

const side = (commission: number) => ({
  ...{ user_id: '1', agent: 'Ann', group: null, commission, multi_deals: 1, campaign: null },
  ...{ order_date: '2026-11-16T08:00:00.000Z', order_date_source: 'instant' as const },
});
const case_ = (id: number, commission = 100, version = 1): PendingDuplicate => ({
  ...{ id, version, lead_id: `L${id}`, reasons: ['agent'], differs: ['agent'] },
  ...{ existing: side(50), incoming: side(commission), detected_at: '2026-11-16T09:00:00.000Z' },
});
const kept = (id: number) => ({ ...decision({ id, version: 1 }), seen: case_(id) });

function restored(over: Partial<RestoredDatabase> = {}): RestoredDatabase {
  const look = (id: number) => Promise.resolve({ now: case_(id, 100, 7), isOpen: true });
  return { identity: after, find: () => Promise.resolve(null), look, ...over };
}

describe('after a restore', () => {
  it('what waited, what was sent and what was done at once are offered; what was dismissed of it as well', async () => {
    const { outbox } = openOutbox();
    const sent = outbox.keep(before, kept(1));
    outbox.settle(sent, 'applied', done);
    outbox.dismiss(sent);
    outbox.keep(before, kept(2));
    outbox.noteDone(before, crypto.randomUUID(), kept(3), done);
    expect(outbox.list(before).map((one) => one.duplicate_id)).toEqual([2]);
    expect(await offerAgain(outbox, restored())).toBe(3);
    const offered = outbox.list(after);
    expect(offered.map((one) => one.duplicate_id).sort()).toEqual([1, 2, 3]);
    expect(offered.every((one) => one.again && one.outcome?.version === 7)).toBe(true);
    // Once: a second look has nothing to say.
    expect(await offerAgain(outbox, restored())).toBe(0);
  });

  it('what came back, was set aside or was taken back is not', async () => {
    const { outbox } = openOutbox();
    outbox.settle(outbox.keep(before, kept(1)), 'returned', { ...done, kind: 'decided' });
    outbox.settle(outbox.keep(before, kept(2)), 'rejected', { ...done, kind: 'failed' });
    outbox.noteDone(before, crypto.randomUUID(), kept(3), done);
    outbox.forgetDone(before, 3);
    outbox.keep('south/before', kept(4));
    expect(await offerAgain(outbox, restored())).toBe(0);
  });

  it('is sent again on the version that is there, and only where the case is what was decided', async () => {
    const { outbox } = openOutbox();
    for (const id of [1, 2, 3, 4]) outbox.keep(before, kept(id));
    const states = new Map([
      [1, { now: case_(1, 100, 7), isOpen: true }],
      [2, { now: case_(2, 101), isOpen: true }],
      [3, { now: case_(3), isOpen: false }],
    ]);
    await offerAgain(outbox, restored({ look: (id) => Promise.resolve(states.get(id) ?? null) }));
    const offered = new Map(outbox.list(after).map((one) => [one.duplicate_id, one]));
    expect([1, 2, 3, 4].map((id) => offered.get(id)?.again)).toEqual([true, false, false, false]);
    for (const id of [2, 3, 4])
      expect(() => outbox.sendAgain(after, offered.get(id)!.decision_id)).toThrow(/Look at it in the queue/);
    const again = outbox.sendAgain(after, offered.get(1)!.decision_id);
    expect(outbox.waiting(after, 0, 9)).toMatchObject([
      { decisionId: again, payload: { id: 1, version: 7 } },
    ]);
    expect(again).not.toBe(offered.get(1)!.decision_id);
  });

  it('is looked for anew when the database went away meanwhile', async () => {
    const { outbox } = openOutbox();
    for (const id of [1, 2]) outbox.keep(before, kept(id));
    const flaky = restored({
      find: (() => {
        let left = 1;
        return () => (left-- > 0 ? Promise.resolve(null) : Promise.reject(new Error('away')));
      })(),
    });
    await expect(offerAgain(outbox, flaky)).rejects.toThrow('away');
    expect(await offerAgain(outbox, restored())).toBe(1);
    expect(outbox.list(after)).toHaveLength(2);
  });
});
