import { describe, expect, it } from 'vitest';
import { judgeConditions, type OfficeFacts } from '../../src/main/alerts/judge-conditions.ts';
import type { SyncState } from '../../src/shared/contract/sync.ts';

const now = new Date('2026-11-16T11:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

function facts(more: {
  readMinutesAgo?: number | null;
  state?: SyncState['upstream']['state'];
  left?: number;
  forecast?: number;
  heldOpen?: number;
}): OfficeFacts {
  const { readMinutesAgo = 1, state = 'ok', left = 900, forecast = 300, heldOpen = 0 } = more;
  return {
    now,
    deltaSeconds: 120,
    heldOpen,
    sync: {
      retry_queue_length: 0,
      reading_on: false,
      upstream: {
        name: 'Adversus',
        configured: state !== 'not-configured',
        sandbox: false,
        state,
        message: null,
        since: null,
      },
      budget: {
        per_hour: 1_000,
        per_minute: 60,
        left_hour: left,
        left_minute: 60,
        in_flight: 0,
        forecast_hour: forecast,
        blocked_until: null,
      },
      sources: [
        {
          source: 'deals',
          last_complete_at: readMinutesAgo === null ? null : minutesAgo(readMinutesAgo),
          last_run: null,
          running: null,
          next_delta_at: null,
          next_window_at: null,
          stretched: false,
        },
      ],
    },
  };
}

const moves = (given: OfficeFacts, ...open: string[]) =>
  judgeConditions(given, new Set(open)).map(
    ({ metadata }) => `${metadata.solved ? '-' : '+'}${metadata.kind}`,
  );

describe('the state of the office', () => {
  it('moves nothing while all is well, or while the same is known already', () => {
    expect(moves(facts({}))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 30 }), 'sync-stalled:deals')).toEqual([]);
    expect(moves(facts({ left: 10 }), 'budget-low:Adversus')).toEqual([]);
  });

  it('is stalled after three turns and the time of a read, until a read comes through', () => {
    expect(moves(facts({ readMinutesAgo: 7 }))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 7.1 }))).toEqual(['+sync-stalled']);
    expect(moves(facts({ readMinutesAgo: 1 }), 'sync-stalled:deals')).toEqual(['-sync-stalled']);
  });

  it('does not call stalled what was never read or not set up, nor a refused sign-in twice', () => {
    expect(moves(facts({ readMinutesAgo: null }))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 60, state: 'not-configured' }))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 60, state: 'refused' }))).toEqual(['+upstream-refusing']);
    // Being refused is no end of being late.
    expect(
      moves(
        facts({ readMinutesAgo: 60, state: 'refused' }),
        'sync-stalled:deals',
        'upstream-refusing:Adversus',
      ),
    ).toEqual([]);
  });

  it('is refused until an answer was good; a failure in between says nothing', () => {
    expect(moves(facts({ state: 'failing' }), 'upstream-refusing:Adversus')).toEqual([]);
    expect(moves(facts({ state: 'ok' }), 'upstream-refusing:Adversus')).toEqual(['-upstream-refusing']);
  });

  it('runs out of calls below a twentieth or by forecast, and has enough again well above', () => {
    expect(moves(facts({ left: 49 }))).toEqual(['+budget-low']);
    expect(moves(facts({ forecast: 1_001 }))).toEqual(['+budget-low']);
    expect(moves(facts({ left: 100 }), 'budget-low:Adversus')).toEqual([]);
    expect(moves(facts({ left: 200, forecast: 1_100 }), 'budget-low:Adversus')).toEqual([]);
    expect(moves(facts({ left: 200 }), 'budget-low:Adversus')).toEqual(['-budget-low']);
  });

  it('ends the incident of held removals when none waits, and never begins one', () => {
    expect(moves(facts({ heldOpen: 1 }))).toEqual([]);
    expect(moves(facts({ heldOpen: 1 }), 'removals-held')).toEqual([]);
    expect(moves(facts({ heldOpen: 0 }), 'removals-held')).toEqual(['-removals-held']);
  });
});
