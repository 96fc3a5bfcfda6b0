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
  heldPackages?: number;
  parkedCauses?: readonly string[] | null;
  resting?: boolean;
  readingMinutes?: number;
}): OfficeFacts {
  const { readMinutesAgo = 1, state = 'ok', left = 900, forecast = 300, heldOpen = 0 } = more;
  return {
    now,
    deltaSeconds: 120,
    heldOpen,
    heldPackages: more.heldPackages ?? 0,
    parkedCauses: more.parkedCauses === null ? null : new Set(more.parkedCauses ?? []),
    resting: more.resting ?? false,
    readingSince: new Date(now.getTime() - (more.readingMinutes ?? 600) * 60_000),
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

  it('does not call stalled what a person stopped, nor what has only just begun to be read again', () => {
    expect(moves(facts({ readMinutesAgo: 600, resting: true }))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 600, readingMinutes: 7 }))).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 600, readingMinutes: 7.1 }))).toEqual(['+sync-stalled']);
    // By the age of the last read alone every one of these would be stalled.
    const byAge = ({ sync, deltaSeconds }: OfficeFacts) =>
      now.getTime() - Date.parse(sync.sources[0]!.last_complete_at!) > (3 * deltaSeconds + 60) * 1_000;
    expect(
      [facts({ readMinutesAgo: 600, resting: true }), facts({ readMinutesAgo: 600, readingMinutes: 7 })].map(
        byAge,
      ),
    ).toEqual([true, true]);
    // Being stopped is no end of being late: the figures are old until a read came through.
    expect(moves(facts({ readMinutesAgo: 600, resting: true }), 'sync-stalled:deals')).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 600, readingMinutes: 1 }), 'sync-stalled:deals')).toEqual([]);
    expect(moves(facts({ readMinutesAgo: 1, resting: true }), 'sync-stalled:deals')).toEqual([
      '-sync-stalled',
    ]);
  });

  it('ends the incident of parked tasks cause by cause, and not while nobody knows', () => {
    const open = ['task-parked:UPSTREAM_FAILED', 'task-parked:INTERNAL'];
    expect(moves(facts({ parkedCauses: ['UPSTREAM_FAILED', 'INTERNAL'] }), ...open)).toEqual([]);
    expect(moves(facts({ parkedCauses: null }), ...open)).toEqual([]);
    // Told as over between a task's last word and its parking, it begins anew.
    expect(judgeConditions(facts({ parkedCauses: ['INTERNAL'] }), new Set())).toMatchObject([
      { type: 'ERROR', metadata: { kind: 'task-parked', subject: 'INTERNAL' } },
    ]);
    expect(
      judgeConditions(facts({ parkedCauses: ['INTERNAL'] }), new Set(open)).map(({ metadata }) => metadata),
    ).toEqual([{ kind: 'task-parked', subject: 'UPSTREAM_FAILED', solved: true }]);
  });

  it('keeps held removals of deals and held retirements of packages apart', () => {
    expect(moves(facts({ heldPackages: 1 }), 'removals-held:packages')).toEqual([]);
    expect(moves(facts({ heldOpen: 0, heldPackages: 1 }), 'removals-held', 'removals-held:packages')).toEqual(
      ['-removals-held'],
    );
    expect(
      judgeConditions(facts({ heldOpen: 1 }), new Set(['removals-held', 'removals-held:packages'])).map(
        ({ metadata }) => metadata.subject,
      ),
    ).toEqual(['packages']);
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
