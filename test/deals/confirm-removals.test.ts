import { expect, test } from 'vitest';
import type { LeadLookUp } from '../../src/main/deals/adversus-client.ts';
import { confirmRemovals } from '../../src/main/deals/confirm-removals.ts';
import type { Missing } from '../../src/main/deals/gone-store.ts';
import { UpstreamError } from '../../src/main/upstream/upstream-error.ts';

const missing: Missing[] = Array.from({ length: 12 }, (_, n) => ({
  dealId: n,
  leadId: String(n),
  stamp: new Date(n),
}));

/** Looks up all of `missing` at a vendor that fails for the leads named; the others are gone. */
async function confirm(turn: number, fails: readonly number[], code: UpstreamError['code'], most = 60) {
  const asked: number[] = [];
  const lookUpLead = async (id: string): Promise<LeadLookUp> => {
    asked.push(Number(id));
    await Promise.resolve();
    if (fails.includes(Number(id))) throw new UpstreamError(code as 'UPSTREAM_FAILED', 'no');
    return { kind: 'gone', why: '404' };
  };
  const answer = await confirmRemovals({ lookUpLead }, missing, { most, turn, request: {} });
  const ids = (deals: readonly Missing[]) => deals.map((deal) => deal.dealId).sort((a, b) => a - b);
  return { asked, gone: ids(answer.gone), waiting: ids(answer.waiting) };
}

test('a lead that the vendor fails to tell of keeps no other waiting', async () => {
  const { gone, waiting } = await confirm(0, [0, 5], 'UPSTREAM_FAILED');
  expect(waiting).toEqual([0, 5]);
  expect(gone).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
});

test('three failures in a row are an outage: no more are tried', async () => {
  const { asked, gone, waiting } = await confirm(
    0,
    missing.map((deal) => deal.dealId),
    'UPSTREAM_UNREADABLE',
  );
  // One was under way beside the third.
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(gone).toEqual([]);
  expect(waiting).toHaveLength(12);
});

test('no calls left stops it at once', async () => {
  const { asked, waiting } = await confirm(0, [0, 1], 'UPSTREAM_BUSY');
  expect(asked).toEqual([0, 1]);
  expect(waiting).toHaveLength(12);
});

test('whatever the stride of the turns, each lead has its own', async () => {
  const unreadable = [0, 1, 2, 3];
  expect((await confirm(0, unreadable, 'UPSTREAM_FAILED')).gone).toEqual([]);
  for (let stride = 1; stride <= 24; stride += 1) {
    const removed = new Set<number>();
    for (let turn = 1; turn <= 60; turn += 1)
      for (const id of (await confirm(turn * stride, unreadable, 'UPSTREAM_FAILED', 3)).gone) removed.add(id);
    expect([stride, removed.size]).toEqual([stride, 8]);
  }
});
