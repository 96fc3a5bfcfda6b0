import { median } from './figures.ts';

/** Milliseconds that `work` took. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export interface Contender {
  /** Brings everything into the same state before each run; not timed. */
  prepare?(): Promise<void> | void;
  run(): unknown;
  /** Throws when the run did not do what it was to do; not timed. */
  check?(): Promise<void> | void;
}

/**
 * Runs contenders alternately, each as often as `runs` after one run to warm up, and answers the times of each in ms.
 * Alternating, and turning the order about each round, spreads whatever else the machine does over all of them.
 */
export async function race<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  runs: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= runs; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const contender = contenders[name];
      await contender.prepare?.();
      // Big runs begin without the garbage of the one before; small ones would only find cold caches.
      if (runs < 50) globalThis.gc?.();
      const ms = await timed(() => contender.run());
      await contender.check?.();
      if (process.env['BENCH_TIMES']) process.stderr.write(`${name} ${Math.round(ms)} ms\n`);
      if (round > 0) times[name].push(ms);
    }
  }
  return times;
}

/**
 * The ratio of two contenders that ran side by side: the median of the rounds' own ratios. Rounds that met a busy
 * machine meet it on both sides.
 */
export function ratioOf(ours: readonly number[], reference: readonly number[]): number {
  return median(ours.map((ms, round) => ms / reference[round]!));
}
