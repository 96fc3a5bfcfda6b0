import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FairFacts } from '../../src/shared/contract/boards.ts';
import { countNamed, markBoard } from '../../src/shared/fair-board.ts';

const nothing: FairFacts = { best: null, before: null, rookies: null, hide_last: 0 };
const row = (user_id: string, deals: number, commission = 0) => ({ user_id, deals, commission });

describe('marks of a board', () => {
  it('are none where nothing is known', () => {
    expect(markBoard([row('1', 5)], nothing).size).toBe(0);
  });

  it('tell a personal best only where an earlier one is beaten', () => {
    const rows = [row('1', 5), row('2', 5), row('3', 5), row('4', 5)];
    const marks = markBoard(rows, { ...nothing, best: { '1': 4, '2': 5, '3': 6, '4': 0 } });
    expect([...marks]).toEqual([['1', { best: 4, rise: null, rookie: false }]]);
  });

  it('tell who rose most: by deals, then by commission; who sold nothing before did not rise', () => {
    const rows = [row('new', 20), row('a', 9, 100.1), row('b', 8, 200.2), row('c', 9, 90)];
    const before = {
      a: { deals: 4, commission: 0 },
      b: { deals: 3, commission: 100.1 },
      c: { deals: 5, commission: 0 },
    };
    const marks = markBoard(rows, { ...nothing, before });
    expect([...marks].map(([id, of]) => [id, of.rise])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
  });

  it('tell nobody to have improved where nobody did', () => {
    const before = { a: { deals: 4, commission: 0 }, b: { deals: 3, commission: 0 } };
    expect(markBoard([row('a', 4, 900), row('b', 2)], { ...nothing, before }).size).toBe(0);
  });

  it('tell rookies', () => {
    expect(markBoard([row('1', 0), row('2', 1)], { ...nothing, rookies: ['1', '9'] })).toEqual(
      new Map([['1', { best: null, rise: null, rookie: true }]]),
    );
  });
});

describe('how many rows are named', () => {
  it.each([
    ['all, where nobody hides', [1, 2, 3, 4, 5], 0, 5],
    ['all but the last', [1, 2, 3, 4, 5], 2, 3],
    ['the first three whatever is set', [1, 2, 3, 4, 5], 100, 3],
    ['none of those who share a place with a hidden one', [1, 2, 3, 4, 5, 5, 5], 1, 4],
    ['equals among the first three', [1, 2, 2, 2, 2], 2, 5],
    ['a board as short as that', [1, 2], 1, 2],
    ['nobody of nobody', [], 3, 0],
  ])('%s', (_what, places, hide, named) => {
    expect(countNamed(places, hide)).toBe(named);
  });

  /** Places as boards give them, of worths. */
  const placesOf = (worths: number[]) => {
    const rows = [...worths].sort((a, b) => b - a);
    return rows.map((worth) => rows.indexOf(worth) + 1);
  };
  const worths = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 20 });

  function holds(count: typeof countNamed): void {
    fc.assert(
      fc.property(worths, fc.integer({ min: 0, max: 25 }), (given, hide) => {
        const places = placesOf(given);
        const named = count(places, hide);
        const [shown, rest] = [places.slice(0, named), places.slice(named)];
        // Equals are treated alike, the first three places are named, and whoever need not be hidden is not.
        expect(shown.some((place) => rest.includes(place))).toBe(false);
        expect(rest.every((place) => place > 3)).toBe(true);
        const last = new Set(hide === 0 ? [] : places.slice(-hide).filter((place) => place > 3));
        expect(rest.every((place) => last.has(place))).toBe(true);
        expect(places.filter((place) => last.has(place))).toHaveLength(rest.length);
      }),
    );
  }

  it('treats equals alike, whatever is set', () => {
    expect(() => holds(countNamed)).not.toThrow();
  });

  it('naively cut would not', () => {
    expect(() => holds((places, hide) => Math.max(0, places.length - hide))).toThrow();
  });
});
