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

test('the next turn begins elsewhere, so that each lead has its turn', async () => {
  const many = [0, 1, 2, 3];
  expect((await confirm(0, many, 'UPSTREAM_FAILED')).gone).toEqual([]);
  expect((await confirm(16, many, 'UPSTREAM_FAILED')).gone).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  expect((await confirm(14, [], 'UPSTREAM_FAILED', 3)).gone).toEqual([2, 3, 4]);
});
