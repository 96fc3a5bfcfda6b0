import { describe, expect, it } from 'vitest';
import type { PassProgress, SyncRun } from '../../../src/shared/contract/sync.ts';
import {
  forgetAsked,
  isLate,
  judgeForecast,
  noteAsked,
  takeAnswers,
  takeProgress,
  takeState,
  type PassesUnderWay,
} from '../../../src/renderer/sync/sync-store.ts';
import { makeRun, makeSync } from '../preview/scenarios.ts';

const nothing: PassesUnderWay = { progress: {}, asked: {} };
const progress = (stage: PassProgress['stage']): PassProgress => ({
  run_id: 1,
  source: 'deals',
  kind: 'window',
  stage,
  pages: 1,
  pages_expected: 4,
  records: 10,
  waiting_for: null,
  cancellable: true,
});
const run = (id: number, over: Partial<SyncRun> = {}): SyncRun =>
  makeRun(id, 10, { trigger: 'person', ...over });

describe('passes under way', () => {
  it('appear with their first event and go with their last', () => {
    const reading = takeProgress(nothing, progress('reading'));
    expect(reading.progress.deals?.stage).toBe('reading');
    expect(takeProgress(reading, progress('ended')).progress).toEqual({});
  });

  it("follow main's word over what was heard", () => {
    const heard = takeProgress(nothing, progress('reading'));
    expect(takeState(heard, makeSync('ordinary')).progress).toEqual({});
  });
});

describe('answers to what was asked here', () => {
  it('are told once, for the run that came after', () => {
    const asked = noteAsked(nothing, 'deals', 7);
    const first = takeAnswers(asked, [run(8), run(7)]);
    expect(first.answers.map((one) => one.id)).toEqual([8]);
    expect(takeAnswers(first.state, [run(8)]).answers).toEqual([]);
  });

  it.each([
    ['still running', run(8, { state: 'running' })],
    ['by schedule', run(8, { trigger: 'schedule' })],
    ['of another source', run(8, { source: 'sms' })],
    ['known before', run(7)],
  ])('are not a run %s', (_, other) => {
    const { answers, state } = takeAnswers(noteAsked(nothing, 'deals', 7), [other]);
    expect(answers).toEqual([]);
    expect(state.asked.deals).toBe(7);
  });

  it('are not waited for after a refusal', () => {
    expect(forgetAsked(noteAsked(nothing, 'deals', 7), 'deals').asked).toEqual({});
  });
});

describe('freshness', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  it('is late only past three delta intervals', () => {
    expect(isLate('2026-11-22T09:54:00Z', now, 120)).toBe(false);
    expect(isLate('2026-11-22T09:53:59Z', now, 120)).toBe(true);
    expect(isLate(null, now, 120)).toBe(false);
  });
});

it('judges the forecast against the budget', () => {
  expect([212, 900, 901, 1000, 1001].map((calls) => judgeForecast(calls, 1000))).toEqual([
    'easy',
    'easy',
    'tight',
    'tight',
    'over',
  ]);
});
