import type pg from 'pg';
import type { Clock } from '../../../src/main/clock.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';

interface Sleeper {
  at: number;
  wake(): void;
}

/** A clock that stands still while anything works and then jumps to the next sleeper, with a database that shares it. */
export interface SimulatedTime {
  clock: Clock;
  /** The same database; time stands still while it answers. */
  share(database: Database): Database;
  /** Lets time pass until an instant (ms since 1970). */
  runUntil(instant: number): Promise<void>;
}

/** Turns of the event loop without work of the database after which everybody is taken to sleep. */
const quietTurns = 15;

/**
 * Starts simulated time in a database of its own: unqualified `clock_timestamp()` there finds a function of ours before
 * the server's, so the program's statements run unchanged on the simulated clock.
 */
export async function simulateTime(start: Date, bare: pg.Client): Promise<SimulatedTime> {
  let now = start.getTime();
  let working = 0;
  let onIdle = () => {};
  const sleepers: Sleeper[] = [];

  await bare.query(`create unlogged sequence simulated_ms`);
  await bare.query(
    `create function public.clock_timestamp() returns timestamptz language sql volatile
       as $$ select to_timestamp(last_value / 1000.0) from public.simulated_ms $$`,
  );
  const { rows } = await bare.query<{ name: string }>('select current_database() as name');
  await bare.query(`alter database "${rows[0]!.name}" set search_path = public, pg_catalog`);

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        reject(signal!.reason);
      };
      const sleeper = {
        at: now + Math.max(ms, 0),
        wake() {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      // Few at a time: kept in order of waking, first come first among equals.
      const place = sleepers.findIndex((other) => other.at > sleeper.at);
      sleepers.splice(place === -1 ? sleepers.length : place, 0, sleeper);
    });
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet++) {
      if (working > 0) {
        quiet = 0;
        await new Promise<void>((resolve) => (onIdle = resolve));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function whileStanding<T>(work: () => Promise<T>): Promise<T> {
    working += 1;
    try {
      return await work();
    } finally {
      working -= 1;
      if (working === 0) onIdle();
    }
  }

  const setDatabaseClock = () => bare.query(`select setval('simulated_ms', $1)`, [Math.ceil(now)]);
  await setDatabaseClock();
  return {
    clock: { now: () => new Date(now), wall: () => now, monotonic: () => now, sleep },
    share: (database) => ({
      ...database,
      query: (sql, values, preparedAs) => whileStanding(() => database.query(sql, values, preparedAs)),
      transaction: (work, options) => whileStanding(() => database.transaction(work, options)),
    }),
    async runUntil(instant) {
      for (;;) {
        await settle();
        const next = sleepers[0];
        if (!next || next.at > instant) break;
        now = Math.max(now, next.at);
        await setDatabaseClock();
        while (sleepers[0] && sleepers[0].at <= now) sleepers.shift()!.wake();
      }
      now = Math.max(now, instant);
      await setDatabaseClock();
    },
  };
}
