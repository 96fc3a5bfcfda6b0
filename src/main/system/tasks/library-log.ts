import type { Logger } from 'graphile-worker';
import type { Log } from '../../log.ts';

/** The library's words go into our log at its lowest level: what tasks fail with is told by ourselves. */
export async function loggerFor(log: Log): Promise<Logger> {
  // Loaded when the queue is first used: a program's start need not wait for it.
  const library = await import('graphile-worker');
  return new library.Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.debug(`Task queue: ${message}`);
  });
}
