import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPasses } from '../../src/main/deals/plan-passes.ts';

/** Calls an hour of a plan: a window of several pages reads its first again, a delta pass makes two calls. */
function callsPerHour(pages: { deals: number; sms: number }, plan: ReturnType<typeof planPasses>): number {
  const calls = (count: number) => (count > 1 ? count + 1 : count);
  return (
    (calls(pages.deals) * 3_600) / plan.dealsWindowSeconds +
    (calls(pages.sms) * 3_600) / plan.smsWindowSeconds +
    (2 * 3_600) / plan.deltaSeconds
  );
}

describe('the plan of passes', () => {
  it('shows a removal within 5 minutes for 5 000 deals at 1000 a page', () => {
    const plan = planPasses({ dealPages: 5, smsPages: 10, deltaPages: 2, deltaSeconds: 120 });
    expect(plan.dealsWindowSeconds).toBeLessThanOrEqual(270);
    expect(plan).toMatchObject({ deltaSeconds: 120, stretched: false });
  });

  it('shows a removal within 15 minutes for 5 000 deals at 100 a page', () => {
    const plan = planPasses({ dealPages: 50, smsPages: 100, deltaPages: 2, deltaSeconds: 120 });
    expect(plan.dealsWindowSeconds).toBeLessThanOrEqual(840);
  });

  it('stretches delta passes before window passes, and says so', () => {
    const plan = planPasses({ dealPages: 90, smsPages: 86, deltaPages: 2, deltaSeconds: 15 });
    expect(plan.stretched).toBe(true);
    expect(plan.deltaSeconds).toBeGreaterThan(15);
    expect(plan.dealsWindowSeconds).toBe(780);
  });

  it('stays inside 1000 calls an hour, whatever the office and however impatient', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 15, max: 600 }),
        (deals, sms, deltaSeconds) => {
          const plan = planPasses({ dealPages: deals, smsPages: sms, deltaPages: 2, deltaSeconds });
          expect(callsPerHour({ deals, sms }, plan)).toBeLessThanOrEqual(1_000);
          expect(plan.deltaSeconds).toBeGreaterThanOrEqual(deltaSeconds);
        },
      ),
      { numRuns: 500 },
    );
  });
});
