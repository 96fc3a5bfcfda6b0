import { expect, it } from 'vitest';
import { instantOfDeal } from '../../../src/renderer/today/deal-time.ts';

const seen = '2026-11-22T08:14:00.000Z';

it.each([
  ['instant', '2026-11-22T07:00:00.000Z', '2026-11-22T07:00:00.000Z'],
  ['fallback', '2026-11-22T07:00:00.000Z', '2026-11-22T07:00:00.000Z'],
  ['day', '2026-11-21T23:00:00.000Z', seen],
  ['instant', '2026-11-22T15:00:00.000Z', seen],
] as const)('an order date known by %s, %s, is told as %s', (source, ordered, told) => {
  expect(instantOfDeal({ order_date: ordered, order_date_source: source, created_at: seen })).toBe(told);
});
