import pg from 'pg';
import { OpsdeckError } from '../errors.ts';
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

export interface Listener {
  close(): Promise<void>;
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

/** Whatever the server or the database has set: dates come in ISO, statements see what others have committed. */
const sessionOptions =
  '-c datestyle=ISO -c timezone=UTC -c default_transaction_isolation=read\\ committed ' +
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000';

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
  const shared = { ...connectionConfig(options.url, options.applicationName), maxLifetimeSeconds: 1_800 };
  const work = watchPool(
    new pg.Pool({
      ...shared,
      max: options.maxConnections ?? 5,
      idleTimeoutMillis: 30_000,
      statement_timeout: 12_000,
      query_timeout: 15_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 15_000,
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
    url: options.url,
    ...queryOn(work),
    vital: queryOn(vital),
    transaction: (run, transactionOptions) =>
      translateErrors(() => retryTransaction(() => runTransaction(work, run, transactionOptions ?? {}))),
    listen(channel, onNotify, onState) {
      const listener = listenOn(options.url, options.applicationName, channel, {
        onNotify,
        onState,
        onSilence,
        onBack,
      });
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
    const statementMs = options.statementTimeoutMs ?? 12_000;
    await pool.ask(
      client,
      `begin; set local statement_timeout = ${Math.round(statementMs)};
       set local idle_in_transaction_session_timeout = ${Math.round(options.idleTimeoutMs ?? 5_000)};
       set local plan_cache_mode = ${options.keepPlans ? 'force_generic_plan' : 'auto'}`,
    );
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

/** The error with which a connection must be thrown away; undefined where it can be used again. */
function unusableAfter(error: unknown): Error | undefined {
  const stale = stalePlan.includes(String((error as { code?: unknown } | null)?.code));
  if (!stale && !['away', 'timeout'].includes(classifyPostgresError(error))) return undefined;
  return error instanceof Error ? error : new Error('broken connection');
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

/** A prepared statement outlived a change of the schema, or its connection was changed underneath: begin anew on another. */
const stalePlan = ['0A000', '26000'];

/**
 * What an error of the database means for the caller: `retry` the whole transaction at once, the server is
 * `away`, it `refused` us (password, rights, no such database), it took too long (`timeout`; a COMMIT may
 * have happened), or it is about `data` and trying again is useless.
 */
export function classifyPostgresError(error: unknown): 'retry' | 'away' | 'refused' | 'timeout' | 'data' {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : '';
  if (typeof code === 'string') {
    // 23505: somebody else's row took the place in a unique index meanwhile; the next try sees it.
    if (['40001', '40P01', '55P03', '23505', ...stalePlan].includes(code)) return 'retry';
    if (code === '57014') return 'timeout';
    // 53: no room, memory or connection left; 57P: shut down; 58: the server's own disk fails.
    if (/^(08|53|57P|58)/.test(code) || ['25P03', '25P04', '25006'].includes(code)) return 'away';
    if (code.startsWith('28') || code === '3D000' || code === '42501') return 'refused';
    if (/^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/.test(code) || code === 'ENOTFOUND' || code === 'ENOENT')
      return 'away';
    return 'data';
  }
  if (/query read timeout/i.test(message)) return 'timeout';
  if (/timeout|terminated|not queryable|Connection ended/i.test(message)) return 'away';
  return 'data';
}

/** pg-pool's words for a caller that waited too long for its turn; a connection that failed has others. */
const poolExhausted = /timeout exceeded when trying to connect/i;

/** Runs something and puts what the server refuses into a sentence. */
export async function translateErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof OpsdeckError ? error : explain(error);
  }
}

/** Puts the server's refusals into a sentence; errors about data pass unchanged, they are ours to mend. */
function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const code = String((error as { code?: unknown } | null)?.code);
  switch (classifyPostgresError(error)) {
    case 'away':
      if (poolExhausted.test(message)) {
        return new OpsdeckError(
          'DATABASE_AWAY',
          'All of this program’s connections to the database are busy. Try again in a moment.',
          { cause: error },
        );
      }
      if (/^(53[124]|58)/.test(code)) {
        return new OpsdeckError(
          'DATABASE_AWAY',
          `The database server cannot go on (${message}). Make room on its disk or in its memory; nothing was saved.`,
          { cause: error },
        );
      }
      return new OpsdeckError(
        'DATABASE_AWAY',
        `The database does not answer (${message}). Check that it runs and can be reached, then try again.`,
        { cause: error },
      );
    case 'timeout':
      return new OpsdeckError(
        'DATABASE_AWAY',
        `The database took too long to answer (${message}). Try again; if it stays so, look at its load.`,
        { cause: error },
      );
    case 'refused':
      return new OpsdeckError(
        'DATABASE_REFUSED',
        `The database refused us (${message}). Check user, password, database name and rights in the database URL.`,
        { cause: error },
      );
    default:
      return error;
  }
}

interface ListenerEvents {
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

/** Keepalives of the system do not notice what a middlebox swallows; a question every 3 s does. */
function listenOn(url: string, applicationName: string, channel: string, events: ListenerEvents): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pulse: NodeJS.Timeout | undefined;
  let wasLost = false;
  let delayMs = 250;

  async function connect() {
    const attempt = new pg.Client({ ...connectionConfig(url, applicationName), query_timeout: pulseMs });
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
