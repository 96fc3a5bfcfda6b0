import pg from 'pg';
import { connectionConfig } from './postgres.ts';

export type QueuePool = pg.Pool;

/**
 * A pool of its own for the task queue, perhaps on another server. `asking` gives up after 4.5 s, so that whoever asks
 * knows within 5 s that the queue does not answer; without it, for workers, after 15 s.
 */
export function openQueuePool(options: {
  url: string;
  applicationName: string;
  max: number;
  asking: boolean;
}): QueuePool {
  const pool = new pg.Pool({
    ...connectionConfig(options.url, options.applicationName),
    max: options.max,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_800,
    connectionTimeoutMillis: 4_500,
    statement_timeout: options.asking ? 4_000 : 12_000,
    query_timeout: options.asking ? 4_500 : 15_000,
    idle_in_transaction_session_timeout: 15_000,
  });
  // Without listeners a connection that the server ends would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
