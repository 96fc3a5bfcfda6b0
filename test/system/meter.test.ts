import { describe, expect, it } from 'vitest';
import { lagOf } from '../../src/main/performance-answers.ts';
import { createMeter, spreadOf, timedDatabase, watchEventLoop } from '../../src/main/system/meter.ts';
import type { Database } from '../../src/main/storage/postgres.ts';

describe('times of this process', () => {
  it('are spread as half, most and longest', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(spreadOf(hundred)).toEqual({ count: 100, median_ms: 50, high_ms: 95, max_ms: 100 });
    expect(spreadOf([7])).toEqual({ count: 1, median_ms: 7, high_ms: 7, max_ms: 7 });
    expect(spreadOf([])).toEqual({ count: 0, median_ms: null, high_ms: null, max_ms: null });
  });

  it('forget the oldest, so that what was slow long ago does not stay', () => {
    const meter = createMeter(() => 0);
    meter.note('adversus', 9_000);
    for (let i = 0; i < 512; i += 1) meter.note('adversus', 1);
    expect(meter.spread('adversus')).toMatchObject({ count: 512, max_ms: 1 });
    expect(meter.spread('database').count).toBe(0);
  });

  it('time statements and calls that were answered, not those that failed', async () => {
    let now = 0;
    const meter = createMeter(() => now);
    const take = (ms: number) => async () => {
      now += ms;
      if (ms > 100) throw new Error('no answer');
      return { rows: [] };
    };
    const bare = { query: take(30), vital: { query: take(500) } } as unknown as Database;
    const database = timedDatabase(bare, meter, () => now);
    await database.query('select 1');
    await expect(database.vital.query('select 1')).rejects.toThrow('no answer');
    expect(meter.spread('database')).toMatchObject({ count: 1, max_ms: 30 });
    const fetch = meter.fetch('directory', async () => ((now += 12), new Response()));
    await fetch('http://x', {});
    expect(meter.spread('directory')).toMatchObject({ count: 1, max_ms: 12 });
  });

  it('tell how long the oldest task that may run has waited', () => {
    const at = (ms: number) => new Date(ms).toISOString();
    const tasks = [
      { state: 'running', run_at: at(0) },
      { state: 'parked', run_at: at(0) },
      { state: 'waiting', run_at: at(7_000) },
      { state: 'failed', run_at: at(20_000) },
    ];
    expect(lagOf(tasks, 10_000)).toBe(3_000);
    expect(lagOf([], 10_000)).toBe(0);
  });
});

it('the watch over the event loop sees it stand still', async () => {
  const watch = watchEventLoop(() => performance.now());
  await new Promise((resolve) => setTimeout(resolve, 60));
  const end = performance.now() + 150;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(watch.spread().max_ms).toBeGreaterThan(80);
  watch.close();
});
