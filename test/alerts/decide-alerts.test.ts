import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertOf, type AlertEvent } from '../../src/main/alerts/alert-event.ts';
import {
  decideAlerts,
  decideMissed,
  isUrgent,
  mostUrgent,
  noAlerts,
  spacingMs,
  takeBack,
  type AlertRules,
  type AlertState,
  type Decided,
} from '../../src/main/alerts/decide-alerts.ts';
import { event, rules, start } from './alert-events.ts';

const stalled = { kind: 'sync-stalled', subject: 'deals' };
const results = (decided: readonly Decided[]) =>
  Object.fromEntries(decided.map(({ event: { key }, result, why }) => [key, why ?? result]));

describe('which events notify', () => {
  it('are those of a known kind, and whatever is critical or a switch', () => {
    const of = (type: 'INFO' | 'CRITICAL' | 'SWITCH', metadata: Record<string, unknown>) =>
      alertOf({ key: 'k', type, message: '', metadata, at: new Date(start) }, false);
    expect(of('INFO', { runId: 4 })).toBeNull();
    expect(of('INFO', { kind: 'of a newer program' })).toBeNull();
    expect(of('CRITICAL', { kind: 'of a newer program' })).toMatchObject({
      kind: 'other',
      incident: 'of a newer program',
    });
    expect(of('CRITICAL', { kind: 7 })).toMatchObject({ kind: 'other', incident: 'k' });
    expect(of('SWITCH', { kind: 'mode' })).toMatchObject({ kind: 'mode', incident: 'k' });
    expect(of('INFO', stalled)).toMatchObject({ kind: 'sync-stalled', incident: 'sync-stalled:deals' });
  });
});

describe('an incident', () => {
  it('is told once, and that it is solved once', () => {
    const first = decideAlerts(noAlerts(), [event('a', 'WARNING', stalled)], rules());
    expect(first.tell.map(({ key }) => key)).toEqual(['a']);
    const more = decideAlerts(
      first.state,
      [event('b', 'WARNING', stalled), event('c', 'WARNING', stalled)],
      rules({ now: start + 60_000 }),
    );
    expect([more.tell, results(more.decided)]).toEqual([[], { b: 'joined', c: 'joined' }]);
    const solved = decideAlerts(
      more.state,
      [event('d', 'INFO', { ...stalled, solved: true })],
      rules({ now: start + 120_000 }),
    );
    expect(solved.tell.map(({ key }) => key)).toEqual(['d']);
    const again = decideAlerts(
      solved.state,
      [event('e', 'INFO', { ...stalled, solved: true }), event('f', 'WARNING', stalled)],
      rules({ now: start + 180_000 }),
    );
    expect(results(again.decided)).toEqual({ e: 'untold', f: 'shown' });
  });

  it('that was not told of ends without a word', () => {
    const quiet = decideAlerts(noAlerts(), [event('a', 'WARNING', stalled)], rules({ quiet: true }));
    const solved = decideAlerts(quiet.state, [event('b', 'INFO', { ...stalled, solved: true })], rules());
    expect({ ...results(quiet.decided), ...results(solved.decided) }).toEqual({ a: 'quiet', b: 'untold' });
  });

  it('that grows critical is told again, quiet hours or not', () => {
    const first = decideAlerts(noAlerts(), [event('a', 'WARNING', stalled)], rules());
    const worse = decideAlerts(
      first.state,
      [event('b', 'CRITICAL', stalled)],
      rules({ quiet: true, paused: true, now: start + 100 }),
    );
    expect(worse.tell.map(({ key }) => key)).toEqual(['b']);
  });

  it('that the system refused to show is tried again with its next event', () => {
    const first = decideAlerts(noAlerts(), [event('a', 'WARNING', stalled)], rules());
    const refused = takeBack(first.state, first.tell);
    const next = decideAlerts(refused, [event('b', 'WARNING', stalled)], rules({ now: start + 60_000 }));
    expect(results(next.decided)).toEqual({ b: 'shown' });
  });

  it('of another computer is theirs to hear', () => {
    const away = { kind: 'database-away', subject: 'reception' };
    const decided = decideAlerts(
      noAlerts(),
      [event('a', 'ERROR', away), event('b', 'ERROR', { ...away, subject: 'here' }, { own: true })],
      rules(),
    );
    expect(results(decided.decided)).toEqual({ a: 'elsewhere', b: 'shown' });
  });
});

