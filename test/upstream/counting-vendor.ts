import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A vendor that counts what it sees on its own clock: arrivals in sliding windows, and answers in the making. */
export interface CountingVendor {
  url: string;
  seen: { calls: number; mostPerMinute: number; mostPerHour: number; mostAtOnce: number };
  close(): Promise<void>;
}

/** Calls travel up to `latencyMs` before they are counted, and are worked on up to `workMs`. Spans in ms. */
export async function startCountingVendor(options: {
  minuteMs: number;
  hourMs: number;
  latencyMs: number;
  workMs: number;
}): Promise<CountingVendor> {
  const arrivals: number[] = [];
  const seen = { calls: 0, mostPerMinute: 0, mostPerHour: 0, mostAtOnce: 0 };
  let atOnce = 0;
  const within = (spanMs: number, now: number) => arrivals.filter((at) => at > now - spanMs).length;
  const server = createServer((request, response) => {
    // Every third call is slow on its way: counted long after it was sent.
    const slow = seen.calls % 3 === 0 ? 1 : 0.05;
    seen.calls += 1;
    atOnce += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, atOnce);
    setTimeout(() => {
      const now = performance.now();
      arrivals.push(now);
      seen.mostPerMinute = Math.max(seen.mostPerMinute, within(options.minuteMs, now));
      seen.mostPerHour = Math.max(seen.mostPerHour, within(options.hourMs, now));
      setTimeout(() => {
        response.on('close', () => (atOnce -= 1));
        response.end(request.url);
      }, Math.random() * options.workMs);
    }, slow * options.latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
