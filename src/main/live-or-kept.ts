import { isAway } from './errors.ts';
import type { Operations } from './operations.ts';
import type { ConsoleServices } from './services.ts';

/**
 * Answers from the database, or with what was last known while that is away or not reached yet. Rejects with why there
 * is no answer when nothing is known either.
 */
export async function liveOrKept<T>(
  services: Pick<ConsoleServices, 'running' | 'operations'>,
  live: (operations: Operations) => Promise<T>,
  kept: () => T | null,
): Promise<T> {
  const operations = services.running();
  if (!operations || operations.awaySince() !== null) {
    const known = kept();
    if (known !== null) return known;
  }
  try {
    return await live(operations ?? (await services.operations()));
  } catch (error) {
    const known = isAway(error) ? kept() : null;
    if (known === null) throw error;
    return known;
  }
}
