import {
  duplicateField,
  type BoardMove,
  type ClosedDuplicate,
  type DuplicateAction,
  type DuplicateField,
  type DuplicateSide,
  type PendingDuplicate,
} from '../../../src/shared/contract/duplicates.ts';
import { ago, campaigns, groups, nameOf, type Scenario } from './scenarios.ts';

const counts: Partial<Record<Scenario, number>> = {
  many: 10_000,
  waiting: 14,
  ordinary: 3,
  live: 3,
  long: 8,
  raced: 6,
  refusing: 13,
};

/** In which fields two sides differ. */
export function differsIn(a: DuplicateSide, b: DuplicateSide): DuplicateField[] {
  const same: Record<DuplicateField, boolean> = {
    agent: a.user_id === b.user_id,
    commission: a.commission === b.commission,
    order_date: a.order_date === b.order_date,
    multi_deals: a.multi_deals === b.multi_deals,
    campaign: a.campaign === b.campaign,
  };
  return duplicateField.options.filter((field) => !same[field]);
}

export function makeDuplicate(i: number, scenario: Scenario): PendingDuplicate {
  const agent = i % 12;
  const existing: DuplicateSide = {
    user_id: String(900 + agent),
    agent: nameOf(agent, scenario),
    group: groups[agent % 3] ?? null,
    commission: i % 11 === 10 ? null : 4500,
    multi_deals: 1,
    order_date: ago(86_400 + i * 900),
    order_date_source: i % 5 === 4 ? 'fallback' : 'instant',
    campaign:
      scenario === 'long'
        ? 'Kampanj med ett väldigt långt namn för återkommande kunder i hela Norden'
        : (campaigns[i % 3] ?? null),
  };
  const kind = i % 4;
  const other = (agent + 3) % 12;
  const incoming: DuplicateSide = {
    ...existing,
    ...(kind === 0 || kind === 2
      ? { user_id: String(900 + other), agent: nameOf(other, scenario), group: groups[other % 3] ?? null }
      : {}),
    ...(kind === 1 || kind === 2 ? { order_date: ago(3600 + i * 60), order_date_source: 'instant' } : {}),
    ...(kind === 2 ? { commission: 5200.5, multi_deals: 2 } : {}),
    ...(kind === 3 ? { commission: 6100 } : {}),
  };
  const reasons: Record<number, PendingDuplicate['reasons']> = {
    0: ['agent'],
    1: ['order_date'],
    2: ['agent', 'order_date'],
    3: ['commission'],
  };
  const gone = i % 9 === 8;
  return {
    id: i + 1,
    lead_id: String(4_500_000 + i),
    reasons: reasons[kind] ?? ['agent'],
    differs: gone ? [] : differsIn(existing, incoming),
    existing: gone ? null : existing,
    incoming,
    detected_at: ago(300 + Math.max(0, 10_000 - i) * 41),
    version: i % 7 === 6 ? 3 : 1,
  };
}

export function makeDuplicates(scenario: Scenario): PendingDuplicate[] {
  return Array.from({ length: counts[scenario] ?? 0 }, (_, i) => makeDuplicate(i, scenario));
}

const resolutions = ['approved', 'replaced', 'merged', 'rejected', null] as const;

/** Closed cases, newest first. */
export function makeHistory(scenario: Scenario): ClosedDuplicate[] {
  const length = scenario === 'many' ? 10_000 : (counts[scenario] ?? 0) > 0 ? 9 : 0;
  return Array.from({ length }, (_, i) => {
    const resolution = resolutions[i % 5] ?? null;
    return {
      ...makeDuplicate(i + 20_000, scenario),
      status: resolution === null ? 'withdrawn' : 'resolved',
      resolution,
      resolved_at: ago(900 + i * 5_400),
      resolved_by: resolution === null ? null : i % 2 === 0 ? 'anna' : 'erik.lindqvist@kontoret.se',
      note: i % 3 === 0 ? 'Kunden ringde och bekräftade att affären är Annas; Erik vet om det.' : null,
    };
  });
}

/** What each action would do to a board; invented, and different for each. */
export function makeEffects(duplicate: PendingDuplicate): Record<DuplicateAction, BoardMove[]> {
  const { existing, incoming } = duplicate;
  const move = (
    side: DuplicateSide,
    before: number | null,
    after: number | null,
    deals: number,
  ): BoardMove => ({
    user_id: side.user_id,
    agent: side.agent,
    rank_before: before,
    rank_after: after,
    deals,
    commission: deals * (side.commission ?? 0),
  });
  const arrives = move(incoming, 4, 2, incoming.multi_deals);
  if (existing === null) return { approve: [arrives], replace: [arrives], merge: [], reject: [] };
  const leaves = move(existing, 1, duplicate.id % 2 === 0 ? 2 : null, -1);
  return {
    approve: [arrives],
    replace:
      existing.user_id === incoming.user_id ? [{ ...arrives, deals: 0, commission: 700 }] : [arrives, leaves],
    merge: duplicate.differs.includes('commission')
      ? [
          {
            ...arrives,
            rank_after: 4,
            deals: 0,
            commission: (incoming.commission ?? 0) - (existing.commission ?? 0),
          },
        ]
      : [],
    reject: [],
  };
}
