import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scoreLine } from '../../../src/renderer/packages/score-line.ts';

const size = { width: 600, height: 200 };
const pointOf = (score: number | null, i: number) => ({
  ...{ at: new Date(i * 1000).toISOString(), total: 1, valid: 1, invalid: 0, score },
});

it('stays inside its drawing, goes from left to right, and has every score once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10)), { maxLength: 90 }),
      (scores) => {
        const { runs, floor } = scoreLine(scores.map(pointOf), 95, size);
        const placed = runs.flat();
        expect(placed.map(({ point }) => point.score)).toEqual(scores.filter((score) => score !== null));
        expect(floor).toBeLessThan(95);
        placed.forEach(({ x, y }, i) => {
          expect(x).toBeGreaterThanOrEqual(placed[i - 1]?.x ?? 0);
          expect(x).toBeLessThanOrEqual(size.width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(size.height);
        });
      },
    ),
  );
});

it('breaks where a validation had nothing to check', () => {
  const { runs } = scoreLine([90, null, 80, 70].map(pointOf), 95, size);
  expect(runs.map((run) => run.map(({ point }) => point.score))).toEqual([[90], [80, 70]]);
});
