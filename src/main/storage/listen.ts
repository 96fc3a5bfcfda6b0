import pg from 'pg';
import { classifyPostgresError } from './postgres-errors.ts';

export interface Listener {
  close(): Promise<void>;
}

export interface ListenerEvents {
  onNotify(payload: string): void;
  onState(listening: boolean): void;
  /** The connection said nothing for too long, although nobody closed it. */
  onSilence(): void;
  /** Listening again after a loss. */
  onBack(): void;
}

/** Between two questions that show that the connection lives, and how long an answer may take, in ms. */
const pulseMs = 3_000;
/** A database that is back is listened to again after so long at most, in ms; all consoles lost it at one instant. */
const longestListenPauseMs = 6_000;

/**
 * LISTENs on a connection of its own, which is made anew as often as it is lost. Keepalives of the system do not notice what a middlebox swallows; a
 * question every 3 s does.
 */
export function listenOn(connection: pg.ClientConfig, channel: string, events: ListenerEvents): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pulse: NodeJS.Timeout | undefined;
  let wasLost = false;
  let delayMs = 250;

  async function connect() {
    const attempt = new pg.Client({ ...connection, query_timeout: pulseMs });
    client = attempt;
    attempt.on('notification', (message) => events.onNotify(message.payload ?? ''));
    attempt.on('error', () => lost(attempt));
    attempt.on('end', () => lost(attempt));
    try {
      await attempt.connect();
      await attempt.query(`listen ${pg.escapeIdentifier(channel)}`);
      delayMs = 250;
      if (closed) return;
      feel(attempt);
      events.onState(true);
      if (wasLost) events.onBack();
      wasLost = false;
    } catch {
      lost(attempt);
    }
  }

  function feel(which: pg.Client) {
    pulse = setTimeout(() => {
      which.query('select 1').then(
        () => client === which && feel(which),
        (error: unknown) => {
          if (client === which && classifyPostgresError(error) === 'timeout') events.onSilence();
          lost(which);
        },
      );
    }, pulseMs);
  }

  function lost(which: pg.Client) {
    if (client !== which) return;
    client = undefined;
    clearTimeout(pulse);
    which.end().catch(() => {});
    if (closed) return;
    wasLost = true;
    events.onState(false);
    retry = setTimeout(() => void connect(), delayMs * (0.5 + Math.random() / 2));
    delayMs = Math.min(delayMs * 2, longestListenPauseMs);
  }

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(pulse);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
