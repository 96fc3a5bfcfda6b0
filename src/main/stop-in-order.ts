import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** One part of a stop and how long it may take, in ms. */
export interface StopStep {
  name: string;
  limitMs: number;
  run(): Promise<unknown> | void;
}

/**
 * Runs the steps one after the other. A step that fails or takes too long is logged and left behind, so that the
 * later ones still happen. True when every step ended well and in time.
 */
export async function stopInOrder(steps: readonly StopStep[], clock: Clock, log: Log): Promise<boolean> {
  let clean = true;
  for (const step of steps) {
    const limit = new AbortController();
    const tooLong = clock.sleep(step.limitMs, limit.signal).then(
      () => 'too long' as const,
      () => 'given up' as const,
    );
    const work = (async () => step.run())().then(() => 'done' as const);
    try {
      if ((await Promise.race([work, tooLong])) === 'too long') {
        clean = false;
        log.error('A part of the program did not stop in time', { part: step.name, limitMs: step.limitMs });
        // Its late failure has nobody left to tell.
        work.catch(() => undefined);
      }
    } catch (error) {
      clean = false;
      log.error('A part of the program failed while it stopped', { part: step.name, error });
    } finally {
      limit.abort();
    }
  }
  return clean;
}
