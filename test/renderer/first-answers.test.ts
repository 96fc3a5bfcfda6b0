import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Failure } from '../../src/renderer/failure.ts';
import { firstAnswers } from '../../src/renderer/first-answers.ts';

const store = () =>
  createStore<{ data: unknown; failure: Failure | null }>(() => ({ data: null, failure: null }));

describe('the first answers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** True once the promise has settled. */
  async function isDone(promise: Promise<void>): Promise<boolean> {
    let done = false;
    void promise.then(() => (done = true));
    await vi.advanceTimersByTimeAsync(0);
    return done;
  }

  it('are there when each was answered or refused', async () => {
    const [today, system] = [store(), store()];
    const answered = firstAnswers([today, system], 300);
    today.setState({ data: {} });
    expect(await isDone(answered)).toBe(false);
    system.setState({ failure: { code: 'DATABASE_AWAY', message: null } });
    expect(await isDone(answered)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are not waited for longer than said', async () => {
    const answered = firstAnswers([store()], 300);
    await vi.advanceTimersByTimeAsync(299);
    expect(await isDone(answered)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isDone(answered)).toBe(true);
  });

  it('that are known already are not waited for at all', async () => {
    const known = store();
    known.setState({ data: 1 });
    expect(await isDone(firstAnswers([known], 300))).toBe(true);
  });
});
