import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { todayRange } from '../../../src/shared/business-day.ts';
import { layOver } from '../../../src/main/deals/spool/lay-over.ts';
import type { SpooledFact } from '../../../src/main/deals/spool/spooled-fact.ts';
import type { TodayDeal } from '../../../src/main/deals/today-store.ts';
import { at, heldDeal, noon, reading } from './spool-facts.ts';

const zone = 'Europe/Stockholm';
const rules = { range: todayRange(noon, zone), timeZone: zone, commissionChangeIsDuplicate: false };
const over = (facts: SpooledFact[], held: TodayDeal[] = [], given = {}) => [
  ...layOver(facts, held, { ...rules, ...given }).values(),
];
const yesterday = at(-86_400);

describe('what lies over today', () => {
  it('is a new deal, as not saved, by the negative of its place in the spool', () => {
    expect(over([reading({ seq: 5 })])).toMatchObject([
      { id: -5, leadId: '1', campaign: 'Fiber', orderDate: noon, unsaved: true },
    ]);
  });

  it('is ordered when it was last updated where no order date is given, and stays there', () => {
    const missing = { orderDate: null, orderDateSource: 'fallback' } as const;
    const facts = [
      reading({ ...missing }),
      reading({ ...missing, seq: 2, updatedAt: at(50), commission: '5.00' }),
    ];
    expect(over(facts)).toMatchObject([{ id: -1, orderDate: at(1), commission: '5.00' }]);
  });

  it('is nothing for a deal of another day', () => {
    expect(over([reading({ orderDate: yesterday })])).toEqual([]);
  });

  it('is nothing for a lead that has a deal which is not among today’s, or of which nobody knows', () => {
    expect(over([reading({ isNew: false })])).toEqual([]);
    expect(over([reading({ isNew: null })])).toEqual([]);
    expect(over([reading()], [heldDeal(), heldDeal({ id: 12, userId: 8 })])).toEqual([]);
  });

  it('is the changed deal by its own id where details moved', () => {
    const facts = [reading({ updatedAt: at(9), commission: '250.00', isNew: false })];
    expect(over(facts, [heldDeal()])).toMatchObject([{ id: 11, commission: '250.00', unsaved: true }]);
  });

  it.each([
    ['another agent', { userId: 8 }],
    ['another order instant', { orderDate: at(-600) }],
    ['another order day', { orderDate: yesterday, orderDateSource: 'day' as const }],
  ])('leaves a deal as it stands for %s: that waits for a person', (_what, change) => {
    const facts = [reading({ updatedAt: at(9), isNew: false, commission: '9.00', ...change })];
    expect(over(facts, [heldDeal()])).toEqual([]);
    // The same of a deal that is not saved itself.
    expect(
      over([reading(), reading({ seq: 2, updatedAt: at(9), commission: '9.00', ...change })]),
    ).toMatchObject([{ id: -1, userId: 7, orderDate: noon, commission: '100.00' }]);
  });

  it('holds back another commission where the office wants that', () => {
    const facts = [reading({ updatedAt: at(9), commission: '250.00' })];
    expect(over(facts, [heldDeal()], { commissionChangeIsDuplicate: true })).toEqual([]);
    expect(over(facts, [heldDeal({ commission: null })], { commissionChangeIsDuplicate: true })).toHaveLength(
      1,
    );
  });

  it('goes on with what a lead says after it went back', () => {
    const facts = [
      reading({ updatedAt: at(5), userId: 8, isNew: false }),
      reading({ updatedAt: at(9), seq: 2, commission: '250.00', isNew: false }),
    ];
    expect(over(facts, [heldDeal()])).toMatchObject([{ id: 11, userId: 7, commission: '250.00' }]);
  });

  it('is nothing where a state as new or newer is held', () => {
    const facts = [reading({ updatedAt: at(9), commission: '250.00' })];
    expect(over(facts, [heldDeal({ upstreamAt: at(9) })])).toEqual([]);
    expect(over(facts, [heldDeal({ upstreamAt: at(10) })])).toEqual([]);
  });

  it('a real order date replaces a fallback, also one of another day', () => {
    const held = heldDeal({ orderDateSource: 'fallback', orderDate: at(3) });
    expect(over([reading({ updatedAt: at(9) })], [held])).toMatchObject([{ id: 11, orderDate: noon }]);
  });
});

describe('of any readings', () => {
  const fact = fc.record({
    leadId: fc.constantFrom('1', '2', '3'),
    userId: fc.constantFrom(7, 8),
    commission: fc.constantFrom(null, '0.00', '100.00', '250.00'),
    updatedAt: fc.integer({ min: 1, max: 9 }).map(at),
    orderDate: fc.constantFrom(noon, at(-60), yesterday),
    isNew: fc.constantFrom(true, false, null),
  });
  const facts = fc
    .array(fact, { maxLength: 12 })
    .map((all) =>
      all
        .map((one, n) => reading({ ...one, seq: n + 1 }))
        .sort((a, b) => a.fact.updatedAt.getTime() - b.fact.updatedAt.getTime() || a.seq - b.seq),
    );
  const held = fc
    .uniqueArray(fc.constantFrom('1', '2', '3'))
    .map((leads) => leads.map((leadId, n) => heldDeal({ id: 11 + n, leadId, upstreamAt: at(n * 3) })));

  it('no lead is shown twice, no held deal changes agent or order instant, nothing older than what is held is shown', () => {
    fc.assert(
      fc.property(facts, held, (all, rows) => {
        const shown = over(all, rows);
        expect(new Set(shown.map((deal) => deal.leadId)).size).toBe(shown.length);
        for (const deal of shown) {
          const row = rows.find(({ leadId }) => leadId === deal.leadId);
          expect(deal.unsaved).toBe(true);
          expect(deal.id > 0).toBe(row !== undefined);
          if (row) {
            expect([deal.id, deal.userId, deal.orderDate]).toEqual([row.id, row.userId, row.orderDate]);
            expect(deal.upstreamAt > row.upstreamAt).toBe(true);
          } else {
            const first = all.find((one) => one.fact.leadId === deal.leadId)!;
            expect([first.isNew, first.fact.userId, first.fact.orderDate]).toEqual([
              true,
              deal.userId,
              deal.orderDate,
            ]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
