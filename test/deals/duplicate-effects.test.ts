import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayRange } from '../../src/shared/business-day.ts';
import { duplicateAction, type BoardMove } from '../../src/shared/contract/duplicates.ts';
import { duplicateEffects } from '../../src/main/deals/duplicate-effects.ts';
import { makeBoard, toCents, type AgentName } from '../../src/main/deals/leaderboard.ts';
import {
  planResolution,
  type ExistingDeal,
  type NotedContent,
} from '../../src/main/deals/plan-resolution.ts';

const zone = 'Europe/Stockholm';
const day = '2026-11-16';
const range = dayRange(day, zone);
const agents = new Map<number, AgentName>(
  ['Anna', 'Bo', 'Cia', 'Dan', 'Erik'].map((name, index) => [index + 1, { name, group: null }]),
);

const deal = (userId: number, commission: string | null, more: Partial<ExistingDeal> = {}): ExistingDeal => ({
  userId,
  commission,
  multiDeals: 1,
  campaignId: null,
  orderDate: new Date('2026-11-16T09:00:00Z'),
  orderDateSource: 'instant',
  notes: [],
  isDuplicate: false,
  ...more,
});

type Sms = { userId: number; receiver: string; day: string };

const counts = (one: ExistingDeal) =>
  !one.isDuplicate && one.orderDate >= range.start && one.orderDate < range.end;
const boardDeal = (one: NotedContent) => ({
  userId: one.userId,
  commissionCents: toCents(one.commission),
  multiDeals: one.multiDeals,
});
const boardOf = (deals: readonly ExistingDeal[], sms: readonly Sms[]) =>
  makeBoard(deals.filter(counts).map(boardDeal), sms, agents);

function effects(
  deals: readonly ExistingDeal[],
  sms: readonly Sms[],
  existing: ExistingDeal | null,
  incoming: NotedContent,
) {
  return duplicateEffects(existing, incoming, {
    range,
    timeZone: zone,
    rows: boardOf(deals, sms),
    dealsOf: (userId) => deals.filter((one) => counts(one) && one.userId === userId).length,
    agent: (userId) => agents.get(userId),
  });
}

describe('what a decision would do to today’s board', () => {
  it('tells places, deals and commission of the agents touched', () => {
    const annas = deal(1, '1000');
    const deals = [annas, deal(2, '800'), deal(2, '1'), deal(5, '100'), deal(5, '100')];
    expect(effects(deals, [], annas, deal(5, '4500.00'))).toEqual({
      approve: [{ user_id: '5', agent: 'Erik', rank_before: 2, rank_after: 1, deals: 1, commission: 4500 }],
      replace: [
        { user_id: '5', agent: 'Erik', rank_before: 2, rank_after: 1, deals: 1, commission: 4500 },
        { user_id: '1', agent: 'Anna', rank_before: 3, rank_after: null, deals: -1, commission: -1000 },
      ],
      merge: [{ user_id: '1', agent: 'Anna', rank_before: 3, rank_after: 3, deals: 0, commission: 3500 }],
      reject: [],
    });
  });

  it('is nothing where neither side is today’s, and half where one is', () => {
    const yesterday = { orderDate: new Date('2026-11-15T22:59:59Z') };
    const old = deal(1, '10', yesterday);
    expect(effects([old], [], old, deal(2, '10', yesterday))).toEqual({
      approve: [],
      replace: [],
      merge: [],
      reject: [],
    });
    expect(effects([old], [], old, deal(2, '10')).replace).toMatchObject([
      { user_id: '2', rank_after: 1, deals: 1 },
    ]);
    // The order date that a merge takes over brings the old deal onto the board.
    expect(effects([old], [], old, deal(2, '10')).merge).toMatchObject([
      { user_id: '1', rank_before: null, rank_after: 1 },
    ]);
  });

  it('has no merge where there is nothing to merge into', () => {
    expect(effects([], [], null, deal(2, '10'))).toMatchObject({
      merge: [],
      replace: [{ deals: 1 }],
      approve: [{ deals: 1 }],
    });
  });

  it('is what a recount of the deals after the decision says', () => {
    const anyDeal = fc
      .record({
        userId: fc.integer({ min: 1, max: 5 }),
        commission: fc.constantFrom(null, '0.00', '99.90', '100.00', '4500.00'),
        multiDeals: fc.integer({ min: 0, max: 3 }),
        orderDate: fc
          .constantFrom('2026-11-15T10:00:00Z', '2026-11-16T09:00:00Z', '2026-11-16T10:00:00Z')
          .map((at) => new Date(at)),
        orderDateSource: fc.constantFrom('instant' as const, 'day' as const),
        isDuplicate: fc.boolean(),
      })
      .map((of): ExistingDeal => ({ ...deal(of.userId, of.commission), ...of }));
    const message = fc.record({
      userId: fc.integer({ min: 1, max: 5 }),
      receiver: fc.constantFrom('a', 'b'),
      day: fc.constant(day),
    });
    fc.assert(
      fc.property(
        fc.array(anyDeal, { maxLength: 12 }),
        fc.array(message, { maxLength: 5 }),
        fc.option(anyDeal),
        anyDeal,
        (others, sms, existing, next) => {
          const incoming: NotedContent = next;
          const before = existing ? [...others, existing] : others;
          const told = effects(before, sms, existing, incoming);
          const old = boardOf(before, sms);
          for (const action of duplicateAction.options) {
            const plan = planResolution({ action }, existing, incoming, zone);
            if (plan.kind === 'refused') continue;
            const after: ExistingDeal[] = [...others];
            if (existing && plan.existing.kind === 'merge')
              after.push({ ...plan.existing.content, isDuplicate: false });
            else if (existing)
              after.push({
                ...existing,
                isDuplicate: existing.isDuplicate || plan.existing.kind === 'replace',
              });
            if (plan.insert) after.push({ ...plan.insert, isDuplicate: false });
            const recount = boardOf(after, sms);
            const find = (rows: typeof old, id: string) => {
              const index = rows.findIndex((row) => row.user_id === id);
              const row = rows[index];
              return {
                rank: row ? index + 1 : null,
                deals: row?.deals ?? 0,
                commission: row?.commission ?? 0,
              };
            };
            for (const move of told[action]) {
              const [was, is] = [find(old, move.user_id), find(recount, move.user_id)];
              expect(move).toMatchObject({
                rank_before: was.rank,
                rank_after: is.rank,
                deals: is.deals - was.deals,
              });
              expect(move.commission).toBeCloseTo(is.commission - was.commission, 6);
            }
            // Who is not told of has the sums of before.
            const named = new Set(told[action].map((move: BoardMove) => move.user_id));
            for (const row of recount.filter((one) => !named.has(one.user_id))) {
              const was = find(old, row.user_id);
              expect([row.deals, row.commission]).toEqual([was.deals, was.commission]);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
