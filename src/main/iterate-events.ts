/** Events kept for a reader that is slow; beyond, the oldest go, since the newest say more. */
const mostWaiting = 1_000;

/**
 * Turns a subscription into an async iterator that ends with the signal. Subscribes at once, not at the first
 * `next`, so that nothing between is missed.
 */
export function iterateEvents<Event>(
  signal: AbortSignal | undefined,
  subscribe: (push: (event: Event) => void) => () => void,
): AsyncGenerator<Event, void, unknown> {
  const waiting: Event[] = [];
  let wake: () => void = () => {};
  const unsubscribe = subscribe((event) => {
    waiting.push(event);
    if (waiting.length > mostWaiting) waiting.shift();
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);

  return (async function* () {
    try {
      while (!signal?.aborted) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
    }
  })();
}
