import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPlings } from '../../src/main/wall/plan-plings.ts';
import { mostNamed } from '../../src/shared/contract/wall.ts';
import { wallDeal } from './wall-deals.ts';

const how = { unheard: false, silent: false, since: null, honours: [] };
const deals = (count: number) => Array.from({ length: count }, (_, id) => wallDeal({ id: id + 1 }));

describe('a celebration', () => {
  it('is none without deals, a name for one, a few names, then a number', () => {
    expect(planPlings([], how)).toBeNull();
    expect(planPlings(deals(1), how)).toMatchObject({ state: 'pling', celebration: { kind: 'pling' } });
    expect(planPlings(deals(mostNamed), how)).toMatchObject({
      state: 'burst',
      celebration: { kind: 'burst' },
    });
    const many = planPlings(deals(mostNamed + 1), how);
    expect(many).toMatchObject({ state: 'summary', celebration: { kind: 'summary', deals: [] } });
  });

  it('is a number for what nobody heard, with the time since when', () => {
    const since = new Date('2026-11-22T13:02:00Z');
    const plan = planPlings(deals(2), { ...how, unheard: true, since });
    expect(plan?.celebration).toMatchObject({ kind: 'summary', count: 2, since: since.toISOString() });
    expect(planPlings(deals(2), { ...how, since })?.celebration.since).toBeNull();
  });

  it('is seen but not heard while muted, and written down as that', () => {
    const plan = planPlings(deals(1), { ...how, silent: true });
    expect(plan).toMatchObject({ state: 'muted', celebration: { kind: 'pling', silent: true } });
  });

  it('counts multi-deals and sums commission exactly, whatever the deals', () => {
    const given = fc.array(
      fc.record({
        commission: fc.option(fc.integer({ min: -100_000, max: 100_000_000 }).map((ore) => ore / 100)),
        multiDeals: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(given, fc.boolean(), (parts, unheard) => {
        const plan = planPlings(
          parts.map((part, id) => wallDeal({ id, ...part })),
          { ...how, unheard },
        )!.celebration;
        expect(plan.count).toBe(parts.reduce((sum, { multiDeals }) => sum + multiDeals, 0));
        const ore = parts.reduce((sum, { commission }) => sum + Math.round((commission ?? 0) * 100), 0);
        expect(Math.round(plan.commission * 100)).toBe(ore);
        expect(plan.deals.length).toBeLessThanOrEqual(mostNamed);
        expect(plan.deals.length === 0 || plan.deals.length === parts.length).toBe(true);
      }),
    );
  });
});
