import type { StoreApi } from 'zustand/vanilla';
import type { Failure } from './failure.ts';

/** Enough of a resource to know whether it was ever answered. */
export type Answered = Pick<
  StoreApi<{ readonly data: unknown; readonly failure: Failure | null }>,
  'getState' | 'subscribe'
>;

/** Resolves once each store was answered or refused, at the latest after `patienceMs`. */
export function firstAnswers(stores: readonly Answered[], patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve();
    };
    const look = () => {
      if (stores.every((store) => isAnswered(store.getState()))) done();
    };
    const stops = stores.map((store) => store.subscribe(look));
    const timer = setTimeout(done, patienceMs);
    look();
  });
}

function isAnswered(state: ReturnType<Answered['getState']>): boolean {
  return state.data !== null || state.failure !== null;
}
