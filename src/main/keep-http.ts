import type { HttpApiState } from '../shared/contract/http-api.ts';
import type { ConsoleSettings } from '../shared/contract/system.ts';
import type { Config } from './config.ts';
import type { HttpServices } from './http/http-services.ts';
import type { RunningHttp } from './http/start-http.ts';

/** The HTTP API of a console, on or off as environment and settings say. */
export interface HttpKeeper {
  state(): HttpApiState;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Pause before a port that could not be had is tried again, in ms. */
const againMs = 15_000;

/** Switches the HTTP API on and off; the server is loaded only where it is on. */
export function keepHttp(
  config: Pick<Config, 'http'>,
  settings: { get(): ConsoleSettings; onChange(listener: () => void): () => void },
  services: HttpServices,
): HttpKeeper {
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let running: { http: RunningHttp; asked: number } | null = null;
  let failure: string | null = null;
  let turn: Promise<void> = Promise.resolve();

  const wanted = (): number | null => {
    if (config.http) return config.http.port;
    const { httpOn, httpPort } = settings.get();
    return httpOn ? httpPort : null;
  };

  /** One change after the other, each to what is wanted by then. */
  function apply(): void {
    turn = turn.then(change, change);
  }

  async function change(): Promise<void> {
    const port = closing.signal.aborted ? null : wanted();
    if ((running?.asked ?? null) === port && failure === null) return;
    const before = running;
    running = null;
    await before?.http.close();
    failure = null;
    if (port !== null) await open(port);
    for (const listener of listeners) listener();
  }

  async function open(port: number): Promise<void> {
    try {
      const { startHttp } = await import('./http/start-http.ts');
      const http = await startHttp(services, {
        port,
        environmentToken: config.http?.token ?? null,
        callLimit: () => settings.get().httpCalls,
      });
      running = { http, asked: port };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      services.log.error('The HTTP API is not on', { error });
      void services.clock.sleep(againMs, closing.signal).then(apply, () => {});
    }
  }

  if (wanted() !== null) apply();
  const unfollow = settings.onChange(apply);

  return {
    state: () => ({
      state: running ? 'on' : failure === null ? 'off' : 'failed',
      by: config.http ? 'environment' : 'settings',
      address: running ? `http://127.0.0.1:${running.http.port}` : null,
      message: failure,
      environment_token: config.http !== null,
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      unfollow();
      closing.abort();
      apply();
      await turn;
    },
  };
}
