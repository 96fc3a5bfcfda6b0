import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardRemovals } from '../../src/main/system/guard-removals.ts';

const answer = (ofDeals: number, missing: number, emptyAnswer = false) => {
  const question = { ofDeals, missing, emptyAnswer, brakeShare: 0.05, brakeRows: 20 };
  const found = guardRemovals(question);
  return found.kind === 'hold' ? found.reason : found.kind;
};

describe('the delete brake', () => {
  it.each([
    [420, 21, 'look-up'],
    [419, 21, 'share'],
    [420, 22, 'share'],
    [100, 20, 'look-up'],
    [100, 21, 'share'],
    [10_000, 500, 'look-up'],
    [10_000, 501, 'share'],
    [5, 2, 'look-up'],
    [5, 3, 'half'],
    [6, 3, 'look-up'],
    [6, 4, 'half'],
    [4, 4, 'look-up'],
    [40, 20, 'look-up'],
    [39, 20, 'half'],
    [0, 0, 'look-up'],
  ] as const)('of %i deals %i missing: %s', (ofDeals, missing, expected) => {
    expect(answer(ofDeals, missing)).toBe(expected);
  });

  it.each([1, 2, 3, 4, 5, 1000])('holds everything on the word of an empty answer, also of %i', (rows) => {
    expect(answer(rows, rows, true)).toBe('empty');
  });

  it('has nothing to hold where nothing is missing, an empty first answer included', () => {
    expect(answer(0, 0, true)).toBe('look-up');
    expect(answer(500, 0)).toBe('look-up');
  });

  it('says what the rule says, in whole numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 20_000 }), (deals, gone) => {
        const missing = Math.min(deals, gone);
        const tooMany = (missing * 20 > deals && missing > 20) || (deals >= 5 && missing * 2 > deals);
        expect(answer(deals, missing) !== 'look-up').toBe(tooMany);
      }),
      { numRuns: 2_000 },
    );
  });
});
