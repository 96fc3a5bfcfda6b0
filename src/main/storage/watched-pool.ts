import type { Socket } from 'node:net';
import type pg from 'pg';
import type { Pool, PoolClient } from 'pg';

/** A pool that knows what its connections are doing, so that those a network swallowed can be told from slow ones. */
export interface WatchedPool {
  readonly pool: Pool;
  /** Asks on a connection of this pool, and remembers since when it has waited for the answer. */
  ask<Row extends pg.QueryResultRow>(
    client: PoolClient,
    query: string | pg.QueryConfig,
  ): Promise<pg.QueryResult<Row>>;
  /** Ends connections that nobody uses now; whoever comes next gets a new one. */
  dropIdle(): void;
  /** Server process ids of connections that have waited for an answer for longer than `ms`. */
  waitingLonger(ms: number): number[];
  /** Ends waiting connections of these process ids; their callers hear that the connection was terminated. */
  endWaiting(pids: readonly number[]): void;
}

/** pg's own fields, which its types leave out. */
interface Inside {
  processID: number;
  connection: { stream: Socket };
}

const inside = (client: PoolClient) => client as unknown as Inside;

/** Watches a pool from its first connection on. */
export function watchPool(pool: Pool): WatchedPool {
  const idle = new Set<PoolClient>();
  const waiting = new Map<PoolClient, number>();
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('release', (_error, client) => idle.add(client));
  pool.on('remove', (client) => {
    idle.delete(client);
    waiting.delete(client);
  });
  // Without a listener an idle connection that the server ends would end the process.
  pool.on('error', () => {});
  const waited = (ms: number) =>
    [...waiting].flatMap(([client, since]) => (performance.now() - since > ms ? [client] : []));

  return {
    pool,
    async ask(client, query) {
      waiting.set(client, performance.now());
      try {
        return await client.query(query);
      } finally {
        waiting.delete(client);
      }
    },
    dropIdle() {
      for (const client of idle) inside(client).connection.stream.destroy();
    },
    waitingLonger: (ms) => waited(ms).map((client) => inside(client).processID),
    endWaiting(pids) {
      for (const client of waited(0)) {
        if (pids.includes(inside(client).processID)) inside(client).connection.stream.destroy();
      }
    },
  };
}
