import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPasses } from '../../src/main/deals/plan-passes.ts';

const large = { dealPages: 50, smsPages: 300, dealsDeltaPages: 1, smsDeltaPages: 2, deltaSeconds: 120 };

/** Calls an hour of a plan: a window of several pages reads its first again, a long one every other time twice. */
function callsPerHour(input: typeof large, plan: ReturnType<typeof planPasses>): number {
  const calls = (count: number) => (count > 1 ? count + 1 : count);
  const again = input.dealPages > 10 ? 1.5 : 1;
  return (
    (calls(input.dealPages) * again * 3_600) / plan.dealsWindowSeconds +
    (calls(input.smsPages) * 3_600) / plan.smsWindowSeconds +
    (input.dealsDeltaPages * 3_600) / plan.deltaSeconds +
    (input.smsDeltaPages * 3_600) / plan.smsDeltaSeconds
  );
}

describe('the plan of passes', () => {
  it('shows a removal within 5 minutes for 5 000 deals at 1000 a page', () => {
    const plan = planPasses({ ...large, dealPages: 5, smsPages: 30 });
    expect(plan.dealsWindowSeconds).toBeLessThanOrEqual(270);
    expect(plan).toMatchObject({ deltaSeconds: 90, stretched: { deals: false, sms: false } });
  });

  it('shows a removal within 15 minutes for 5 000 deals at 100 a page, also when its list is read twice', () => {
    const plan = planPasses(large);
    expect(plan.dealsWindowSeconds).toBeLessThanOrEqual(600);
    expect(plan.stretched).toEqual({ deals: false, sms: false });
  });

  it('starts delta passes early enough for the wish, their own time included', () => {
    expect(planPasses({ ...large, dealPages: 1, smsPages: 1, deltaSeconds: 15 }).deltaSeconds).toBe(11);
    expect(planPasses({ ...large, dealPages: 1, smsPages: 1, deltaSeconds: 600 }).deltaSeconds).toBe(450);
  });

  it('lets messages wait before deals, and says so', () => {
    const plan = planPasses({ ...large, smsDeltaPages: 17 });
    expect(plan.deltaSeconds).toBe(90);
    expect(plan.smsDeltaSeconds).toBeGreaterThan(90);
    expect(plan.stretched).toEqual({ deals: false, sms: true });
  });

  it('stretches delta passes before window passes, and says so', () => {
    const plan = planPasses({ ...large, dealPages: 75, deltaSeconds: 15 });
    expect(plan.stretched.deals).toBe(true);
    expect(plan.deltaSeconds).toBeGreaterThan(15);
    expect(plan.dealsWindowSeconds).toBe(600);
  });

  it('stays inside 1000 calls an hour, whatever the office and however impatient', () => {
    fc.assert(
      fc.property(
        fc.record({
          dealPages: fc.integer({ min: 1, max: 300 }),
          smsPages: fc.integer({ min: 1, max: 500 }),
          dealsDeltaPages: fc.integer({ min: 1, max: 5 }),
          smsDeltaPages: fc.integer({ min: 1, max: 20 }),
          deltaSeconds: fc.integer({ min: 15, max: 600 }),
        }),
        (input) => {
          const plan = planPasses(input);
          expect(callsPerHour(input, plan)).toBeLessThanOrEqual(1_000);
          expect(plan.deltaSeconds).toBeGreaterThanOrEqual(Math.floor((input.deltaSeconds * 3) / 4));
          expect(plan.smsDeltaSeconds).toBeGreaterThanOrEqual(Math.floor((input.deltaSeconds * 3) / 4));
        },
      ),
      { numRuns: 500 },
    );
  });
});
