import { useEffect } from 'react';

/** Fetches at once, and then every so often while the part that asks is on screen and the window is seen. */
export function usePoll(store: { reload(): Promise<void> }, everyMs: number): void {
  useEffect(() => {
    void store.reload();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void store.reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [store, everyMs]);
}
