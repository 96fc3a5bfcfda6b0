import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition and answers after how many ms it held; null when it never did. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<number | null> {
  const started = performance.now();
  for (;;) {
    if (await condition()) return performance.now() - started;
    if (performance.now() - started > withinMs) return null;
    await sleep(10);
  }
}

/** How a promise ended and after how many ms; `open` when it did not within the time. */
export async function ending(
  work: Promise<unknown>,
  withinMs: number,
): Promise<{ how: 'done' | 'failed' | 'open'; code: string | null; ms: number }> {
  const started = performance.now();
  const timer = new AbortController();
  const settled = work.then(
    () => ({ how: 'done' as const, code: null }),
    (error: unknown) => ({ how: 'failed' as const, code: codeOf(error) }),
  );
  const end = await Promise.race([
    settled,
    sleep(withinMs, { how: 'open' as const, code: null }, { signal: timer.signal }),
  ]);
  timer.abort();
  return { ...end, ms: performance.now() - started };
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : String(error);
}
