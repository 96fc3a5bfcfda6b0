import { describe, expect, it } from 'vitest';
import type { DealView, TodayView } from '../../../src/shared/contract/deals.ts';
import { mergeToday } from '../../../src/renderer/today/today-store.ts';

const deal = (id: number): DealView => ({
  id,
  lead_id: String(id),
  user_id: '1',
  agent: 'Anna',
  group: null,
  campaign: null,
  commission: null,
  multi_deals: 1,
  order_date: '2026-11-22T08:00:00Z',
  order_date_source: 'instant',
  notes: [],
  created_at: '2026-11-22T08:00:00Z',
  synced_at: '2026-11-22T08:00:00Z',
});
const today = (seq: number, ids: number[], day = '2026-11-22'): TodayView => ({
  day,
  time_zone: 'Europe/Stockholm',
  seq,
  unsaved: 0,
  totals: { deals: ids.length, commission: 0, sms: 0, waiting: 0 },
  board: [],
  feed: ids.map(deal),
});

describe('mergeToday', () => {
  it('shows nothing as newly arrived at first', () => {
    expect(mergeToday(today(1, [1, 2]), null).arrived.size).toBe(0);
  });

  it('marks the deals that came since', () => {
    const first = mergeToday(today(1, [2, 1]), null);
    expect([...mergeToday(today(2, [3, 2, 1]), first).arrived]).toEqual([3]);
  });

  it('does not mark a deal anew that was shown before it was saved', () => {
    const before = today(1, [2]);
    before.feed.unshift({ ...deal(-7), lead_id: '9', unsaved: true });
    const after = today(2, [3, 2]);
    after.feed[0] = { ...deal(3), lead_id: '9' };
    expect(mergeToday(after, mergeToday(before, null)).arrived.size).toBe(0);
  });

  it('forgets arrivals with the next answer', () => {
    const second = mergeToday(today(2, [3, 2]), mergeToday(today(1, [2]), null));
    expect(mergeToday(today(3, [3, 2]), second).arrived.size).toBe(0);
  });

  it('does not take an answer older than what is shown', () => {
    const shown = mergeToday(today(5, [2, 1]), null);
    expect(mergeToday(today(4, [1]), shown)).toBe(shown);
  });

  it('takes a new day whatever its number, without arrivals', () => {
    const shown = mergeToday(today(5, [1]), null);
    const next = mergeToday(today(4, [9], '2026-11-23'), shown);
    expect(next.day).toBe('2026-11-23');
    expect(next.arrived.size).toBe(0);
  });

  it('treats a bulk as quiet', () => {
    const ids = Array.from({ length: 30 }, (_, i) => i + 10);
    expect(mergeToday(today(2, ids), mergeToday(today(1, [1]), null)).arrived.size).toBe(0);
  });
});
