import pg from 'pg';
import { OpsdeckError } from '../../errors.ts';
import { connectionConfig, type SqlValue, type Transaction } from '../postgres.ts';
import { translateErrors } from '../postgres-errors.ts';

/** Longest wait for a lock that another holds, in ms: a migration, a restore, a pass that swaps a range. */
const lockMs = 60_000;
/** Longest time without a byte while rows are streamed, in ms. */
export const stallMs = 60_000;

/**
 * One connection for work that may take minutes: statements have no time-out, locks have. It closes with the work, and at
 * once when the signal says so; the server then undoes what was not committed.
 */
export async function withLongConnection<T>(
  options: { url: string; applicationName: string; signal: AbortSignal },
  work: (connection: Transaction) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  signal.throwIfAborted();
  const client = new pg.Client({
    ...connectionConfig(options.url, options.applicationName),
    statement_timeout: 0,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: 2 * stallMs,
  });
  client.on('error', () => {});
  // Ending politely would wait for the statement under way.
  const cut = () =>
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  try {
    return await translateErrors(async () => {
      await client.connect();
      signal.addEventListener('abort', cut);
      signal.throwIfAborted();
      await client.query('set bytea_output = hex; set intervalstyle = postgres; set extra_float_digits = 1');
      return work(asTransaction(client));
    });
  } catch (error) {
    // What a cut connection says is not what happened.
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end().catch(() => {});
  }
}

function asTransaction(client: pg.Client): Transaction {
  return {
    query: (sql: string, values?: readonly SqlValue[]) => client.query(sql, values as unknown[]),
    backendPid: (client as unknown as { processID: number }).processID,
    client: client as unknown as pg.PoolClient,
  };
}

/** Gives up when nothing moves any more: a server that has gone without a word would be waited for for ever. */
export function watchStall(): { signal: AbortSignal; moved(): void; end(): void } {
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(
      new OpsdeckError(
        'DATABASE_AWAY',
        'The database stopped sending in the middle of the copy. Check that it runs and can be reached, then try again.',
      ),
    );
  }, stallMs);
  return { signal: stalled.signal, moved: () => timer.refresh(), end: () => clearTimeout(timer) };
}