describe('what is urgent', () => {
  it('comes at once also after another, and what is not keeps its distance', () => {
    const first = decideAlerts(noAlerts(), [event('a', 'CRITICAL', { kind: 'queue-fell-back' })], rules());
    const ordinary = decideAlerts(
      first.state,
      [event('b', 'WARNING', stalled)],
      rules({ now: start + 1_000 }),
    );
    expect([ordinary.tell, ordinary.againAt]).toEqual([[], start + spacingMs]);
    const second = decideAlerts(
      ordinary.state,
      [event('c', 'SWITCH', { kind: 'mode' })],
      rules({ now: start + 2_000 }),
    );
    expect(second.tell.map(({ key }) => key)).toEqual(['b', 'c']);
  });
});

describe('a flood', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => event(`e${i}`, 'CRITICAL'));
  /** Hands events over in pieces, as they come in. */
  function inPieces(size: number, gapMs: number) {
    let state = noAlerts();
    let shown = 0;
    const all: Decided[] = [];
    for (let from = 0; from < many.length; from += size) {
      const now = start + (from / size) * gapMs;
      const decision = decideAlerts(state, many.slice(from, from + size), rules({ now }));
      ({ state } = decision);
      if (decision.tell.length > 0) shown += 1;
      all.push(...decision.decided);
    }
    return { shown, all };
  }

  it('of a thousand critical events within a second is one notification, each with its result', () => {
    for (const [size, gapMs] of [
      [1_000, 0],
      [120, 120],
      [40, 40],
    ] as const) {
      const { shown, all } = inPieces(size, gapMs);
      expect([shown, new Set(all.map((one) => one.event.key)).size, all.length]).toEqual([1, 1_000, 1_000]);
    }
  });

  it('does not hide another kind that is critical', () => {
    const flood = decideAlerts(noAlerts(), many.slice(0, 50), rules());
    const other = decideAlerts(
      flood.state,
      [...many.slice(50, 60), event('held', 'CRITICAL', { kind: 'removals-held' })],
      rules({ now: start + 500 }),
    );
    expect(other.tell.map(({ key }) => key)).toEqual(['held']);
  });
});

describe('what was missed', () => {
  it('is one summary, without what was over again, but with what was critical', () => {
    const decision = decideMissed(
      noAlerts(),
      [
        event('a', 'WARNING', stalled),
        event('b', 'INFO', { ...stalled, solved: true }),
        event('c', 'CRITICAL', { kind: 'removals-held' }),
        event('d', 'INFO', { kind: 'removals-held', solved: true }),
        event('e', 'SWITCH', { kind: 'mode' }, { at: start - 86_400_000 }),
      ],
      rules(),
    );
    expect(results(decision.decided)).toEqual({
      a: 'over',
      b: 'untold',
      c: 'summarised',
      d: 'untold',
      e: 'summarised',
    });
    expect(decision.tell).toHaveLength(2);
  });
});

