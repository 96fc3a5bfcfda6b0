import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ConsoleServices } from '../services.ts';

/** What the HTTP API is answered from; a console and an agent host both have it. */
export type HttpServices = Pick<
  ConsoleServices,
  | 'running'
  | 'operations'
  | 'onStarted'
  | 'outbox'
  | 'mirror'
  | 'kept'
  | 'identity'
  | 'waitingHere'
  | 'holder'
  | 'sendKept'
> & { clock: Clock; log: Log };

/** What a handler knows of the request besides its input. */
export interface HttpContext {
  /** Who decides: the owner of the token. */
  actor: string;
  /** The id of a POST with a key: at once, and as it is while the database is away. Null: it has no key. */
  request: { id: string; steadyId: string } | null;
  /** Set when the answer is what was last known; null: nobody knows since when. */
  reply: { asOf?: Date | null };
}
