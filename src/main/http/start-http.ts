import { createAnswering } from './answer-request.ts';
import type { HttpServices } from './http-services.ts';
import { openTokenBook } from './know-tokens.ts';
import { listen } from './listen.ts';

/** A running HTTP API. */
export interface RunningHttp {
  port: number;
  close(): Promise<void>;
}

/** Opens the HTTP API on a port of 127.0.0.1 (0: any free one). CONFIG_INVALID in words where it cannot be had. */
export async function startHttp(
  services: HttpServices,
  options: { port: number; environmentToken: string | null; callLimit(): number; heartbeatMs?: number },
): Promise<RunningHttp> {
  const { clock, log } = services;
  const tokens = openTokenBook({
    environmentToken: options.environmentToken,
    clock,
    log,
    running: services.running,
    operations: services.operations,
    onStarted: services.onStarted,
  });
  const { callLimit, heartbeatMs } = options;
  const answering = createAnswering({
    services,
    tokens,
    callLimit,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  const closeParts = async () => {
    await answering.close();
    tokens.close();
  };
  try {
    const listening = await listen(options.port, answering.answer, services);
    log.info(`HTTP API on http://127.0.0.1:${listening.port}`);
    return {
      port: listening.port,
      async close() {
        // Streams end first: a server waits for them.
        await Promise.all([closeParts(), listening.close()]);
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}
