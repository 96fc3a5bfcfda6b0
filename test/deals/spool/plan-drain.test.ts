import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutIntoParts, splitSuperseded } from '../../../src/main/deals/spool/plan-drain.ts';
import { at, reading } from './spool-facts.ts';

const held = (stamp: Date | null, removedAt: Date | null = null) => new Map([['1', { stamp, removedAt }]]);
const isFresh = (state: ReturnType<typeof held>, of = reading()) =>
  splitSuperseded([of], state).fresh.length === 1;

describe('what may still be saved', () => {
  it('is what is newer than what is held, and what nothing is held of', () => {
    expect(isFresh(new Map())).toBe(true);
    expect(isFresh(held(null))).toBe(true);
    expect(isFresh(held(at(0)))).toBe(true);
  });

  it('is nothing as old as what is held, or older', () => {
    expect(isFresh(held(at(1)))).toBe(false);
    expect(isFresh(held(at(2)))).toBe(false);
  });

  it('does not bring back a lead that was removed after it was read', () => {
    expect(isFresh(held(null, at(61)))).toBe(false);
    expect(isFresh(held(null, at(59)))).toBe(true);
    // Removed once, and followed again since: the stamps alone speak.
    expect(isFresh(held(at(0), at(61)))).toBe(true);
  });
});

describe('the parts that are saved one after the other', () => {
  it('keep the order, hold every reading once, and each lead once in each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1', '2', '3', '4')),
        fc.integer({ min: 1, max: 5 }),
        (leads, most) => {
          const facts = leads.map((leadId, n) => reading({ leadId, seq: n + 1 }));
          const parts = cutIntoParts(facts, most);
          expect(parts.flat()).toEqual(facts);
          for (const part of parts) {
            expect(part.length).toBeGreaterThan(0);
            expect(part.length).toBeLessThanOrEqual(most);
            expect(new Set(part.map(({ fact }) => fact.leadId)).size).toBe(part.length);
          }
        },
      ),
    );
  });
});
