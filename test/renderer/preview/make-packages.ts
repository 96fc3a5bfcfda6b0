import type {
  CatalogueChange,
  CataloguePackage,
  CatalogueRun,
} from '../../../src/shared/contract/catalogue.ts';
import type { InvalidReason, MyPackage, PackagesHealth } from '../../../src/shared/contract/my-packages.ts';
import type { PackageOrder } from '../../../src/shared/contract/package-orders.ts';
import { ago, longNames, type Scenario } from './scenarios.ts';

const places = [
  ['sweden', 'SE', 'Sweden', 'Europe'],
  ['japan', 'JP', 'Japan', 'Asia'],
  ['united-states', 'US', 'United States', 'North America'],
  ['turkey', 'TR', 'Turkey', 'Europe'],
  ['thailand', 'TH', 'Thailand', 'Asia'],
  ['europe-us', null, 'Europe & US', null],
] as const;
const reasons: readonly InvalidReason[] = ['retired', 'below-cost', 'mis-united', 'differs', 'missing'];

/** How many packages are sold, and how many are on offer. */
export function sizesOf(scenario: Scenario): { mine: number; catalogue: number } {
  if (scenario === 'empty' || scenario === 'first') return { mine: 0, catalogue: 0 };
  return scenario === 'many' ? { mine: 11_000, catalogue: 11_000 } : { mine: 50, catalogue: 11_000 };
}

export function makeOffered(index: number, scenario: Scenario): CataloguePackage {
  const [place, code, country, region] = places[index % places.length]!;
  const unlimited = index % 11 === 10;
  const dataMb = [500, 1_024, 3_072, 5_120, 10_240, 20_480][index % 6]!;
  const days = [7, 15, 30][index % 3]!;
  return {
    id: `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`,
    reseller_id: `esim-${place}-${days}d-${unlimited ? 'ul' : dataMb}-${index}`,
    name:
      scenario === 'long'
        ? longNames[index % longNames.length]!
        : `${country} ${unlimited ? 'Unlimited' : `${dataMb / 1024 >= 1 ? `${dataMb / 1024} GB` : `${dataMb} MB`}`} ${days} days`,
    ...{ place, country_code: code, country_name: country, region },
    geography: code === null ? 'regional' : 'local',
    data_mb: unlimited ? null : dataMb,
    ...{ unlimited, days, price: 1.5 + (index % 40) * 0.75 },
    ...{ calls: 'none', sms: 'none', hotspot: index % 4 !== 0, throttle: null },
    retired_at: null,
  };
}

export function makeMine(index: number, scenario: Scenario): MyPackage {
  const offered = makeOffered(index, scenario);
  const reason = index % 7 === 3 ? reasons[Math.floor(index / 7) % reasons.length]! : null;
  return {
    id: index + 1,
    ...{ reseller_id: offered.reseller_id, name: offered.name, country_code: offered.country_code },
    ...{ region: offered.region, place: offered.place, data_mb: offered.data_mb },
    ...{ unlimited: offered.unlimited, days: offered.days, visible: index % 9 !== 8, version: 1 },
    price: reason === 'below-cost' ? offered.price - 1 : index % 13 === 12 ? null : offered.price * 2,
    updated_at: ago(86_400),
    cost: reason === 'missing' ? null : offered.price,
    validation:
      index % 17 === 16
        ? null
        : {
            ...{ valid: reason === null, reason, checked_at: ago(5_400) },
            detail: reason && `${offered.reseller_id}: ${reason} (made up).`,
          },
  };
}

export function makeHealthOf(mine: readonly MyPackage[]): PackagesHealth {
  const valid = mine.filter((one) => one.validation?.valid === true).length;
  const wrong = mine.filter((one) => one.validation?.valid === false);
  const score = valid === 0 ? null : Math.round((valid / (valid + wrong.length)) * 1000) / 10;
  const trend = Array.from({ length: mine.length === 0 ? 0 : 40 }, (_, i) => {
    const at = 100 - (i > 20 ? (i - 20) * 0.7 : 0) - (i % 5) * 0.4;
    return {
      ...{ at: ago((40 - i) * 86_400), total: mine.length, valid, invalid: wrong.length },
      score: i === 39 ? score : Math.round(at * 10) / 10,
    };
  });
  return {
    ...{ total: mine.length, valid, invalid: wrong.length, unchecked: mine.length - valid - wrong.length },
    ...{ score, last_validation: mine.length === 0 ? null : ago(5_400), target: 95, trend },
    reasons: reasons
      .map((reason) => ({
        reason,
        count: wrong.filter((one) => one.validation?.reason === reason).length,
      }))
      .filter(({ count }) => count > 0),
    proposals: Math.ceil(wrong.length / 2),
  };
}

export const catalogueRun: CatalogueRun = {
  ...{ id: 40, kind: 'window', trigger: 'schedule', state: 'complete' },
  ...{ started_at: ago(30_000), ended_at: ago(29_996), inserted: 40, updated: 25, removed: 12 },
  ...{ unchanged: 10_923, held: 0, rejected: 0, note: null, error_code: null, error: null },
};

export function makeChanges(scenario: Scenario, count: number): CatalogueChange[] {
  const kinds = ['new', 'retired', 'repriced', 'returned', 'changed'] as const;
  return Array.from({ length: count }, (_, i) => {
    const { reseller_id, name, place, country_code, price } = makeOffered(i, scenario);
    const change = kinds[i % 5]!;
    return {
      ...{ change, reseller_id, name, place, country_code, at: ago(29_996), mine: i < 6 },
      price_before: change === 'new' ? null : change === 'repriced' ? price + 0.5 : price,
      price_after: price,
      fields: change === 'changed' ? ['days', 'name'] : [],
    };
  });
}

export function makeOrders(scenario: Scenario, count: number): PackageOrder[] {
  const states = ['completed', 'needs-person', 'unknown', 'failed', 'completed', 'open'] as const;
  return Array.from({ length: count }, (_, i) => {
    const offered = makeOffered(i, scenario);
    const state = states[i % 6]!;
    const bought = state === 'completed' ? offered.reseller_id : null;
    return {
      ...{ id: count - i, reference_id: `sale-2026-${1000 + count - i}`, reseller_id: offered.reseller_id },
      ...{ bought_reseller_id: bought, state, vendor_order_id: bought && String(88_000 + i) },
      ...{ total: bought === null ? null : offered.price, currency: bought && 'USD', fallback: null },
      esims: bought ? [{ esim_id: 'e1', package_id: bought, iccid: '8946200000000000001' }] : [],
      message: 'As the preview made it up.',
      alternatives:
        state === 'needs-person'
          ? [
              {
                package: makeOffered(i + 6, scenario),
                ...{ nearness: 'place', equivalent: false, words: '' },
                differences: [{ field: 'days', from: 7, to: 15, words: '' }],
              },
            ]
          : [],
      ...{ actor: 'anna', created_at: ago(600 * (i + 1)), updated_at: ago(600 * i) },
      attempts: (['check', 'order', 'look-up'] as const).map((kind, n) => ({
        ...{ number: n + 1, kind, reseller_id: offered.reseller_id, started_at: ago(600 * (i + 1) - n) },
        ended_at: ago(600 * (i + 1) - n),
        outcome:
          kind === 'check'
            ? 'present'
            : kind === 'order'
              ? bought
                ? 'done'
                : 'lost'
              : bought
                ? 'done'
                : 'absent',
        ...{ status: kind === 'order' && !bought ? 500 : 200, detail: null },
      })),
    };
  });
}
