import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBoard, toCents } from '../../src/main/deals/leaderboard.ts';

const names = new Map([
  [1, { name: 'Åsa', group: 'Norr' }],
  [2, { name: 'Anna', group: 'Syd' }],
  [3, { name: 'Zorn', group: null }],
]);
const deal = (userId: number, commissionCents: number, multiDeals = 1) => ({
  userId,
  commissionCents,
  multiDeals,
});
const sms = (userId: number, receiver: string, day = '2026-11-16') => ({ userId, receiver, day });

describe('a board', () => {
  it('sums multi-deals and money, and counts distinct receivers per day', () => {
    const board = makeBoard(
      [deal(1, 10, 3), deal(1, 20), deal(2, 0)],
      [sms(1, '+1'), sms(1, '+1'), sms(1, '+1', '2026-11-17'), sms(1, '+2')],
      names,
    );
    expect(board).toEqual([
      { user_id: '1', name: 'Åsa', group: 'Norr', deals: 4, commission: 0.3, sms: 3, conversion: 4 / 3 },
      { user_id: '2', name: 'Anna', group: 'Syd', deals: 1, commission: 0, sms: 0, conversion: null },
    ]);
  });

  it('lists an agent with messages only, and one whom nobody has named', () => {
    expect(makeBoard([], [sms(9, '+1')], names)).toEqual([
      { user_id: '9', name: 'Agent 9', group: null, deals: 0, commission: 0, sms: 1, conversion: 0 },
    ]);
  });

  it('sorts Swedish names after z where nothing else tells them apart', () => {
    expect(makeBoard([deal(1, 5), deal(2, 5), deal(3, 5)], [], names).map((row) => row.name)).toEqual([
      'Anna',
      'Zorn',
      'Åsa',
    ]);
  });

  it('loses no öre over many deals, negative ones included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -99_999_999, max: 99_999_999 }), { maxLength: 200 }),
        (cents) => {
          const decimals = cents.map((value) => {
            const digits = String(Math.abs(value)).padStart(3, '0');
            return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
          });
          const board = makeBoard(
            decimals.map((decimal) => deal(1, toCents(decimal))),
            [],
            names,
          );
          const sum = cents.reduce((total, value) => total + value, 0);
          expect(Math.round((board[0]?.commission ?? 0) * 100) + 0).toBe(sum + 0);
        },
      ),
    );
  });

  it.each([
    ['4500.00', 450_000],
    ['-0.05', -5],
    ['0.5', 50],
    ['7', 700],
    [null, 0],
    ['999999999999.99', 99_999_999_999_999],
  ] as const)('reads %s as %i öre', (decimal, cents) => {
    expect(toCents(decimal)).toBe(cents);
  });
});
