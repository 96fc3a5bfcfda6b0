import type { PassTimes, Spread } from '../../shared/contract/performance.ts';

const sources = ['deals', 'sms', 'agents', 'packages'] as const;
const kinds = ['delta', 'window', 'names', 'held', 'rolling', 'full'] as const;

/** A pass by the names of its words; what a newer program reads is something other. */
export function passName(pass: Pick<PassTimes, 'source' | 'kind'>) {
  return {
    source: sources.find((name) => name === pass.source) ?? ('other' as const),
    kind: kinds.find((name) => name === pass.kind) ?? ('other' as const),
  };
}

/** Whether a target is kept; null: nothing was timed, or there is none. */
export function isKept(of: Pick<Spread, 'high_ms'> & { target_ms: number | null }): boolean | null {
  return of.high_ms === null || of.target_ms === null ? null : of.high_ms <= of.target_ms;
}

/** Milliseconds as people read them: '0.4 ms', '640 ms', then as a span of seconds and more. */
export function shortTime(
  ms: number,
  format: { number(value: number): string; took(ms: number): string },
): string {
  if (ms >= 1_000) return format.took(ms);
  return `${format.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))}\u00a0ms`;
}
