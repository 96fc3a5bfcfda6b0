import { app } from 'electron';
import type { Clock } from '../clock.ts';
import type { OpenLog } from '../log.ts';
import { stopInOrder, type StopStep } from '../stop-in-order.ts';

/** How the program ends: whoever asks (keys, signal, last window), everything stops in the same order. */
export interface OrderedExit {
  /** Aborts when the stop begins. */
  readonly stopping: AbortSignal;
  /** What is to be stopped from now on, in order. */
  stopWith(steps: readonly StopStep[]): void;
}

/** Exit code after a second Ctrl-C, as shells expect it of an interrupted program. */
const interrupted = 130;

/**
 * Takes over every way out. To be called once Electron is ready: it sets signal handlers of its own on the way there.
 * Exit code 0 after a clean stop, 1 when something did not stop or the program was in an unknown state.
 */
export function takeOverExit(log: OpenLog, clock: Clock, print: (line: string) => void): OrderedExit {
  const stopping = new AbortController();
  let steps: readonly StopStep[] = [];

  async function stop(reason: string, failed = false): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort(new DOMException('The console is stopping', 'AbortError'));
    log.info('Stopping', { reason });
    const clean = await stopInOrder(steps, clock, log);
    log.info(clean ? 'Stopped' : 'Stopped with losses');
    log.close();
    app.exit(clean && !failed ? 0 : 1);
  }

  app.on('before-quit', (event) => {
    event.preventDefault();
    void stop('quit');
  });
  app.on('window-all-closed', () => void stop('window closed'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted && signal === 'SIGINT') {
        print('Stopped at once.');
        app.exit(interrupted);
      }
      void stop(signal);
    });
  }
  process.on('unhandledRejection', (error) => log.error('A failure was handled by nobody', { error }));
  process.on('uncaughtException', (error) => {
    log.error('The program failed and stops', { error });
    void stop('failure', true);
  });
  return { stopping: stopping.signal, stopWith: (given) => void (steps = given) };
}