const kinds = ['sync-stalled', 'removals-held', 'queue-fell-back', 'mode', 'package-health', 'newer'];
const drawn = fc.record({
  type: fc.constantFrom('WARNING' as const, 'ERROR' as const, 'SWITCH' as const, 'CRITICAL' as const),
  kind: fc.constantFrom(...kinds),
  subject: fc.constantFrom(undefined, 'one', 'two'),
  solved: fc.boolean(),
});
const step = fc.record({
  events: fc.array(drawn, { maxLength: 30 }),
  afterMs: fc.constantFrom(0, 40, 300, 5_000, 20_000, 700_000, 50_000_000),
  paused: fc.boolean(),
  quiet: fc.boolean(),
  off: fc.subarray(['sync-stalled', 'mode', 'package-health', 'removals-held'] as const),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Decide = typeof decideAlerts;

/** Plays a history to its end, and lets time pass until nothing waits. */
function play(history: readonly Step[], decide: Decide) {
  let state: AlertState = noAlerts();
  let now = start;
  let number = 0;
  const all: AlertEvent[] = [];
  const decided: Decided[] = [];
  const told: { at: number; events: readonly AlertEvent[] }[] = [];
  const run = (events: AlertEvent[], set: Partial<AlertRules>) => {
    const decision = decide(state, events, rules({ ...set, now }));
    ({ state } = decision);
    decided.push(...decision.decided);
    if (decision.tell.length > 0) told.push({ at: now, events: decision.tell });
    return decision;
  };
  for (const { events, afterMs, paused, quiet, off } of history) {
    now += afterMs;
    const made = events.flatMap(({ type, kind, subject, solved }) => {
      const metadata = { kind, ...(subject ? { subject } : {}), ...(solved ? { solved } : {}) };
      const seen = alertOf({ key: `e${number++}`, type, message: '', metadata, at: new Date(now) }, false);
      return seen ? [seen] : [];
    });
    all.push(...made);
    run(made, { paused, quiet, off: new Set(off) });
  }
  for (let more = 0; more < 5 && state.waiting.length > 0; more++) {
    now += spacingMs;
    run([], {});
  }
  return { all, decided, told, waiting: state.waiting };
}

/** What must hold of every history. */
function mustHold(history: readonly Step[], decide: Decide): void {
  const { all, decided, told, waiting } = play(history, decide);
  expect(waiting).toEqual([]);
  // Nothing is lost, nothing has two results.
  expect(decided.map(({ event: { key } }) => key).sort()).toEqual(all.map(({ key }) => key).sort());
  // Every critical one is told, or belongs to what was told as critical.
  const place = new Map(all.map(({ key }, i) => [key, i]));
  for (const { event: one, result } of decided) {
    if (one.type !== 'CRITICAL' || one.solved) continue;
    expect(['shown', 'joined']).toContain(result);
    const before = told
      .flatMap(({ events }) => events)
      .filter((other) => place.get(other.key)! < place.get(one.key)!);
    const sameTold = before.some(
      (other) => other.type === 'CRITICAL' && (other.incident === one.incident || other.kind === one.kind),
    );
    expect(result === 'shown' || sameTold).toBe(true);
  }
  // An ordinary one keeps its distance, and there are never many urgent ones at once.
  for (const [i, { at, events }] of told.entries()) {
    const former = told.slice(0, i).filter((one) => at - one.at < spacingMs);
    if (events.some(isUrgent))
      expect(former.filter((one) => one.events.some(isUrgent)).length).toBeLessThan(mostUrgent);
    else expect(former).toEqual([]);
  }
  // One notification for an incident until it is solved, or worse.
  for (const incident of new Set(decided.map(({ event: one }) => one.incident))) {
    const group = decided.filter(({ event: one }) => one.incident === incident);
    let open: 'told' | 'critical' | null = null;
    for (const { event: one, result } of group.toSorted(
      (a, b) => place.get(a.event.key)! - place.get(b.event.key)!,
    )) {
      if (one.solved) open = null;
      if (one.solved || result !== 'joined') {
        if (!one.solved && result === 'shown') open = one.type === 'CRITICAL' ? 'critical' : 'told';
        continue;
      }
      // Only what was told of before can have been joined; a flood joins by kind.
      expect(open !== null || told.some(({ events }) => events.length >= 20)).toBe(true);
    }
  }
}

describe('any history of events, settings and time', () => {
  it('gives each event one result, tells whatever is critical, and keeps notifications apart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (history) => mustHold(history, decideAlerts)),
      { numRuns: 400 },
    );
  });

  it('is failed by deciders that keep quiet about critical ones, forget what waits, or tell everything', () => {
    const keepsQuiet: Decide = (state, events, set) =>
      set.quiet
        ? {
            state,
            decided: events.map((one) => ({ event: one, result: 'withheld', why: 'quiet' })),
            tell: [],
            againAt: null,
          }
        : decideAlerts(state, events, set);
    const forgets: Decide = (state, events, set) => decideAlerts({ ...state, waiting: [] }, events, set);
    const tellsAll: Decide = (_state, events, set) => decideAlerts(noAlerts(), events, set);
    for (const mutant of [keepsQuiet, forgets, tellsAll])
      expect(() =>
        fc.assert(
          fc.property(fc.array(step, { maxLength: 12 }), (history) => mustHold(history, mutant)),
          { numRuns: 400 },
        ),
      ).toThrow();
  });
});
