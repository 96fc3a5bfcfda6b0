import { describe, expect, it } from 'vitest';
import {
  isTooBig,
  judgePulse,
  lookEveryMs,
  silentAfterMs,
  stoodStill,
  type Signs,
} from '../../src/main/electron/judge-pulse.ts';

const signs = (given: Partial<Signs> = {}): Signs => ({
  loadedAt: 0,
  beatAt: null,
  excusedAt: null,
  ...given,
});

describe('the page of the wall', () => {
  it('starts until it is heard of, lives while it is, and is silent after 45 s', () => {
    expect(judgePulse(signs(), 1_000)).toBe('starting');
    expect(judgePulse(signs({ beatAt: 2_000 }), 3_000)).toBe('alive');
    expect(judgePulse(signs({ beatAt: 2_000 }), 2_000 + silentAfterMs)).toBe('alive');
    expect(judgePulse(signs({ beatAt: 2_000 }), 2_001 + silentAfterMs)).toBe('silent');
    expect(judgePulse(signs(), 1 + silentAfterMs)).toBe('silent');
  });

  it('is loaded anew within a minute of its last sign of life', () => {
    expect(silentAfterMs + 2 * lookEveryMs).toBeLessThan(60_000);
  });

  it('is not to blame for what main slept through', () => {
    const night = 8 * 3_600_000;
    expect(stoodStill(null, 5)).toBe(false);
    expect(stoodStill(0, lookEveryMs)).toBe(false);
    expect(stoodStill(0, night)).toBe(true);
    expect(judgePulse(signs({ beatAt: 1 }), night)).toBe('silent');
    expect(judgePulse(signs({ beatAt: 1, excusedAt: night }), night + silentAfterMs)).toBe('alive');
    expect(judgePulse(signs({ beatAt: 1, excusedAt: night }), night + silentAfterMs + 1)).toBe('silent');
  });

  it('is renewed above its ceiling, but not again and again', () => {
    expect(isTooBig({ memoryMb: 601, renewedAt: null }, 600, 0)).toBe(true);
    expect(isTooBig({ memoryMb: 600, renewedAt: null }, 600, 0)).toBe(false);
    expect(isTooBig({ memoryMb: null, renewedAt: null }, 600, 0)).toBe(false);
    expect(isTooBig({ memoryMb: 900, renewedAt: 0 }, 600, 599_000)).toBe(false);
    expect(isTooBig({ memoryMb: 900, renewedAt: 0 }, 600, 601_000)).toBe(true);
  });
});
