/** Hands every value to every listener, in order. */
export function createHub<T>(): { tell: (value: T) => void; listen: () => AsyncGenerator<T> } {
  const listeners = new Set<(value: T) => void>();
  return {
    tell: (value) => listeners.forEach((listener) => listener(value)),
    async *listen() {
      const queue: T[] = [];
      let wake: () => void = () => undefined;
      const listener = (value: T): void => {
        queue.push(value);
        wake();
      };
      listeners.add(listener);
      try {
        for (;;) {
          const next = queue.shift();
          if (next !== undefined) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        listeners.delete(listener);
      }
    },
  };
}
