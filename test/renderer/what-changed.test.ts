import { describe, expect, it } from 'vitest';
import { readChange } from '../../src/shared/contract/changes.ts';
import { allTopics, whatChanged } from '../../src/renderer/what-changed.ts';

const at = new Date('2026-11-22T10:00:00Z');
const told = (kind: string, data: unknown) =>
  whatChanged({ type: 'change', change: readChange({ seq: 1, at, kind, data }) });

describe('whatChanged', () => {
  it('fetches only what a change touches', () => {
    expect(told('sms', { count: 3 })).toEqual(['today', 'leaderboard']);
    expect(told('held', { id: 1, state: 'held' })).toEqual(['held', 'heldDeals', 'today', 'packages']);
    expect(told('duplicates', { opened: [1], open: 1 })).toContain('history');
    expect(told('run', { id: 1, source: 'deals', state: 'complete' })).toEqual([
      ...['sync', 'runs', 'packages', 'fair'],
    ]);
    expect(told('settings', { keys: ['pageSize'] })).toContain('office');
  });

  it('fetches everything after a change it does not know, or a reload', () => {
    expect(told('packages', {})).toEqual(allTopics);
    expect(whatChanged({ type: 'reload' })).toEqual(allTopics);
  });

  it('fetches today when the day began anew', () => {
    expect(whatChanged({ type: 'day', day: '2026-11-23' })).toContain('today');
  });
});
