import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, type Failure } from './failure.ts';

/** Something main knows, as last fetched. Old data stays beside a later failure: it is shown with its age. */
export interface Resource<T> {
  readonly data: T | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
  /** `performance.now()` of the last success. */
  readonly loadedAt: number | null;
}

export interface ResourceStore<T> extends StoreApi<Resource<T>> {
  /** Fetches again. Calls made while one is under way are answered by a single following one. */
  reload(): Promise<void>;
}

/** A store around one list call; `load` is given the former data, of which it may keep parts. */
export function createResource<T>(
  load: (former: T | null) => Promise<T>,
  monotonic: () => number,
): ResourceStore<T> {
  const store = createStore<Resource<T>>(() => ({
    data: null,
    failure: null,
    loading: false,
    loadedAt: null,
  }));
  let running: Promise<void> | null = null;
  let again = false;

  async function once(): Promise<void> {
    store.setState({ loading: true });
    try {
      const data = await load(store.getState().data);
      store.setState({ data, failure: null, loading: false, loadedAt: monotonic() });
    } catch (error) {
      store.setState({ failure: failureOf(error), loading: false });
    }
  }

  async function untilSettled(): Promise<void> {
    do {
      again = false;
      await once();
    } while (again);
    running = null;
  }

  return Object.assign(store, {
    reload(): Promise<void> {
      if (running === null) running = untilSettled();
      else again = true;
      return running;
    },
  });
}
