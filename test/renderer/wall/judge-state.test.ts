import { describe, expect, it } from 'vitest';
import type { WallState } from '../../../src/shared/contract/wall.ts';
import { judgeState } from '../../../src/renderer/wall/judge-state.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const state: WallState = {
  now: '2026-11-22T10:00:00Z',
  workspace: 'team',
  read_at: '2026-11-22T09:59:00Z',
  delta_seconds: 120,
  upstream: 'ok',
  database_away_since: null,
  reading_on: false,
  led: true,
};
const kind = (patch: Partial<WallState>, answered = true) =>
  judgeState({ answered, state: { ...state, ...patch }, now })?.kind ?? null;

describe('what the wall says against its board', () => {
  it('is nothing while all is well, or nothing is known yet', () => {
    expect(kind({})).toBeNull();
    expect(kind({ upstream: 'unknown' })).toBeNull();
    expect(judgeState({ answered: true, state: null, now })).toBeNull();
  });

  it('is the most serious of what there is', () => {
    const all = { database_away_since: state.now, upstream: 'refused', led: false, read_at: null } as const;
    expect(kind(all, false)).toBe('connection');
    expect(kind(all)).toBe('database');
    expect(kind({ ...all, reading_on: true })).toBe('reading-on');
    expect(kind({ ...all, database_away_since: null })).toBe('refused');
    expect(kind({ ...all, database_away_since: null, upstream: 'failing' })).toBe('failing');
    expect(kind({ led: false, read_at: null })).toBe('unled');
    expect(kind({ read_at: null })).toBe('never-read');
    expect(kind({ upstream: 'not-configured' })).toBe('not-configured');
  });

  it('is that it is late once three passes were missed, also while nothing else is told', () => {
    expect(kind({ read_at: '2026-11-22T09:54:00Z' })).toBeNull();
    expect(kind({ read_at: '2026-11-22T09:53:59Z' })).toBe('late');
    expect(kind({ read_at: '2026-11-22T09:53:59Z', delta_seconds: 600 })).toBeNull();
    expect(kind({ read_at: '2026-11-20T09:00:00Z', upstream: 'blocked' })).toBe('late');
  });
});
