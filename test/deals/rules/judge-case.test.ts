import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, type JudgedCase } from '../../../src/main/deals/rules/judge-case.ts';
import type { DuplicateField } from '../../../src/shared/contract/duplicates.ts';
import type { RuleConditions } from '../../../src/shared/contract/rules.ts';
import { anyCase } from './rule-steps.ts';

const at = { now: new Date('2026-11-16T11:00:00Z'), zone: 'Europe/Stockholm' };
const existing = {
  ...{ userId: 1, commission: '100.00', multiDeals: 1, campaignId: '7' },
  ...{ orderDate: new Date('2026-11-16T08:00:00Z'), orderDateSource: 'instant' as const },
};
const found: JudgedCase = {
  existing,
  incoming: { ...existing, userId: 2, commission: '250.50' },
  detectedAt: new Date('2026-11-16T10:00:00Z'),
};
const ask = (conditions: Partial<RuleConditions>, change: Partial<JudgedCase> = {}) =>
  fits({ ...anyCase, ...conditions }, { ...found, ...change }, at);

describe('a rule', () => {
  it('without conditions fits every case that has an earlier deal', () => {
    expect(ask({})).toBe(true);
    expect(ask({}, { existing: null })).toBe(false);
  });

  it.each<[string, Partial<RuleConditions>, boolean]>([
    ['nothing else differs', { differsOnlyIn: ['agent', 'commission'] }, true],
    ['something else differs', { differsOnlyIn: ['agent'] }, false],
    ['its agent', { agents: [2, 3] }, true],
    ['the former agent', { agents: [1] }, false],
    ['its campaign', { campaigns: ['7'] }, true],
    ['another campaign', { campaigns: ['8'] }, false],
    ['commissions as far apart', { commissionApartAtMost: 150.5, commissionApartAtLeast: 150.5 }, true],
    ['commissions further apart', { commissionApartAtMost: 150.49 }, false],
    ['commissions closer', { commissionApartAtLeast: 150.51 }, false],
    ['its weekday', { weekdays: [1] }, true],
    ['another weekday', { weekdays: [2, 3, 4, 5, 6, 7] }, false],
    ['old enough', { waitedMinutes: 60 }, true],
    ['too young', { waitedMinutes: 61 }, false],
  ])('asks: %s', (_what, conditions, expected) => {
    expect(ask(conditions)).toBe(expected);
  });

  it('takes the office’s day, and Sunday as the seventh', () => {
    const orderDate = new Date('2026-11-15T23:30:00Z');
    expect(ask({ weekdays: [1] }, { incoming: { ...found.incoming, orderDate } })).toBe(true);
    const sunday = { ...found.incoming, orderDate: new Date('2026-11-15T12:00:00Z') };
    expect(ask({ weekdays: [7] }, { incoming: sunday })).toBe(true);
  });

  it('fits where each of its conditions alone fits, and nowhere else', () => {
    const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
    const conditions: fc.Arbitrary<RuleConditions> = fc.record({
      differsOnlyIn: maybe(fc.constantFrom<DuplicateField[]>(['agent'], ['agent', 'commission'])),
      agents: maybe(fc.constantFrom<number[]>([1], [2])),
      campaigns: maybe(fc.constantFrom<string[]>(['7'], ['8'])),
      commissionApartAtLeast: maybe(fc.constantFrom(0, 150.5, 200)),
      commissionApartAtMost: maybe(fc.constantFrom(0, 150.5, 200)),
      weekdays: maybe(fc.constantFrom<number[]>([1], [2])),
      waitedMinutes: maybe(fc.constantFrom(1, 60, 61)),
    });
    fc.assert(
      fc.property(conditions, (all) => {
        const each = Object.entries(all).map(([key, value]) => ask({ [key]: value }));
        expect(ask(all)).toBe(each.every(Boolean));
      }),
    );
  });
});
