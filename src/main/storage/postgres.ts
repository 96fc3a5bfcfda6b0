import pg from 'pg';
import { listenOn, type Listener } from './listen.ts';
import { classifyPostgresError, translateErrors, unusableAfter } from './postgres-errors.ts';
import { watchPool, type WatchedPool } from './watched-pool.ts';

// Values come back as the database has them: money as decimal text, bigint as number (ours stay below 2^53).
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// An array (type 1016) has a parser of its own, which takes no notice of that of its elements: '{1,NULL,3}'.
pg.types.setTypeParser(1016 as typeof pg.types.builtins.INT8, (text: string) =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : Number(item))),
);

/** What a query may be given; never interpolated into the statement. */
export type SqlValue = string | number | boolean | Date | null | Buffer | readonly SqlValue[] | object;

/** Anything that can run a statement: the pool, or one transaction of it. */
export interface Queryable {
  /**
   * `preparedAs` names a statement whose text never changes and whose planning takes longer than its work: each
   * connection parses and plans it once.
   */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string,
    values?: readonly SqlValue[],
    preparedAs?: string,
  ): Promise<pg.QueryResult<Row>>;
}

/** One open transaction on one connection. */
export interface Transaction extends Queryable {
  /** The server's process id of this connection. */
  readonly backendPid: number;
  /** The raw connection, for COPY streams; only files of this folder and stores that stream rows use it. */
  readonly client: pg.PoolClient;
}

export interface TransactionOptions {
  /** Longest single statement, in ms (default 12 000). A swap of a large stage needs more. */
  statementTimeoutMs?: number;
  /** Longest pause between two statements, in ms (default 5 000): a frozen writer loses its locks. */
  idleTimeoutMs?: number;
  /** Statements run by the plan made for any values, which a prepared one keeps. For few rows only. */
  keepPlans?: boolean;
}

/** The one Postgres, with time-outs on everything. */
export interface Database extends Queryable {
  /**
   * Two connections of their own with time-outs of 4 s: for what tells whether the database answers and who leads.
   * Neither may wait behind long work, nor for as long as work may take.
   */
  readonly vital: Queryable;
  /** Runs `work` in a transaction; retries it whole on serialization failures, deadlocks and unique violations. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** LISTENs on its own connection, reconnecting by itself; `onState(false)` while it is deaf. */
  listen(
    channel: string,
    onNotify: (payload: string) => void,
    onState: (listening: boolean) => void,
  ): Listener;
  readonly url: string;
  close(): Promise<void>;
}

/** Longest statement, and longest pause between two of a transaction, in ms, where nothing else is asked for. */
const usualStatementMs = 12_000;
const usualIdleMs = 5_000;

/** Whatever the server or the database has set: dates come in ISO, statements see what others have committed. */
const sessionOptions =
  '-c datestyle=ISO -c timezone=UTC -c default_transaction_isolation=read\\ committed ' +
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000';

/**
 * The driver takes these modes for verify-full, as a person who asks for TLS is best served, and says so in a warning of
 * many lines to whoever reads our answers: the mode is named as it is.
 */
const checkedModes = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/;

function spelledOut(url: string): string {
  return url.includes('uselibpqcompat=') ? url : url.replace(checkedModes, '$1verify-full');
}

/** How every connection is made: time-outs as measured, and what statements may rely on. */
export function connectionConfig(url: string, applicationName: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    options: sessionOptions,
  };
}

/** Opens the pools. Nothing is connected until the first query, so a wrong address shows there. */
export function openDatabase(options: {
  url: string;
  applicationName: string;
  maxConnections?: number;
}): Database {
  const url = spelledOut(options.url);
  const shared = { ...connectionConfig(url, options.applicationName), maxLifetimeSeconds: 1_800 };
  const work = watchPool(
    new pg.Pool({
      ...shared,
      max: options.maxConnections ?? 5,
      idleTimeoutMillis: 30_000,
      statement_timeout: usualStatementMs,
      query_timeout: usualStatementMs + 3_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: usualIdleMs,
    }),
  );
  const vital = watchPool(
    new pg.Pool({
      ...shared,
      max: 2,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 4_000,
      statement_timeout: 3_000,
      query_timeout: 4_000,
      lock_timeout: 2_500,
    }),
  );
  const queryOn = (pool: WatchedPool): Queryable => ({
    query: (sql, values, preparedAs) =>
      translateErrors(() => runQuery(pool, statement(sql, values, preparedAs))),
  });
  const listeners = new Set<Listener>();
  // A silent connection is a sign that others hang as well: those at rest are not used again, those that wait are
  // ended once the server answers again and does nothing for them.
  const onSilence = () => [work, vital].forEach((pool) => pool.dropIdle());
  const onBack = () => void endForgotten(work, vital).catch(() => {});

  return {
    url,
    ...queryOn(work),
    vital: queryOn(vital),
    transaction: (run, transactionOptions) =>
      translateErrors(() => retryTransaction(() => runTransaction(work, run, transactionOptions ?? {}))),
    listen(channel, onNotify, onState) {
      const connection = connectionConfig(url, options.applicationName);
      const listener = listenOn(connection, channel, { onNotify, onState, onSilence, onBack });
      listeners.add(listener);
      return { close: () => (listeners.delete(listener), listener.close()) };
    },
    async close() {
      await Promise.all([...listeners].map((listener) => listener.close()));
      listeners.clear();
      await Promise.all([work.pool.end(), vital.pool.end()]);
    },
  };
}

