/** Waits; ends early, without an error, when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A connection of weeks pauses a million times, so that nothing of a pause may stay with its signal.
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/**
 * Reads a stream for as long as the signal allows, and opens it again (after 0.5 s, doubling to 10 s) when it
 * ends or fails. `onOpen` is called before each opening: what was missed meanwhile has to be fetched.
 */
export async function followStream<T>(
  open: () => Promise<AsyncIterable<T>>,
  handlers: { onOpen?: () => void; onEvent: (event: T) => void },
  signal: AbortSignal,
): Promise<void> {
  let wait = 500;
  while (!signal.aborted) {
    try {
      const stream = await open();
      handlers.onOpen?.();
      for await (const event of stream) {
        if (signal.aborted) return;
        wait = 500;
        handlers.onEvent(event);
      }
    } catch {
      // Every way of failing is answered alike: wait and open again. The lists say what is wrong.
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, 10_000);
  }
}
