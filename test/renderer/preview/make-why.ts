import type { WhyKind, WhyStep, WhyView } from '../../../src/shared/contract/why.ts';
import { ago } from './scenarios.ts';

const none = { deal_id: null, agent: null, commission: null, order_date: null, by: null, note: null };
const step = (seconds: number, kind: WhyKind, more: Partial<WhyStep> = {}): WhyStep => ({
  ...none,
  details: [],
  ...more,
  at: ago(seconds),
  kind,
});

/** A lead to which nearly everything happened. */
export function makeWhy(leadId: string): WhyView {
  const deal = { deal_id: 41, agent: 'Erik Lundqvist', commission: 4500, order_date: ago(9_000) };
  return {
    lead_id: leadId,
    verdict: 'counts',
    waiting: true,
    counts: [
      {
        deal_id: 41,
        agent: 'Erik Lundqvist',
        multi_deals: 2,
        commission: 4500,
        day: '2026-11-22',
        periods: ['today', 'week', 'month'],
        archived: false,
      },
    ],
    steps: [
      step(9_100, 'rejected', { details: ['commission'], note: 'string(4)' }),
      step(8_900, 'seen', { ...deal, commission: null, details: ['order-date-missing'] }),
      step(7_000, 'updated', { ...deal, details: ['commission', 'order_date'] }),
      step(5_000, 'case-opened', { agent: 'Anna Berg', commission: 5200, details: ['agent', 'commission'] }),
      step(4_000, 'decided', { by: 'bertil', note: 'Kunden ringde två gånger', details: ['replace'] }),
      step(3_900, 'undone', { by: 'bertil' }),
      step(2_000, 'held', { details: ['share'] }),
      step(1_500, 'hold-decided', { by: 'anna', details: ['discarded'] }),
    ],
    last_looked: ago(42),
  };
}