/** Ends connections that have waited for 2 s for an answer that the server is not working on: the network lost it. */
async function endForgotten(work: WatchedPool, vital: WatchedPool): Promise<void> {
  const waiting = work.waitingLonger(2_000);
  if (waiting.length === 0) return;
  const active = await runQuery<{ pid: number }>(vital, {
    text: `select pid from pg_stat_activity where pid = any ($1) and state <> 'idle' and state <> 'idle in transaction'`,
    values: [waiting],
  });
  const busy = new Set(active.rows.map((row) => row.pid));
  const still = new Set(work.waitingLonger(2_000));
  work.endWaiting(waiting.filter((pid) => !busy.has(pid) && still.has(pid)));
}

/** One statement on a connection of its own; a connection that failed on the way is not used again. */
async function runQuery<Row extends pg.QueryResultRow>(
  pool: WatchedPool,
  query: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  const client = await pool.pool.connect();
  const onError = () => {};
  // pg-pool takes its own listener off while a client is out.
  client.on('error', onError);
  let broken: Error | undefined;
  try {
    return await pool.ask<Row>(client, query);
  } catch (error) {
    broken = unusableAfter(error);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

function statement(
  text: string,
  values: readonly SqlValue[] | undefined,
  name: string | undefined,
): pg.QueryConfig {
  return { text, ...(values ? { values: values as unknown[] } : {}), ...(name ? { name } : {}) };
}

/** What a transaction has to itself, else than its connection has it. */
function beginStatement({ statementTimeoutMs, idleTimeoutMs, keepPlans }: TransactionOptions): string {
  return [
    'begin',
    ...(statementTimeoutMs === undefined
      ? []
      : [`set local statement_timeout = ${Math.round(statementTimeoutMs)}`]),
    ...(idleTimeoutMs === undefined
      ? []
      : [`set local idle_in_transaction_session_timeout = ${Math.round(idleTimeoutMs)}`]),
    ...(keepPlans ? ['set local plan_cache_mode = force_generic_plan'] : []),
  ].join('; ');
}

async function runTransaction<T>(
  pool: WatchedPool,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await pool.pool.connect();
  const onError = () => {};
  client.on('error', onError);
  let broken: Error | undefined;
  try {
    const statementMs = options.statementTimeoutMs ?? usualStatementMs;
    await pool.ask(client, beginStatement(options));
    const backendPid = (client as unknown as { processID: number }).processID;
    const query = (sql: string, values?: readonly SqlValue[], preparedAs?: string) =>
      pool.ask(client, {
        ...statement(sql, values, preparedAs),
        query_timeout: statementMs + 3_000,
      } as pg.QueryConfig);
    const result = await work({ query: query as Transaction['query'], backendPid, client });
    const ended = await pool.ask(client, 'commit');
    // COMMIT of a transaction in which a statement failed rolls back, and says so only here.
    if (ended.command === 'ROLLBACK') {
      throw new Error('the transaction was rolled back: it went on after a statement of it had failed');
    }
    return result;
  } catch (error) {
    broken = await rollBack(client, error);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Rolls back, and answers the error with which the connection must be thrown away, if any. */
async function rollBack(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  const broken = unusableAfter(error);
  if (broken) return broken;
  try {
    await client.query('rollback');
    return undefined;
  } catch (rollbackError) {
    return rollbackError instanceof Error ? rollbackError : new Error('broken connection');
  }
}

async function retryTransaction<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= 5 || classifyPostgresError(error) !== 'retry') throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
    }
  }
}
