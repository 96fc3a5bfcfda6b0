import { expect, it } from 'vitest';
import { keepDeal, readKeptDeal } from '../../src/main/deals/today-rows.ts';

const deal = {
  ...{ id: 7, leadId: 'L7', userId: 1001, campaign: null, commission: '4500.00', multiDeals: 1 },
  ...{ orderDate: new Date('2026-11-22T09:14:00.123Z'), orderDateSource: 'day' as const, notes: ['a'] },
  ...{ createdAt: new Date('2026-11-22T09:15:00Z'), syncedAt: new Date('2026-11-22T09:16:00Z') },
  upstreamAt: new Date('2026-11-22T09:13:00Z'),
};

it('a kept deal is read back as it was', () => {
  expect(readKeptDeal(JSON.parse(keepDeal(deal)))).toEqual(deal);
});

it('a row that lacks a field, or has one of another type, is none', () => {
  const kept = JSON.parse(keepDeal(deal)) as Record<string, unknown>;
  for (const name of Object.keys(kept)) {
    const { [name]: _left, ...without } = kept;
    expect([name, readKeptDeal(without)]).toEqual([name, null]);
    expect([name, readKeptDeal({ ...kept, [name]: { no: 1 } })]).toEqual([name, null]);
  }
  for (const value of [null, 'x', 3, [], { ...kept, notes: [1] }, { ...kept, orderDateSource: 'guess' }])
    expect(readKeptDeal(value)).toBeNull();
});
