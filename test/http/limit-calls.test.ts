import { describe, expect, it } from 'vitest';
import { createCallLimiter } from '../../src/main/http/limit-calls.ts';

describe('the limit of calls', () => {
  const start = () => {
    let now = 0;
    const limiter = createCallLimiter({ monotonic: () => now }, 900_000);
    return { limiter, pass: (ms: number) => (now += ms) };
  };

  it('lets so many through in a stretch, each key by itself, and begins anew after it', () => {
    const { limiter, pass } = start();
    expect([1, 2, 3].map(() => limiter.take('a', 2).ok)).toEqual([true, true, false]);
    expect(limiter.take('b', 2)).toEqual({ ok: true, left: 1, resetSeconds: 900 });
    pass(899_999);
    expect(limiter.take('a', 2)).toEqual({ ok: false, left: 0, resetSeconds: 1 });
    pass(1);
    expect(limiter.take('a', 2)).toEqual({ ok: true, left: 1, resetSeconds: 900 });
  });

  it('takes a changed limit at once', () => {
    const { limiter } = start();
    for (let i = 0; i < 5; i++) limiter.take('a', 5);
    expect(limiter.take('a', 5).ok).toBe(false);
    expect(limiter.take('a', 6).ok).toBe(true);
  });

  it('remembers no more keys than it has room for', () => {
    const { limiter } = start();
    limiter.take('first', 1);
    for (let i = 0; i < 10_000; i++) limiter.take(`key ${i}`, 1);
    expect(limiter.take('key 9999', 1).ok).toBe(false);
    expect(limiter.take('first', 1).ok).toBe(true);
  });
});
