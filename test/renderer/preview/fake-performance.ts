import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { PerformanceView } from '../../../src/shared/contract/performance.ts';
import { ago, type Scenario } from './scenarios.ts';

const times = (count: number, median: number, high: number, max: number) =>
  count === 0
    ? { count, median_ms: null, high_ms: null, max_ms: null }
    : { count, median_ms: median, high_ms: high, max_ms: max };

/** Figures of one scenario: all well, or a slow database and a late queue in `many`; none yet in `first`. */
export function createFakePerformance(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).performance;
  const slow = scenario === 'many';
  const n = scenario === 'first' ? 0 : 512;
  const view = (): PerformanceView => ({
    at: ago(0),
    measures: [
      { ...times(n, 1.4, slow ? 318 : 9.2, slow ? 2_210 : 44), name: 'database', target_ms: 100 },
      { ...times(n, 180, 640, 1_410), name: 'adversus', target_ms: 2_000 },
      { ...times(0, 0, 0, 0), name: 'roamify', target_ms: 2_000 },
      { ...times(n === 0 ? 0 : 12, 22, 81, 93), name: 'directory', target_ms: 2_000 },
      { ...times(5_800, 0.4, slow ? 31 : 4.8, slow ? 160 : 22), name: 'event-loop', target_ms: 20 },
    ],
    passes:
      scenario === 'away'
        ? null
        : n === 0
          ? []
          : [
              { ...times(288, 900, 2_300, 8_000), source: 'deals', kind: 'delta', target_ms: 120_000 },
              {
                ...times(96, 9_000, slow ? 312_000 : 14_000, 330_000),
                source: 'deals',
                kind: 'window',
                target_ms: 240_000,
              },
              { ...times(1, 5_200, 5_200, 5_200), source: 'packages', kind: 'window', target_ms: 86_400_000 },
              { ...times(1, 21_000, 21_000, 21_000), source: 'deals', kind: 'rolling', target_ms: null },
            ],
    start: { took_ms: n === 0 ? null : 870, target_ms: 1_100 },
    queue_lag: { lag_ms: scenario === 'away' ? null : slow ? 48_000 : 40, target_ms: 5_000 },
    mode_cache: { hits: n * 40, misses: n === 0 ? 0 : 21 },
    memory_bytes: 148_000_000,
  });
  return { view: os.view.handler(() => answer(view)) };
}
