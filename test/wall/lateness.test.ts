import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLateness } from '../../src/main/wall/lateness.ts';

const minute = 60_000;

it('tells what came minutes after it was written, however far the two clocks are apart', () => {
  const skews = fc.integer({ min: -86_400_000, max: 86_400_000 });
  fc.assert(
    fc.property(
      skews,
      fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 60 }),
      (skew, lags) => {
        const isLate = createLateness();
        let now = 1_000_000;
        for (const lag of lags) expect(isLate((now += minute), now + lag + skew)).toBe(false);
        expect(isLate(now, now + 20 * minute + skew)).toBe(true);
      },
    ),
  );
});

it('forgets a clock that was set, after a while', () => {
  const isLate = createLateness();
  isLate(0, -60 * minute);
  const verdicts = Array.from({ length: 25 }, (_, index) => isLate(index * minute, index * minute));
  expect(verdicts[0]).toBe(true);
  expect(verdicts.at(-1)).toBe(false);
});
