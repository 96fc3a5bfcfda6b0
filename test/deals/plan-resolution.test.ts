import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  duplicateAction,
  duplicateField,
  type DuplicateField,
} from '../../src/shared/contract/duplicates.ts';
import { differingFields } from '../../src/main/deals/compare-sides.ts';
import {
  planResolution,
  type ExistingDeal,
  type NotedContent,
} from '../../src/main/deals/plan-resolution.ts';

const zone = 'Europe/Stockholm';
const incoming: NotedContent = {
  userId: 2,
  commission: '250.50',
  multiDeals: 2,
  campaignId: '8',
  orderDate: new Date('2026-11-16T09:30:00Z'),
  orderDateSource: 'instant',
  notes: ['multi-deals-unreadable'],
};
const existing: ExistingDeal = {
  userId: 1,
  commission: null,
  multiDeals: 1,
  campaignId: '7',
  orderDate: new Date('2026-11-15T08:00:00Z'),
  orderDateSource: 'instant',
  notes: ['campaign-name', 'order-date-missing'],
  isDuplicate: false,
};

const content: fc.Arbitrary<NotedContent> = fc.record({
  userId: fc.integer({ min: 1, max: 3 }),
  commission: fc.constantFrom(null, '0.00', '100.00', '250.50'),
  multiDeals: fc.integer({ min: 0, max: 3 }),
  campaignId: fc.constantFrom(null, '7', '8'),
  orderDate: fc
    .constantFrom('2026-11-15T23:00:00Z', '2026-11-16T09:30:00Z', '2026-11-16T23:00:00Z')
    .map((at) => new Date(at)),
  orderDateSource: fc.constantFrom('instant' as const, 'day' as const, 'fallback' as const),
  notes: fc.subarray(['campaign-name', 'multi-deals-unreadable', 'order-date-missing']),
});
const deal: fc.Arbitrary<ExistingDeal> = fc
  .tuple(content, fc.boolean())
  .map(([of, isDuplicate]) => ({ ...of, isDuplicate }));

describe('the plan of a decision', () => {
  it.each([
    ['approve', existing, 'freeze', true],
    ['approve', null, 'leave', true],
    ['replace', existing, 'replace', true],
    ['replace', null, 'leave', true],
    ['reject', existing, 'leave', false],
    ['reject', null, 'leave', false],
  ] as const)('%s', (action, of, becomes, inserts) => {
    expect(planResolution({ action }, of, incoming, zone)).toMatchObject({
      kind: 'planned',
      existing: { kind: becomes },
      insert: inserts ? incoming : null,
      mergedFields: null,
    });
  });

  it('merge takes commission and order date unless others are chosen, with the notes that belong to them', () => {
    expect(planResolution({ action: 'merge' }, existing, incoming, zone)).toMatchObject({
      mergedFields: ['commission', 'order_date'],
      insert: null,
      existing: {
        kind: 'merge',
        content: {
          userId: 1,
          commission: '250.50',
          multiDeals: 1,
          campaignId: '7',
          orderDate: incoming.orderDate,
          notes: ['campaign-name'],
        },
      },
    });
  });

  it('refuses a merge into nothing, and fields for another action', () => {
    expect(planResolution({ action: 'merge' }, null, incoming, zone)).toMatchObject({ kind: 'refused' });
    for (const action of ['approve', 'replace', 'reject'] as const)
      expect(planResolution({ action, fields: ['agent'] }, existing, incoming, zone)).toMatchObject({
        kind: 'refused',
      });
  });

  it('a merge leaves a difference in what was not chosen, and none in what was', () => {
    const fields = fc.subarray([...duplicateField.options], { minLength: 1 });
    fc.assert(
      fc.property(deal, content, fields, (of, next, chosen) => {
        const plan = planResolution({ action: 'merge', fields: chosen }, of, next, zone);
        if (plan.kind === 'refused' || plan.existing.kind !== 'merge') throw new Error('not planned');
        const left = new Set<DuplicateField>(differingFields(plan.existing.content, next, zone));
        for (const field of chosen) expect(left).not.toContain(field);
        for (const field of differingFields(of, next, zone))
          expect(left.has(field)).toBe(!chosen.includes(field));
        // An instant is never made coarser by the day that holds it.
        if (of.orderDateSource === 'instant' && !differingFields(of, next, zone).includes('order_date'))
          expect(plan.existing.content.orderDate).toEqual(
            next.orderDateSource === 'day' ? of.orderDate : plan.existing.content.orderDate,
          );
      }),
    );
  });

  it('never changes and inserts by the same word but for approve and replace', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...duplicateAction.options),
        fc.option(deal),
        content,
        (action, of, next) => {
          const plan = planResolution({ action }, of, next, zone);
          if (plan.kind === 'refused') {
            expect([action, of]).toEqual(['merge', null]);
            return;
          }
          expect(plan.insert !== null).toBe(action === 'approve' || action === 'replace');
          if (of === null) expect(plan.existing.kind).toBe('leave');
        },
      ),
    );
  });
});

describe('fields in which sides differ', () => {
  it.each([
    ['the same', {}, []],
    ['another agent', { userId: 3 }, ['agent']],
    ['no commission and one of nothing are not the same', { commission: '0.00' }, ['commission']],
    [
      'everything, in the order of the contract',
      incoming,
      ['agent', 'commission', 'order_date', 'multi_deals', 'campaign'],
    ],
    ['another time of the same day', { orderDate: new Date('2026-11-15T09:00:00Z') }, ['order_date']],
    [
      'the bare day of it, office time',
      { orderDate: new Date('2026-11-14T23:00:00Z'), orderDateSource: 'day' },
      [],
    ],
    [
      'the bare day before, which is the same in UTC',
      { orderDate: new Date('2026-11-13T23:00:00Z'), orderDateSource: 'day' },
      ['order_date'],
    ],
  ] as const)('%s', (_name, change, fields) => {
    expect(differingFields(existing, { ...existing, ...change }, zone)).toEqual(fields);
  });
});
