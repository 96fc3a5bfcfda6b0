import { seededRandom, type SeededRandom } from '../../../src/main/sandbox/seeded-random.ts';

/** What a case writes down while it runs. */
export interface FaultRun {
  rounds: number;
  /** By what every limit of time is multiplied: 1, and more where the machine is shared with other tests. */
  patience: number;
  random: SeededRandom;
  /** A fault was injected. */
  injected(kind: string): void;
  /** Something happened that must not. */
  violated(sentence: string): void;
  /** One measurement, in ms or as a count. */
  measured(name: string, value: number): void;
  /** A line for whoever watches. */
  say(line: string): void;
}

/** One test of `reliability.md`, and a naive version of what it tests that has to fail it. */
export interface FaultCase {
  name: string;
  /** In a sentence: what must hold. */
  promise: string;
  run(run: FaultRun): Promise<void>;
  mutant: { naive: string; run(run: FaultRun): Promise<void> };
}

export interface FaultReport {
  name: string;
  seed: string;
  rounds: number;
  seconds: number;
  faults: Record<string, number>;
  figures: Record<string, { count: number; p50: number; p95: number; max: number }>;
  violations: string[];
}

/** Runs a case, or its mutant, from a seed. No fault at all, and an error of the case itself, count as violations. */
export async function runCase(
  fault: Pick<FaultCase, 'name' | 'run'>,
  options: { rounds: number; seed: string; patience?: number; say?: (line: string) => void },
): Promise<FaultReport> {
  const faults: Record<string, number> = {};
  const measured: Record<string, number[]> = {};
  const violations: string[] = [];
  const started = performance.now();
  try {
    await fault.run({
      rounds: options.rounds,
      patience: options.patience ?? 1,
      random: seededRandom(`${options.seed}:${fault.name}`),
      injected: (kind) => (faults[kind] = (faults[kind] ?? 0) + 1),
      violated: (sentence) => violations.push(sentence),
      measured: (name, value) => (measured[name] ??= []).push(value),
      say: options.say ?? (() => {}),
    });
  } catch (error) {
    violations.push(
      `the case itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  if (Object.keys(faults).length === 0) violations.push('no fault was injected');
  return {
    name: fault.name,
    seed: options.seed,
    rounds: options.rounds,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    faults,
    figures: Object.fromEntries(Object.entries(measured).map(([name, values]) => [name, summary(values)])),
    violations,
  };
}

function summary(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
